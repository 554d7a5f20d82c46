// The version of the profile that this tab has seen last. Each read brings it, so that no server shows an older one.
const address = "/api/user/profile";
const header = "Userinfo-Version";

let seen = null; // "<account>.<version>", as the service wrote it

const versionOf = (text) => Number(text.slice(text.indexOf(".") + 1));
const isSameAccount = (one, other) => one.slice(0, one.indexOf(".")) === other.slice(0, other.indexOf("."));

// The header fields of a call.
export const bringSeenVersion = (method, path) =>
  seen && method === "GET" && path === address ? { [header]: seen } : {};

// Notes what a reply shows. `brought`: the header fields of its request. Replies may overtake each other, so the highest
// version counts. But a reply below what its own request has brought tells that the service lacks that version.
export function noteSeenVersion(reply, brought) {
  const shown = reply.headers.get(header);
  if (!shown) return;
  const isLater = !seen || !isSameAccount(seen, shown) || versionOf(shown) >= versionOf(seen);
  const isLost = brought[header] === seen && seen !== null;
  if (isLater || isLost) seen = shown;
}

// What this browser remembers: the language. Who is logged in only the service knows, by cookies that no script can read.
// What a browser does not keep, because its storage is full or forbidden, is known until the page is left.
const name = (key) => `userinfo.${key}`;
const unkept = new Map();

export function recall(key) {
  if (unkept.has(key)) return unkept.get(key);
  try {
    return localStorage.getItem(name(key));
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(name(key), value);
    unkept.delete(key);
  } catch {
    unkept.set(key, value);
  }
}

// Whether somebody is logged in, as this browser remembers it; the cookies are out of reach, and the service has the
// last word.
import { get } from "./api.js";
import { recall, remember, whenChangedElsewhere } from "./memory.js";
import { go, goToLogIn, needsAccount, showAnew } from "./router.js";

let shownAccount = null; // whose this tab shows

export const isSignedIn = () => recall("signed_in") !== null;

// Each log-in leaves another mark: other tabs may show somebody else's account.
export function noteSignedIn() {
  remember("signed_in", String(Date.now()));
}

// Who is logged in, to be shown.
export async function getAccount() {
  const outcome = await get("/api/account");
  if (outcome.kind === "done") shownAccount = outcome.data.account_id;
  return outcome;
}

// The session is over, by one's own will: `notice` is a text of log_in, and where it leads is the page to log in.
export function leave(notice) {
  remember("signed_in", null);
  go("/login", { given: { notice } });
}

// The session is over, and one did not ask for it.
export function sessionEnded() {
  remember("signed_in", null);
  goToLogIn("ended");
}

// A tab that is looked at again may show what has ended meanwhile, here or elsewhere, or whose is not logged in any more.
export function watchSession() {
  addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !needsAccount(location.pathname)) return;
    const { kind, data } = await get("/api/account");
    if (!needsAccount(location.pathname)) return;
    if (kind === "signed_out") sessionEnded();
    else if (kind === "done" && shownAccount && data.account_id !== shownAccount) showAnew();
  });
  whenChangedElsewhere("signed_in", () => {
    if (!needsAccount(location.pathname)) return;
    if (isSignedIn()) showAnew();
    else goToLogIn("ended");
  });
}

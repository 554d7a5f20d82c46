// Whether somebody is logged in, as this browser remembers it; the cookies are out of reach, and the service has the
// last word.
import { get } from "./api.js";
import { recall, remember, whenChangedElsewhere } from "./memory.js";
import { go, goToLogIn, needsAccount } from "./router.js";

export const isSignedIn = () => recall("signed_in") !== null;

export function noteSignedIn() {
  remember("signed_in", "1");
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

// A tab that is looked at again may show what has ended meanwhile, here or elsewhere.
export function watchSession() {
  addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !needsAccount(location.pathname)) return;
    const { kind } = await get("/api/account");
    if (kind === "signed_out" && needsAccount(location.pathname)) sessionEnded();
  });
  whenChangedElsewhere("signed_in", () => {
    if (!isSignedIn() && needsAccount(location.pathname)) goToLogIn("ended");
  });
}

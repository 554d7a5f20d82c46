// The session as it begins and ends, here or elsewhere.
import { get } from "./api.js";
import { tellOtherTabs, whenOtherTabsTell } from "./other_tabs.js";
import { currentPage, go, goOn, goToLogIn, isEntrance, needsAccount, showAnew } from "./router.js";
import { untilBack } from "./service.js";
import { askWhoIsThere, isSignedIn, noteSignedIn, whenProductIsKnown } from "./start.js";

let shownAccount = null; // whose this tab shows

// Somebody has logged in here.
export async function enter() {
  noteSignedIn(true);
  tellOtherTabs();
  await whenProductIsKnown();
  goOn({ isHere: true });
}

// Who is logged in, to be shown.
export async function getAccount() {
  const outcome = await get("/api/account");
  if (outcome.kind === "done") shownAccount = outcome.data.account_id;
  return outcome;
}

// The session is over, by one's own will: `notice` is a text of log_in, and where it leads is the page to log in.
export function leave(notice) {
  noteSignedIn(false);
  tellOtherTabs();
  go("/login", { given: { notice } });
}

// The session is over, and one did not ask for it.
export function sessionEnded() {
  noteSignedIn(false);
  goToLogIn("ended");
}

// `first`: the kind of the outcome when the pages asked for the first time. A tab that is looked at again, or comes back
// as the browser has kept it, may show what has ended meanwhile, here or elsewhere, or whose is not logged in any more.
export function watchSession(first) {
  if (first === "away") untilBack().then(checkPage);
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && needsAccount(currentPage())) check();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) checkPage();
  });
  whenOtherTabsTell(() => {
    if (needsAccount(currentPage())) check();
  });
}

async function check() {
  const { kind, data } = await askWhoIsThere();
  if (kind !== "done" || !needsAccount(currentPage())) return;
  if (data.account_id === null) sessionEnded();
  else if (shownAccount && data.account_id !== shownAccount) showAnew();
}

// Also whether it is one to log in or to register, which somebody who is logged in does not want.
async function checkPage() {
  if (needsAccount(currentPage())) return check();
  const { kind } = await askWhoIsThere();
  if (kind === "done" && isEntrance(currentPage()) && isSignedIn()) showAnew();
}

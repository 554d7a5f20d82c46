// Which page stands at which address, and how one goes from one to the other without leaving.
import { isSignedIn } from "./start.js";

export const paths = ["/", "/register", "/login", "/profile", "/security", "/delete-account"];

// Those that show something of an account.
const private_ = ["/profile", "/security", "/delete-account"];

// Those that nobody wants who is logged in.
const entrances = ["/register", "/login"];

export const needsAccount = (path) => private_.includes(path);
export const isEntrance = (path) => entrances.includes(path);

let show = () => {};
let shownAddress; // without the fragment
const address = () => location.pathname + location.search;

// `shown` is called with each address that one comes to, and with what was given on the way there.
export function startRouter(shown) {
  show = shown;
  addEventListener("popstate", () => {
    if (address() !== shownAddress) arrive(); // else it leads to a part of this page
  });
  addEventListener("click", follow);
  arrive();
}

// `given` is for the next page alone: a reload does not repeat it.
export function go(path, { replace = false, given = {} } = {}) {
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  arrive(given);
}

// The same page, as it is now.
export const showAnew = () => go(address(), { replace: true });

// To log in, and from there back to where one is.
export function goToLogIn(notice) {
  const path = location.pathname;
  const target = needsAccount(path) ? `/login?to=${path}` : "/login";
  go(target, { replace: true, given: { notice } });
}

// Where to go after log-in: what the address asks for, if it is one of ours.
export function pathAfterLogIn() {
  const wanted = new URLSearchParams(location.search).get("to");
  return needsAccount(wanted) ? wanted : "/profile";
}

function arrive(given = {}) {
  const path = location.pathname;
  const signedIn = isSignedIn();
  if (path === "/") go(signedIn === false ? "/login" : "/profile", { replace: true, given });
  else if (isEntrance(path) && signedIn) go(pathAfterLogIn(), { replace: true, given });
  else if (needsAccount(path) && signedIn === false) goToLogIn(given.notice ?? "required");
  else {
    shownAddress = address();
    show(path, given);
  }
}

function follow(event) {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || link.target || !paths.includes(link.pathname)) return;
  if (link.origin !== location.origin || link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

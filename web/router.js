// Which page stands at which address, and how one goes from one to the other without leaving.
import { isLedInCircles } from "./led_back.js";
import { isSignedIn } from "./start.js";
import { addressOf, home, isOwn, returnTo } from "./way_back.js";

// The folder of these files, below which the pages are, too. The path of a page begins there: only an address has it.
const base = new URL(".", import.meta.url).pathname;

export const paths = ["/", "/register", "/login", "/profile", "/security", "/delete-account"];

// Those that show something of an account.
const private_ = ["/profile", "/security", "/delete-account"];

// Those that nobody wants who is logged in.
const entrances = ["/register", "/login"];

export const needsAccount = (path) => private_.includes(path);
export const isEntrance = (path) => entrances.includes(path);

// The page at a path of this origin, whether there is one or not; null: another one has it.
function pageAt(path) {
  if (path.startsWith(base)) return path.slice(base.length - 1);
  return `${path}/` === base ? "/" : null;
}

export const currentPage = () => pageAt(location.pathname);

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

// The address of a page, as seen from this one: it keeps where one wants to go back to and, between the entrances, which
// page one wants after the log-in.
export function pageAddress(path) {
  return addressWith(path, isEntrance(path) ? wantedPage() : null);
}

function addressWith(path, to) {
  const back = returnTo();
  const query = [to && `to=${inQuery(to)}`, back && `return_to=${inQuery(addressOf(back))}`].filter(Boolean);
  return base + path.slice(1) + (query.length > 0 ? `?${query.join("&")}` : "");
}

const inQuery = (text) => encodeURIComponent(text).replaceAll("%2F", "/");

// `given` is for the next page alone: a reload does not repeat it.
export function go(path, { replace = false, given = {} } = {}) {
  visit(pageAddress(path), { replace, given });
}

function visit(target, { replace = false, given = {} } = {}) {
  if (replace) history.replaceState(null, "", target);
  else history.pushState(null, "", target);
  arrive(given);
}

// The same page, as it is now.
export const showAnew = () => visit(address(), { replace: true });

// To log in, and from there back to where one is.
export function goToLogIn(notice) {
  const path = currentPage();
  visit(addressWith("/login", needsAccount(path) ? path : wantedPage()), { replace: true, given: { notice } });
}

// The page that the address asks for after a log-in, if it is one of ours.
function wantedPage() {
  const wanted = new URLSearchParams(location.search).get("to");
  return needsAccount(wanted) ? wanted : null;
}

// To where somebody wants to go who has logged in, here (`isHere`) or earlier.
export function goOn({ isHere = false, given = {} } = {}) {
  const page = wantedPage();
  const place = wayBack();
  const target = place && addressOf(place);
  if (page || !place) go(page ?? "/profile", { replace: true, given });
  else if (isPage(place)) visit(target, { replace: true, given });
  else if (!isLedInCircles(target) || isHere) location.replace(target);
  else go("/profile", { replace: true, given });
}

// To the product; null if only these pages are known.
export function wayToProduct() {
  return [returnTo(), home()].find((place) => place && !isPage(place)) ?? null;
}

const wayBack = () => [returnTo(), home()].find((place) => place && !(isPage(place) && isEntrance(pageAt(place.path)))) ?? null;
const isPage = (place) => isOwn(place) && paths.includes(pageAt(place.path));

function arrive(given = {}) {
  const path = currentPage();
  const signedIn = isSignedIn();
  if (path === "/") go(signedIn === false ? "/login" : "/profile", { replace: true, given });
  else if (isEntrance(path) && signedIn) goOn({ given });
  else if (needsAccount(path) && signedIn === false) goToLogIn(given.notice ?? "required");
  else {
    shownAddress = address();
    show(path, given);
  }
}

function follow(event) {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || link.target || !paths.includes(pageAt(link.pathname))) return;
  if (link.origin !== location.origin || link.hash) return;
  event.preventDefault();
  visit(link.pathname + link.search);
}

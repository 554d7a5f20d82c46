// Starts the pages: each address has one.
import { showPage } from "./frame.js";
import { startLanguage } from "./language.js";
import { startRouter } from "./router.js";
import { untilBack } from "./service.js";
import { watchSession } from "./session.js";
import { firstAnswer } from "./start.js";

// Each module's default makes {title, content}: a Phrase, and an element with one heading of level 1. It is called with
// what was given on the way to it.
const pages = {
  "/register": () => import("./pages/register.js"),
  "/login": () => import("./pages/log_in.js"),
  "/profile": () => import("./pages/profile.js"),
  "/security": () => import("./pages/security.js"),
  "/delete-account": () => import("./pages/delete_account.js"),
};
const notFound = () => import("./pages/not_found.js");

let arrivals = 0;

// Who goes on before a page is there is not held back by it.
async function show(path, given) {
  const arrival = ++arrivals;
  const { default: page } = await (pages[path] ?? notFound)().catch(startAnew);
  if (arrival === arrivals) showPage(path, page(given));
}

// A browser does not ask again for a module that it once did not get.
async function startAnew() {
  await untilBack();
  location.reload();
  return new Promise(() => {});
}

// No page is shown before the service has said who is logged in: it might be the wrong one.
const [{ kind }] = await Promise.all([firstAnswer, startLanguage()]);
startRouter(show);
watchSession(kind);
// The others are wanted next, and must be there when the service is not.
const whenIdle = window.requestIdleCallback ?? setTimeout; // Safari has none
whenIdle(() => Promise.allSettled([...Object.values(pages), notFound].map((load) => load())));

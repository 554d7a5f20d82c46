// Starts the pages: each address has one.
import { makeFrame, showPage } from "./frame.js";
import { startLanguage } from "./language.js";
import { deleteAccountPage } from "./pages/delete_account.js";
import { logInPage } from "./pages/log_in.js";
import { notFoundPage } from "./pages/not_found.js";
import { profilePage } from "./pages/profile.js";
import { registerPage } from "./pages/register.js";
import { securityPage } from "./pages/security.js";
import { startRouter } from "./router.js";
import { watchSession } from "./session.js";

// Each makes {title, content}: a Phrase, and an element with one heading of level 1. It is called with what was given on
// the way to it.
const pages = {
  "/register": registerPage,
  "/login": logInPage,
  "/profile": profilePage,
  "/security": securityPage,
  "/delete-account": deleteAccountPage,
};

await startLanguage();
makeFrame();
startRouter((path, given) => showPage(path, (pages[path] ?? notFoundPage)(given)));
watchSession();

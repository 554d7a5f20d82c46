// Password, sessions, and the way to delete the account.
import { h } from "../dom.js";
import { t } from "../language.js";
import { learnLimits } from "../limits.js";
import { load } from "../parts/loader.js";
import { passwordChange } from "../parts/password_change.js";
import { getSessions, sessionList } from "../parts/sessions.js";
import { pageAddress } from "../router.js";
import { getAccount } from "../session.js";

export default function securityPage() {
  const body = h("div", { class: "stack wide-gaps" });
  const lead = h("p", { class: "lead" }, t("security.lead"));
  load(body, getBoth, sections, { tall: true });
  return {
    title: t("security.title"),
    content: h("div", { class: "stack" }, h("h1", {}, t("security.title")), lead, body),
  };
}

// The outcome for the sessions, and the account with it.
async function getBoth() {
  const [account, sessions] = await Promise.all([getAccount(), getSessions(), learnLimits()]);
  return account.kind === "done" ? { ...sessions, account: account.data } : account;
}

function sections(outcome) {
  const { email } = outcome.account;
  const sessions = sessionList(email, outcome);
  return [passwordChange(email, sessions.refresh), sessions.element, deletion()];
}

function deletion() {
  return h(
    "section",
    { class: "card", "aria-labelledby": "delete-title" },
    h("h2", { id: "delete-title" }, t("security.delete_title")),
    h("p", { class: "muted" }, t("security.delete_lead")),
    h(
      "div",
      { class: "actions" },
      h("a", { class: "button danger-quiet", href: pageAddress("/delete-account") }, t("security.delete_link")),
    ),
  );
}

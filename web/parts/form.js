// A form that is checked before it is sent, sends once at a time, and says what came of it.
import { h } from "../dom.js";
import { errorText, t } from "../language.js";
import { untilBack } from "../service.js";
import { sessionEnded } from "../session.js";
import { countDown } from "./count_down.js";
import { notice } from "./notice.js";

// `send` takes the fields' values by name and returns the outcome of a call; `done` is called if that is "done".
// `handlers` may take others, by status or kind, before the form does. `places` says at which field a code that names
// none is shown. `account`: the email address that a password belongs to, for who keeps passwords. `beside` stands beside
// the button that sends.
export function form({
  fields,
  submit,
  send,
  done,
  handlers = {},
  places = {},
  account,
  beside = [],
  kind = "primary",
}) {
  const message = notice();
  const button = h("button", { type: "submit", class: `button ${kind}` }, submit);
  const element = h(
    "form",
    { class: "form", novalidate: true, method: "post", onsubmit: submitted },
    message.element,
    account ? h("input", { type: "email", autocomplete: "username", value: account, hidden: true }) : null,
    ...fields.map((each) => each.element),
    h("div", { class: "actions" }, button, ...beside),
  );
  let isBusy = false;

  async function submitted(event) {
    event.preventDefault();
    if (isBusy) return;
    message.clear();
    const wrong = fields.filter((each) => !each.validate());
    if (wrong.length > 0) {
      wrong[0].control.focus();
      return;
    }
    for (const each of fields) each.hide?.();
    setBusy(true);
    element.setAttribute("aria-busy", "true");
    const values = Object.fromEntries(fields.map((each) => [each.name, each.value()]));
    const outcome = await send(values);
    element.removeAttribute("aria-busy");
    setBusy(false);
    tell(outcome, values);
  }

  // Disabled only for those who see and hear: a button that is disabled loses the focus.
  function setBusy(busy) {
    isBusy = busy;
    button.setAttribute("aria-disabled", String(busy));
  }

  function tell(outcome, values) {
    const handler = handlers[outcome.status] ?? handlers[outcome.kind];
    if (handler) handler(outcome, values);
    else if (outcome.kind === "done") done(outcome, values);
    else if (outcome.kind === "signed_out") sessionEnded();
    else if (outcome.kind === "away") waitUntilBack();
    else if (outcome.kind === "wait") wait(outcome);
    else if (outcome.kind === "busy") message.show("failure", t("failures.busy"));
    else refuse(outcome);
  }

  async function waitUntilBack() {
    message.show("failure", t("failures.not_sent"));
    await untilBack();
    message.show("hint", t("wait.now"));
  }

  async function wait({ seconds }) {
    setBusy(true);
    await countDown(seconds, (left) => message.show("failure", errorText({ code: 200010 }), " ", left));
    setBusy(false);
    message.show("hint", t("wait.now"));
  }

  function refuse(outcome) {
    const name = outcome.field ?? places[outcome.code];
    const at = fields.find((each) => each.name === name);
    if (!at) {
      message.show("failure", errorText(outcome));
      return;
    }
    at.refuse(errorText(outcome));
    at.control.focus();
  }

  function reset() {
    element.reset();
    for (const each of fields) each.show(null);
  }

  return { element, message, reset };
}

// An edit that came too late: both versions, field by field, and a choice.
import { h } from "../dom.js";
import { t } from "../language.js";
import { form } from "./form.js";
import { names, shown } from "./profile_fields.js";

// `base` is what the edit began with, `mine` what it made of that, `theirs` what was saved meanwhile. What only one of
// the two has changed is chosen already.
export function conflict({ base, mine, theirs, send, done, handlers, discard }) {
  const differing = names.filter((name) => mine[name] !== theirs[name]);
  const choices = differing.map((name) => choice(name, mine, theirs, mine[name] !== base[name]));
  const keep = h("button", { type: "button", class: "button", onclick: discard }, t("conflict.discard"));
  const choosing = form({ fields: choices, submit: t("conflict.save"), send, done, handlers, beside: [keep] });
  return h(
    "section",
    { class: "stack", "aria-labelledby": "conflict-title" },
    h("h2", { id: "conflict-title", tabindex: -1 }, t("conflict.title")),
    h("p", { class: "muted" }, t("conflict.lead")),
    choosing.element,
  );
}

// Two radio buttons, used as a field.
function choice(name, mine, theirs, prefersMine) {
  const [first, control] = option(name, "yours", mine[name], prefersMine);
  const [second] = option(name, "theirs", theirs[name], !prefersMine);
  const element = h("fieldset", { class: "choice" }, h("legend", {}, t(`fields.${name}`)), first, second);
  const value = () => (control.checked ? mine[name] : theirs[name]);
  return { name, element, control, value, validate: () => true, show: () => {} };
}

function option(name, whose, value, isChosen) {
  const control = h("input", { type: "radio", name, value: whose, checked: isChosen });
  const words = h("span", { class: "option-whose" }, t(`conflict.${whose}`));
  const label = h("label", { class: "option" }, control, words, " ", shown(name, value, t("conflict.empty")));
  return [label, control];
}

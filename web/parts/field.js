// One field of a form: label, control, hint, and what is wrong with it, beside it.
import { fill, h, setAttribute } from "../dom.js";
import { icon } from "../icon.js";
import { t } from "../language.js";
import { byLimits, limits } from "../limits.js";

const patience = 700; // ms after the last key until half-written text is called wrong

// `check` takes the value and the control, and returns what is wrong, a Phrase, or null. `attributes` are the control's.
export function field({ name, label, hint, check = () => null, attributes = {} }) {
  const id = `field-${name}`;
  const noteId = `${id}-note`;
  const control = h("input", { id, name, "aria-describedby": noteId, ...attributes });
  const note = h("p", { class: "note", id: noteId, "aria-live": "polite" }, hint ?? "");
  const box = h("div", { class: "control" }, control);
  const element = h("div", { class: "field" }, h("label", { for: id }, label), box, note);
  const whenEdited = [];
  let timer;
  let isWrong = false;
  let isRefused = false; // by the service, which knows more than `check`

  // What is wrong, in words and links; null: nothing is.
  function show(problem, ...more) {
    clearTimeout(timer);
    isRefused = false;
    if (!problem && !isWrong) return; // what has not changed is not read out again
    isWrong = problem !== null;
    setAttribute(control, "aria-invalid", problem ? "true" : null);
    element.classList.toggle("wrong", isWrong);
    if (problem) fill(note, icon("alert"), h("span", {}, problem, ...more));
    else fill(note, hint ?? "");
  }

  // As `show`, until the value is another one.
  function refuse(...problem) {
    show(...problem);
    isRefused = true;
  }

  // Whether it is right; shows what is not.
  function validate() {
    const problem = check(control.value, control);
    show(problem);
    return problem === null;
  }

  control.addEventListener("input", () => {
    clearTimeout(timer);
    const isRight = check(control.value, control) === null;
    if (isRight) show(null);
    else timer = setTimeout(validate, patience);
    for (const edited of whenEdited) edited(control.value);
  });
  control.addEventListener("blur", (event) => {
    // A button that is pressed must not move away under the pointer; and what was not begun is not wrong yet.
    if (control.value && !isRefused && event.relatedTarget?.type !== "submit") validate();
  });

  return {
    name,
    element,
    control,
    value: () => control.value,
    validate,
    show,
    refuse,
    onEdit: (edited) => whenEdited.push(edited),
    addBeside: (child) => box.append(child),
    addBelow: (child) => box.after(child),
  };
}

export function emailField(value) {
  return field({
    name: "email",
    label: t("fields.email"),
    check: checkEmail,
    attributes: {
      type: "email",
      autocomplete: "username",
      inputmode: "email",
      autocapitalize: "none",
      spellcheck: "false",
      maxlength: 254,
      required: true,
      value,
    },
  });
}

// Of the dots in a domain, some are not ASCII (UTS #46).
function checkEmail(value) {
  if (value.trim() === "") return t("checks.email_missing");
  return /^\s*[^\s@]+@[^\s@]+[.\u3002\uff0e\uff61][^\s@.]+\s*$/.test(value) ? null : t("checks.email_invalid");
}

// With a button that shows what is typed. `autocomplete`: "current-password" or "new-password".
export function passwordField({ name, label, hint, check, autocomplete }) {
  const made = field({
    name,
    label,
    hint,
    check,
    attributes: { type: "password", autocomplete, required: true, autocapitalize: "none", spellcheck: "false" },
  });
  const { control } = made;
  const button = h("button", { type: "button", class: "reveal", "aria-controls": control.id, onclick: toggle });

  function paint() {
    const isShown = control.type === "text";
    setAttribute(button, "aria-label", t(isShown ? "fields.hide_password" : "fields.show_password"));
    fill(button, icon(isShown ? "eye_off" : "eye"));
  }

  function toggle() {
    control.type = control.type === "text" ? "password" : "text";
    paint();
  }

  paint();
  made.addBeside(button);
  // A browser offers to keep what is in a field of type password when the form is sent.
  made.hide = () => {
    control.type = "password";
    paint();
  };
  return made;
}

export const passwordIsThere = (value) => (value === "" ? t("checks.password_missing") : null);

// `least`: which limit says how short it may be, "shortest" or "shortest_at_registration".
export function newPasswordField({ name, label, least = "shortest" }) {
  const length = ({ password }) => t("fields.new_password_hint", { shortest: password[least] });
  return passwordField({
    name,
    label,
    hint: byLimits(length, t("fields.new_password_hint_without_length")),
    check: (value) => checkNewPassword(value, least),
    autocomplete: "new-password",
  });
}

// As the service counts: code points after NFKC.
function checkNewPassword(value, least) {
  const length = [...value.normalize("NFKC")].length;
  if (length === 0) return t("checks.new_password_missing");
  const { [least]: shortest, longest } = limits()?.password ?? {};
  if (length < shortest) return t("checks.password_too_short", { shortest });
  return length > longest ? t("checks.password_too_long", { longest }) : null;
}

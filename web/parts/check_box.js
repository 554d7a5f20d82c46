// A box that must be ticked before a form is sent; used as a field.
import { fill, h, setAttribute } from "../dom.js";
import { icon } from "../icon.js";

export function checkBox({ name, label, missing }) {
  const id = `field-${name}`;
  const noteId = `${id}-note`;
  const control = h("input", {
    id,
    name,
    type: "checkbox",
    required: true,
    "aria-describedby": noteId,
    onchange: validate,
  });
  const note = h("p", { class: "note", id: noteId, "aria-live": "polite" });
  const element = h("div", { class: "field tick" }, control, h("label", { for: id }, label), note);

  function show(problem) {
    setAttribute(control, "aria-invalid", problem ? "true" : null);
    element.classList.toggle("wrong", problem !== null);
    if (problem) fill(note, icon("alert"), problem);
    else fill(note);
  }

  function validate() {
    show(control.checked ? null : missing);
    return control.checked;
  }

  return { name, element, control, value: () => control.checked, validate, show };
}

// A sentence in a box that says what has happened. Its place is there from the start, so that it is read out.
import { fill, h } from "../dom.js";
import { icon } from "../icon.js";

const icons = { success: "check", failure: "alert", hint: "alert" };

export function notice() {
  const element = h("div", { class: "notice", role: "status" });

  function show(kind, ...words) {
    element.className = `notice notice-${kind}`;
    element.setAttribute("role", kind === "failure" ? "alert" : "status");
    fill(element, icon(icons[kind]), h("p", {}, ...words));
  }

  function clear() {
    element.className = "notice";
    fill(element);
  }

  return { element, show, clear };
}

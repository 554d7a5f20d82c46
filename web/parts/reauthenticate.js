// Asks for the password again when the service wants it, and then does what one was about to do.
import { post } from "../api.js";
import { h } from "../dom.js";
import { t } from "../language.js";
import { sessionEnded } from "../session.js";
import { passwordField, passwordIsThere } from "./field.js";
import { form } from "./form.js";

// Resolves to the outcome of `act`, or to null if one does not give the password. `account`: its email address.
export async function withRecentPassword(account, act) {
  for (;;) {
    const outcome = await act();
    if (outcome.kind !== "reauthenticate") return outcome;
    if (!(await askForPassword(account))) return null;
  }
}

// Resolves to whether it was given, and right.
function askForPassword(account) {
  return new Promise((resolve) => {
    const password = passwordField({
      name: "password",
      label: t("fields.password"),
      check: passwordIsThere,
      autocomplete: "current-password",
    });
    const cancel = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("cancel"));
    const { element } = form({
      account,
      fields: [password],
      submit: t("reauthenticate.submit"),
      send: (values) => post("/api/account/reauthenticate", values),
      done: () => dialog.close("given"),
      places: { 200013: "password" },
      beside: [cancel],
      handlers: {
        signed_out: () => {
          dialog.close();
          sessionEnded();
        },
      },
    });
    const title = h("h2", { id: "reauthenticate-title" }, t("reauthenticate.title"));
    const dialog = h(
      "dialog",
      { class: "dialog", "aria-labelledby": title.id },
      title,
      h("p", { class: "lead" }, t("reauthenticate.lead")),
      element,
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "given");
    });
    document.body.append(dialog);
    dialog.showModal();
    password.control.focus();
  });
}

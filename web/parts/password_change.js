import { post } from "../api.js";
import { h } from "../dom.js";
import { t } from "../language.js";
import { newPasswordField, passwordField, passwordIsThere } from "./field.js";
import { form } from "./form.js";
import { strengthMeter } from "./strength.js";

// `account`: its email address. `changed` is called when it is done.
export function passwordChange(account, changed) {
  const current = passwordField({
    name: "current_password",
    label: t("fields.current_password"),
    check: passwordIsThere,
    autocomplete: "current-password",
  });
  const next = newPasswordField({ name: "new_password", label: t("fields.new_password") });
  const meter = strengthMeter();
  next.addBelow(meter.element);
  next.onEdit((value) => meter.show(value, account));

  const changing = form({
    account,
    fields: [current, next],
    submit: t("security.password_submit"),
    send: (values) => post("/api/account/password", values),
    done: () => {
      changing.reset();
      meter.show("");
      changing.message.show("success", t("security.password_changed"));
      changed();
    },
    places: { 200013: "current_password" },
  });
  return h(
    "section",
    { class: "card", "aria-labelledby": "password-title" },
    h("h2", { id: "password-title" }, t("security.password_title")),
    h("p", { class: "muted" }, t("security.password_lead")),
    changing.element,
  );
}

import { post } from "../api.js";
import { h } from "../dom.js";
import { t } from "../language.js";
import { emailField, passwordField, passwordIsThere } from "../parts/field.js";
import { form } from "../parts/form.js";
import { pageAddress } from "../router.js";
import { enter } from "../session.js";

const good = ["logged_out", "deleted", "registered"];

// `notice`: a key of the texts' log_in, which says why one is here.
export default function logInPage({ notice, email: given } = {}) {
  const email = emailField(given);
  const password = passwordField({
    name: "password",
    label: t("fields.password"),
    check: passwordIsThere,
    autocomplete: "current-password",
  });
  const loggingIn = form({
    fields: [email, password],
    submit: t("log_in.submit"),
    send: (values) => post("/api/account/login", values),
    done: enter,
  });
  if (notice) loggingIn.message.show(good.includes(notice) ? "success" : "hint", t(`log_in.${notice}`));

  const other = h(
    "p",
    { class: "aside" },
    t("log_in.no_account"),
    " ",
    h("a", { href: pageAddress("/register") }, t("log_in.register")),
  );
  const heading = h("h1", {}, t("log_in.title"));
  const lead = h("p", { class: "lead" }, t("log_in.lead"));
  return { title: t("log_in.title"), content: h("div", { class: "card" }, heading, lead, loggingIn.element, other) };
}

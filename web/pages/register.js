import { post } from "../api.js";
import { h } from "../dom.js";
import { t } from "../language.js";
import { learnLimits } from "../limits.js";
import { emailField, newPasswordField } from "../parts/field.js";
import { form } from "../parts/form.js";
import { strengthMeter } from "../parts/strength.js";
import { go, pageAddress } from "../router.js";
import { enter } from "../session.js";

const taken = 409;
const least = "shortest_at_registration";

export default function registerPage({ email: given } = {}) {
  const email = emailField(given);
  const password = newPasswordField({ name: "password", label: t("fields.password"), least });
  const meter = strengthMeter(least);
  const paint = () => meter.show(password.value(), email.value());
  password.addBelow(meter.element);
  password.onEdit(paint);
  email.onEdit(paint);
  learnLimits().then(paint);

  const registering = form({
    fields: [email, password],
    submit: t("register.submit"),
    send: (values) => post("/api/account/register", values),
    done: (_, values) => logIn(values),
    handlers: { [taken]: (_, values) => offerLogIn(email, values.email) },
  });

  const other = h(
    "p",
    { class: "aside" },
    t("register.have_account"),
    " ",
    h("a", { href: pageAddress("/login") }, t("register.log_in")),
  );
  const heading = h("h1", {}, t("register.title"));
  const lead = h("p", { class: "lead" }, t("register.lead"));
  return {
    title: t("register.title"),
    content: h("div", { class: "card" }, heading, lead, registering.element, other),
  };
}

// Who has just chosen a password need not type it again.
async function logIn(credentials) {
  const outcome = await post("/api/account/login", credentials);
  if (outcome.kind === "done") {
    enter();
  } else {
    go("/login", { given: { notice: "registered", email: credentials.email } });
  }
}

function offerLogIn(email, address) {
  const link = h("a", { href: pageAddress("/login"), onclick: toLogIn }, t("register.taken_log_in"));

  function toLogIn(event) {
    event.preventDefault();
    go("/login", { given: { email: address } });
  }

  email.refuse(t("errors.200001"), " ", link);
  email.control.focus();
}

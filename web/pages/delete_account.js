import { remove } from "../api.js";
import { h } from "../dom.js";
import { icon } from "../icon.js";
import { t } from "../language.js";
import { checkBox } from "../parts/check_box.js";
import { passwordField, passwordIsThere } from "../parts/field.js";
import { form } from "../parts/form.js";
import { load } from "../parts/loader.js";
import { pageAddress } from "../router.js";
import { getAccount, leave } from "../session.js";

const consequences = 3;

export default function deleteAccountPage() {
  const what = Array.from({ length: consequences }, (_, at) => h("li", {}, t(`delete_account.what.${at}`)));
  const body = h("div", {});
  const content = h(
    "section",
    { class: "card" },
    h("h1", {}, t("delete_account.title")),
    h("p", { class: "lead warning" }, icon("alert"), h("span", {}, t("delete_account.lead"))),
    h("ul", { class: "bullets" }, ...what),
    body,
  );
  load(body, getAccount, ({ data }) => [whose(data.email), deletion(data.email)]);
  return { title: t("delete_account.title"), content };
}

function whose(email) {
  return h(
    "p",
    { class: "whose" },
    h("span", { class: "muted" }, t("delete_account.account")),
    " ",
    h("strong", {}, email),
  );
}

function deletion(account) {
  const password = passwordField({
    name: "password",
    label: t("fields.password"),
    check: passwordIsThere,
    autocomplete: "current-password",
  });
  const understood = checkBox({
    name: "understood",
    label: t("delete_account.understood"),
    missing: t("checks.understood_missing"),
  });
  const deleting = form({
    account,
    fields: [password, understood],
    submit: t("delete_account.submit"),
    kind: "danger",
    send: (values) => remove("/api/account", { password: values.password }),
    done: () => leave("deleted"),
    places: { 200013: "password" },
    beside: [h("a", { class: "button", href: pageAddress("/security") }, t("delete_account.back"))],
  });
  return deleting.element;
}

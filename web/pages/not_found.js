import { h } from "../dom.js";
import { t } from "../language.js";
import { pageAddress } from "../router.js";

export default function notFoundPage() {
  const content = h(
    "div",
    { class: "card" },
    h("h1", {}, t("not_found.title")),
    h("p", { class: "lead" }, t("not_found.lead")),
    h("p", { class: "actions" }, h("a", { class: "button primary", href: pageAddress("/") }, t("not_found.home"))),
  );
  return { title: t("not_found.title"), content };
}

// What stands around every page: brand, navigation, service banner, languages.
import { post } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icon.js";
import { chooseLanguage, errorText, language, languages, t } from "./language.js";
import { notice } from "./parts/notice.js";
import { needsAccount, pageAddress, wayToProduct } from "./router.js";
import { serviceBanner, untilBack } from "./service.js";
import { leave } from "./session.js";
import { addressOf, nameOf } from "./way_back.js";

const links = [
  ["/profile", "navigation.profile", "user"],
  ["/security", "navigation.security", "shield"],
];

const header = h("header", { class: "header" });
const main = h("main", { id: "content", class: "main" });
const title = document.querySelector("title");
const message = notice(); // what is no page's own

function stand() {
  document.body.append(
    h("a", { class: "skip", href: "#content" }, t("skip")),
    header,
    serviceBanner,
    main,
    h("footer", { class: "footer" }, languageChoice()),
  );
}

// `page`: {title, content}. The first comes together with the frame, so that nothing moves, and the focus is the
// browser's affair then. Later it goes to the page's heading.
export function showPage(path, page) {
  const isFirst = !main.isConnected;
  if (isFirst) stand();
  const isPrivate = needsAccount(path);
  fill(header, brand(), wayBack(), isPrivate ? navigation(path) : null);
  main.className = isPrivate ? "main" : "main main-narrow";
  for (const dialog of document.querySelectorAll("dialog")) dialog.close(); // it was the last page's
  message.clear();
  fill(main, message.element, page.content);
  fill(title, page.title, " · ", t("product"));
  scrollTo(0, 0);
  const heading = main.querySelector("h1");
  heading.tabIndex = -1;
  if (!isFirst) heading.focus({ preventScroll: true });
}

function brand() {
  const mark = h("img", { class: "mark", src: new URL("icon.svg", import.meta.url).pathname, alt: "", width: 28, height: 28 });
  return h("a", { class: "brand", href: pageAddress("/") }, mark, t("product"));
}

function wayBack() {
  const place = wayToProduct();
  const words = place && t("navigation.back", { product: nameOf(place) });
  return place && h("a", { class: "way-back", href: addressOf(place) }, icon("back"), h("span", {}, words));
}

function navigation(path) {
  const items = links.map(([target, key, sign]) => {
    const isCurrent = target === path || (target === "/security" && path === "/delete-account");
    return h("li", {}, h("a", { href: pageAddress(target), "aria-current": isCurrent ? "page" : null }, icon(sign), t(key)));
  });
  const out = h("button", { type: "button", onclick: logOut }, icon("log_out"), t("navigation.log_out"));
  return h(
    "nav",
    { class: "navigation", "aria-label": t("navigation.label") },
    h("ul", {}, ...items, h("li", {}, out)),
  );
}

// Again until it is done: who logs out must not be left logged in because the service was away.
async function logOut() {
  let outcome;
  for (;;) {
    outcome = await post("/api/account/logout");
    if (outcome.kind !== "away" && outcome.kind !== "busy") break;
    await untilBack();
  }
  if (outcome.kind === "done" || outcome.kind === "signed_out") leave("logged_out");
  else message.show("failure", errorText(outcome));
}

function languageChoice() {
  const options = Object.entries(languages).map(([tag, name]) =>
    h("option", { value: tag, lang: tag, selected: tag === language() }, name),
  );
  const select = h("select", { id: "language", autocomplete: "off", onchange: choose }, ...options);

  async function choose() {
    try {
      await chooseLanguage(select.value);
    } catch {
      select.value = language();
      untilBack();
    }
  }

  return h("div", { class: "language" }, icon("globe"), h("label", { for: "language" }, t("choose_language")), select);
}

// Whether the service can be reached, as far as the pages know, and the banner that says so.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icon.js";
import { t } from "./language.js";

const firstPause = 1000; // ms
const longestPause = 5000;
const patience = 5000; // with one try
const showBack = 4000;

const banner = h("div", { class: "banner", role: "alert" });
let waiting = null; // resolves when the service is back
let pause = firstPause;
let isHurried = false; // somebody asks for a try at once
let tryNow = () => {};

export const serviceBanner = banner;

// Resolves when the service answers again. Shows the banner until then, and asks by itself.
export function untilBack() {
  waiting ??= watch().finally(() => (waiting = null));
  return waiting;
}

async function watch() {
  showAway();
  pause = firstPause;
  isHurried = false;
  do {
    if (!isHurried) await rest();
    isHurried = false;
    pause = Math.min(pause * 2, longestPause);
  } while ((await get("/healthz", patience)).kind === "away");
  showThatItIsBack();
}

// Until the pause is over, the network is there again or somebody asks for it.
function rest() {
  return new Promise((resolve) => {
    tryNow = resolve;
    setTimeout(resolve, pause);
  });
}

function retry() {
  pause = firstPause;
  isHurried = true;
  tryNow();
}

addEventListener("online", retry);
addEventListener("offline", () => untilBack());

function showAway() {
  banner.className = "banner banner-away";
  fill(
    banner,
    icon("alert"),
    h("p", {}, h("strong", {}, t("service.away")), " ", t("service.away_hint")),
    h("button", { type: "button", class: "button small", onclick: retry }, t("service.retry")),
  );
}

function showThatItIsBack() {
  const hadFocus = banner.contains(document.activeElement);
  banner.className = "banner banner-back";
  const words = h("p", {}, t("service.back"));
  fill(banner, icon("check"), words);
  if (hadFocus) document.querySelector("h1").focus();
  setTimeout(() => {
    if (!banner.contains(words)) return;
    banner.className = "banner";
    fill(banner);
  }, showBack);
}

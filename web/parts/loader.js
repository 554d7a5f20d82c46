// A part of a page that is loaded: what it looks like meanwhile, and if it fails.
import { fill, h } from "../dom.js";
import { errorText, t } from "../language.js";
import { untilBack } from "../service.js";
import { sessionEnded } from "../session.js";
import { notice } from "./notice.js";

// Asks again whenever the service is back, and goes to log in if there is no session: resolves to another outcome, or to
// null if the page is left.
export async function patiently(ask) {
  for (;;) {
    const outcome = await ask();
    if (outcome.kind === "signed_out") {
      sessionEnded();
      return null;
    }
    if (outcome.kind !== "away") return outcome;
    await untilBack();
  }
}

// Fills `element` with what `render` makes of the outcome, which is "done" or has one of the codes that it `accepts`.
// `tall`: more comes than a screen holds.
export async function load(element, ask, render, { accepts = [], tall = false } = {}) {
  element.setAttribute("aria-busy", "true");
  fill(element, skeleton(tall));
  const outcome = await patiently(ask);
  if (!outcome) return;
  element.removeAttribute("aria-busy");
  if (outcome.kind === "done" || accepts.includes(outcome.code)) fill(element, ...[render(outcome)].flat());
  else
    fill(
      element,
      failure(outcome, () => load(element, ask, render, { accepts, tall })),
    );
}

function skeleton(tall) {
  const bars = Array.from({ length: 4 }, () => h("span", { class: "bone" }));
  return h(
    "div",
    { class: tall ? "skeleton tall" : "skeleton" },
    h("span", { class: "unseen", role: "status" }, t("loading")),
    ...bars,
  );
}

function failure(outcome, again) {
  const message = notice();
  message.show("failure", outcome.kind === "busy" ? t("failures.busy") : errorText(outcome));
  const button = h("button", { type: "button", class: "button", onclick: again }, t("failures.retry"));
  return h("div", { class: "stack" }, message.element, button);
}

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

const isDone = ({ kind }) => kind === "done";

// Fills `element` with what `render` makes of an outcome that `accepts` takes. `tall`: more comes than a screen holds.
export function load(element, ask, render, { accepts = isDone, tall = false } = {}) {
  fill(element, skeleton(tall));
  return renew(element, ask, render, { accepts, tall });
}

// The same, while what is there stays there.
export async function renew(element, ask, render, { accepts = isDone, tall = false } = {}) {
  element.setAttribute("aria-busy", "true");
  const outcome = await patiently(ask);
  if (!outcome) return;
  element.removeAttribute("aria-busy");
  const again = () => load(element, ask, render, { accepts, tall });
  fill(element, accepts(outcome) ? render(outcome) : failure(outcome, again));
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

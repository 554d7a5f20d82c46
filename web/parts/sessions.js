// Where one is logged in: a list, from which sessions can be ended.
import { get, remove } from "../api.js";
import { fill, h } from "../dom.js";
import { icon } from "../icon.js";
import { ago, date, errorText, t } from "../language.js";
import { untilBack } from "../service.js";
import { sessionEnded } from "../session.js";
import { device } from "./device.js";
import { patiently } from "./loader.js";
import { notice } from "./notice.js";
import { withRecentPassword } from "./reauthenticate.js";

const address = "/api/account/sessions";

export const getSessions = () => get(address);

// {element, refresh}. `account`: its email address. `first`: what `getSessions` gave.
export function sessionList(account, first) {
  const message = notice();
  const body = h("div", { class: "stack" });
  const title = h("h2", { id: "sessions-title", tabindex: -1 }, t("security.sessions_title"));
  let isEnding = false;

  async function refresh() {
    const outcome = await patiently(getSessions);
    if (outcome?.kind === "done") fill(body, ...render(outcome));
  }

  // Once, however often one presses.
  async function end(path, told) {
    if (isEnding) return;
    isEnding = true;
    message.clear();
    const outcome = await withRecentPassword(account, () => remove(path));
    isEnding = false;
    if (outcome) await tell(outcome, told);
  }

  async function tell(outcome, told) {
    if (outcome.kind === "signed_out") return sessionEnded();
    if (outcome.kind === "away") return untilBack();
    await refresh();
    if (outcome.kind === "done") message.show("success", told);
    else message.show("failure", outcome.kind === "busy" ? t("failures.busy") : errorText(outcome));
    title.focus();
  }

  function render({ data: { sessions } }) {
    const others = sessions.filter((session) => !session.current);
    const all = [...sessions.filter((session) => session.current), ...others];
    const list = h("ul", { class: "sessions" }, ...all.map((session) => item(session, end)));
    if (others.length === 0) return [list, h("p", { class: "muted" }, t("security.no_others"))];
    const endAll = () => end(address, t("security.others_ended"));
    return [
      list,
      h(
        "div",
        { class: "actions" },
        h("button", { type: "button", class: "button", onclick: endAll }, t("security.end_others")),
      ),
    ];
  }

  const lead = h("p", { class: "muted" }, t("security.sessions_lead"));
  const element = h("section", { class: "card", "aria-labelledby": title.id }, title, lead, message.element, body);
  fill(body, ...render(first));
  return { element, refresh };
}

function item(session, end) {
  const { name, icon: sign } = device(session.device);
  const named = { device: () => String(name) };
  const button = h(
    "button",
    {
      type: "button",
      class: "button small",
      "aria-label": t("security.end_named", named),
      onclick: () => end(`${address}/${encodeURIComponent(session.id)}`, t("security.ended", named)),
    },
    t("security.end"),
  );
  const badge = h("span", { class: "badge" }, t("security.this_device"));
  const facts = [
    t("security.last_seen", { time: () => String(ago(new Date(session.last_seen_at))) }),
    t("security.address", { address: session.last_address }),
    t("security.logged_in", { time: () => String(date(new Date(session.created_at))) }),
  ];
  return h(
    "li",
    { class: "session" },
    icon(sign),
    h(
      "div",
      { class: "session-words" },
      h("p", { class: "breakable" }, h("strong", {}, name), " ", session.current ? badge : null),
      h("p", { class: "muted facts-line" }, ...facts.map((fact) => h("span", {}, fact))),
    ),
    session.current ? null : button,
  );
}

// A profile as others see it.
import { h } from "../dom.js";
import { date, t } from "../language.js";
import { portrait } from "./portrait.js";
import { shown } from "./profile_fields.js";

export function profileCard(profile, account) {
  const rows = [
    [t("fields.birthday"), shown("birthday", profile.birthday, t("profile.not_given"))],
    [t("fields.avatar"), pictureLink(profile.avatar)],
  ];
  const who = h(
    "div",
    {},
    h("h2", { class: "person-name", dir: "auto" }, profile.username),
    h("p", { class: "muted" }, account.email),
  );
  const since = h(
    "p",
    { class: "muted" },
    t("profile.member_since", { date: () => String(date(new Date(account.created_at))) }),
  );
  return [
    h("div", { class: "person" }, portrait(profile), who),
    h("dl", { class: "facts" }, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    since,
  ];
}

function pictureLink(avatar) {
  if (!avatar) return shown("avatar", avatar, t("profile.not_given"));
  const attributes = { class: "breakable", href: avatar, target: "_blank", rel: "noopener noreferrer external" };
  return h("a", attributes, avatar);
}

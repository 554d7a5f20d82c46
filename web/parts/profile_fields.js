// The fields of a profile, in the order in which they are shown, and the rules that the service has for them.
import { h } from "../dom.js";
import { calendarDate, t } from "../language.js";
import { byLimits, limits } from "../limits.js";
import { field } from "./field.js";

const today = () => new Date().toISOString().slice(0, 10);

export const names = ["username", "birthday", "avatar"];

export function profileFields(values) {
  return [usernameField(values.username), birthdayField(values.birthday), avatarField(values.avatar)];
}

// How a value is shown; an empty one as `empty`.
export function shown(name, value, empty) {
  if (!value) return h("span", { class: "muted" }, empty);
  if (name === "birthday") return h("time", { datetime: value }, calendarDate(value));
  return h("bdi", { class: "breakable" }, value);
}

function usernameField(value) {
  return field({
    name: "username",
    label: t("fields.username"),
    hint: byLimits(({ username }) => t("profile.username_hint", username)),
    check: checkUsername,
    attributes: { type: "text", autocomplete: "nickname", required: true, dir: "auto", value },
  });
}

// What shows nothing, as the service has it: see is_blank in base/unicode.h.
const blank = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{13430}-\u{1343f}]*$/u;

function checkUsername(value) {
  if (blank.test(value)) return t("checks.username_missing");
  const longest = limits()?.username.longest;
  return [...value.normalize("NFC")].length > longest ? t("checks.username_too_long", { longest }) : null;
}

function birthdayField(value) {
  return field({
    name: "birthday",
    label: optional("fields.birthday"),
    check: checkBirthday,
    attributes: { type: "date", autocomplete: "bday", min: byLimits(({ birthday }) => birthday.earliest), max: today(), value },
  });
}

// A date of which only a part is typed has no value, and is bad input.
function checkBirthday(value, control) {
  const isFine = value === "" || (value <= today() && !(value < limits()?.birthday.earliest));
  if (isFine && !control.validity.badInput) return null;
  const between = ({ birthday }) => t("checks.birthday_invalid", { earliest: calendarDate(birthday.earliest) });
  return byLimits(between, t("checks.birthday_not_until_today"));
}

function avatarField(value) {
  return field({
    name: "avatar",
    label: optional("fields.avatar"),
    hint: t("profile.avatar_hint"),
    check: checkAvatar,
    attributes: { type: "url", autocomplete: "photo", inputmode: "url", spellcheck: "false", value },
  });
}

function checkAvatar(value) {
  const isFine = value === "" || (URL.canParse(value) && new URL(value).protocol === "https:");
  return isFine ? null : t("checks.avatar_invalid");
}

function optional(key) {
  return t("fields.optional", { label: () => String(t(key)) });
}

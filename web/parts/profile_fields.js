// The fields of a profile, in the order in which they are shown, and the rules that the service has for them.
import { h } from "../dom.js";
import { calendarDate, t } from "../language.js";
import { field } from "./field.js";

const longestName = 64; // code points
const earliest = "1900-01-01";
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
    hint: t("profile.username_hint"),
    check: checkUsername,
    attributes: { type: "text", autocomplete: "nickname", required: true, dir: "auto", value },
  });
}

function checkUsername(value) {
  if (value.trim() === "") return t("checks.username_missing");
  return [...value.normalize("NFC")].length > longestName ? t("checks.username_too_long") : null;
}

function birthdayField(value) {
  return field({
    name: "birthday",
    label: optional("fields.birthday"),
    check: checkBirthday,
    attributes: { type: "date", autocomplete: "bday", min: earliest, max: today(), value },
  });
}

// A date of which only a part is typed has no value, and is bad input.
function checkBirthday(value, control) {
  if (control.validity.badInput) return t("checks.birthday_invalid");
  return value && (value < earliest || value > today()) ? t("checks.birthday_invalid") : null;
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

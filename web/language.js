// The language of the pages: the browser's, until somebody chooses another one; and the texts in it.
import { Phrase } from "./phrase.js";
import { retranslate } from "./dom.js";
import { recall, remember } from "./memory.js";

export const languages = { en: "English", zh: "中文" };

let current;
let texts;

export const language = () => current;

function preferred() {
  const wanted = [recall("language"), ...navigator.languages].map((tag) => tag?.split("-")[0].toLowerCase());
  return wanted.find((tag) => Object.hasOwn(languages, tag)) ?? "en";
}

async function use(tag) {
  ({ default: texts } = await import(`./texts/${tag}.js`));
  current = tag;
  document.documentElement.lang = tag;
}

export const startLanguage = () => use(preferred());

// Rejects if the texts cannot be had; then all stays as it is.
export async function chooseLanguage(tag) {
  await use(tag);
  remember("language", tag);
  retranslate(document.documentElement);
}

function find(key) {
  return key.split(".").reduce((part, name) => part?.[name], texts);
}

// The text of that key, with {name} replaced by values.name, which may be a function.
export function t(key, values = {}) {
  return new Phrase(() => {
    const text = find(key);
    if (text === undefined) throw new Error(`There is no text '${key}'.`);
    return text.replaceAll(/{(\w+)}/g, (_, name) => {
      const value = values[name];
      return typeof value === "function" ? value() : String(value);
    });
  });
}

// What went wrong, in words: of the field that a reply names, or else of its code.
export function errorText({ code, field, reason, requestId }) {
  const known = () => texts.errors[`${field}.${reason}`] ?? texts.errors[code];
  return new Phrase(
    () => known() ?? String(t("failures.unknown", { code: code ?? "-", request_id: requestId ?? "-" })),
  );
}

const day = { year: "numeric", month: "long", day: "numeric" };

// A point in time, as a date.
export function date(time) {
  return new Phrase(() => new Intl.DateTimeFormat(current, day).format(time));
}

// A date of the calendar, YYYY-MM-DD: the same day wherever one is.
export function calendarDate(text) {
  return new Phrase(() => new Intl.DateTimeFormat(current, { ...day, timeZone: "UTC" }).format(new Date(text)));
}

const steps = [
  ["minute", 60],
  ["hour", 60],
  ["day", 24],
  ["month", 30],
  ["year", 12],
];

// How long ago that was.
export function ago(time) {
  return new Phrase(() => {
    let amount = (Date.now() - time) / 1000;
    let unit = "second";
    for (const [next, size] of steps) {
      if (amount < size) break;
      amount /= size;
      unit = next;
    }
    const past = unit === "second" ? 0 : -Math.floor(amount);
    return new Intl.RelativeTimeFormat(current, { numeric: "auto" }).format(past, unit);
  });
}

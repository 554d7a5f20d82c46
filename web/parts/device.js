// A device by its User-Agent, in words: "Firefox on Linux".
import { t } from "../language.js";

// The first that fits: many browsers name others, too.
const browsers = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const systems = [
  [/\bAndroid\b/, "Android"],
  [/\b(iPhone|iPod)\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];
const pocketable = ["Android", "iPhone"];

const nameOf = (agent, table) => table.find(([pattern]) => pattern.test(agent))?.[1];

// A Phrase or a text, and the icon that fits.
export function device(agent) {
  const browser = nameOf(agent, browsers);
  const system = nameOf(agent, systems);
  const icon = pocketable.includes(system) ? "phone" : "computer";
  if (browser && system) return { name: t("security.on", { browser, system }), icon };
  return { name: agent || t("security.unknown_device"), icon };
}

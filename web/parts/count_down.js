import { h, fill } from "../dom.js";
import { t } from "../language.js";

// Minutes and seconds, as on a clock.
function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// Calls `show` once with an element that counts the seconds down; resolves when they are over.
export function countDown(seconds, show) {
  const words = h("span", { class: "count", "aria-live": "off" });
  const end = Date.now() + seconds * 1000;
  const left = () => Math.max(0, Math.ceil((end - Date.now()) / 1000));
  const paint = () => fill(words, t("wait.label", { time: clock(left()) }));
  paint();
  show(words);
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      paint();
      if (left() > 0) return;
      clearInterval(timer);
      resolve();
    }, 250);
  });
}

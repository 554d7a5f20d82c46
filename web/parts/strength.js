// How hard a password is to guess, roughly, while it is typed. The service has the last word: it knows the common ones.
import { fill, h } from "../dom.js";
import { t } from "../language.js";
import { limits } from "../limits.js";

const rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const guessedFirst =
  /passwor[dt]|passwd|letmein|welcome|iloveyou|admin|monkey|dragon|master|login|userinfo|(19|20)\d\d/gi;
const alphabets = [
  [/\p{Ll}/u, 26],
  [/\p{Lu}/u, 26],
  [/\d/u, 10],
  [/[^\p{L}\d]/u, 33],
  [/[^\p{ASCII}]/u, 1000],
];
const bits = [0, 40, 55, 75]; // from which on it is a level better

// 0 (too short, as far as that is known) to 4 (strong). `email`: what is in it is known to who guesses. `least`: as in
// newPasswordField.
function strengthOf(password, email, least) {
  const characters = [...password.normalize("NFKC")];
  if (characters.length < (limits()?.password[least] ?? 0)) return 0;
  const alphabet = alphabets.reduce((sum, [has, size]) => sum + (has.test(password) ? size : 0), 0);
  const guess = surprises(password, email) * Math.log2(alphabet);
  return bits.filter((least) => guess >= least).length;
}

// How many characters do not follow from those before: runs, rows of keys and known words count as one or two.
function surprises(password, email) {
  const local = email.split("@")[0];
  let rest = password.replaceAll(guessedFirst, "\0");
  if (local.length > 2) rest = rest.toLowerCase().replaceAll(local.toLowerCase(), "\0");
  const characters = [...rest.toLowerCase()];
  return characters.filter((character, at) => !follows(characters[at - 2], characters[at - 1], character)).length;
}

function follows(first, second, third) {
  if (first === undefined) return false;
  if (first === second && second === third) return true;
  const run = first + second + third;
  const backwards = third + second + first;
  return rows.some((row) => row.includes(run) || row.includes(backwards));
}

export function strengthMeter(least = "shortest") {
  const bar = h("div", { class: "strength-bar", "aria-hidden": "true" }, ...bits.map(() => h("span")));
  const words = h("span", { class: "strength-words", role: "status" });
  const element = h("div", { class: "strength" }, bar, words);

  function show(password, email) {
    const level = password === "" ? "" : String(strengthOf(password, email, least));
    if (level === element.dataset.level) return; // not to be read out again
    element.dataset.level = level;
    fill(words, level && t("strength.is", { level: () => String(t(`strength.levels.${level}`)) }));
  }

  show("");
  return { element, show };
}

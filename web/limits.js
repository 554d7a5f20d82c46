// The limits of what people type, as the service says them. As long as a page does not know them it checks nothing by
// them: the service has the last word.
import { getKept } from "./api.js";
import { retranslate } from "./dom.js";
import { Phrase } from "./phrase.js";

const patience = 3000; // ms; a page that waits for them is shown without

let known = null;
let asking = null;

// {password: {shortest, shortest_at_registration, longest}, username: {longest}, birthday: {earliest}}, lengths in code
// points; or null.
export const limits = () => known;

// Resolves when they are known, or cannot be had just now. What is shown and depends on them is then written anew. Each
// page asks again, because they hold for a minute only; within it the browser answers from its cache.
export function learnLimits() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

async function ask() {
  const outcome = await getKept("/api/pages/settings", patience);
  if (outcome.kind !== "done" || isKnown(outcome.data)) return;
  known = outcome.data;
  retranslate(document.documentElement);
}

const isKnown = (told) => JSON.stringify(told) === JSON.stringify(known);

// A text that `make` takes from the limits; `otherwise` as long as they are not known.
export const byLimits = (make, otherwise = "") => new Phrase(() => String(known ? make(known) : otherwise));

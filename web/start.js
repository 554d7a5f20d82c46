// What the pages ask the service when they are loaded: who is logged in, and which product they lead back to. No script
// can read the cookies, and what this browser remembers of a log-in would be wrong after one by a program, a log-out
// elsewhere, or when its storage is cleared. The frame loads this file before the others, so that the answer is on its
// way while they come.
import { get } from "./api.js";

const patience = 3000; // ms; then a page is shown by itself, and learns from its own calls

let signedIn; // true, false, or undefined: the service has not said it
let told = null; // {name, home, return_to}, as openapi.json describes it
let changes = 0; // how often what somebody did here has changed it

export const isSignedIn = () => signedIn;
export const product = () => told ?? { name: null, home: null, return_to: [] };

// Resolves to the outcome, whose data has `account_id`, null if nobody is logged in. It is "overtaken" if somebody has
// logged in or out here meanwhile.
export async function askWhoIsThere(timeLimit) {
  const before = changes;
  const outcome = await get("/api/pages/start", timeLimit);
  if (outcome.kind !== "done") return outcome;
  told = outcome.data.product;
  if (before !== changes) return { kind: "overtaken" };
  signedIn = outcome.data.account_id !== null;
  return outcome;
}

// Resolves when the product is known, or cannot be had just now.
export const whenProductIsKnown = async () => told ?? (await askWhoIsThere(patience));

// After a log-in or a log-out here.
export function noteSignedIn(isSignedIn) {
  changes += 1;
  signedIn = isSignedIn;
}

export const firstAnswer = askWhoIsThere(patience);

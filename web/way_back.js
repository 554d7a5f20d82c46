// Where this page leads back to: what its address asks for, or else the product's home.
import { parseReturnTo, writeReturnTo } from "./return_to.js";
import { product } from "./start.js";

const own = location.origin;

// The parts, or null: the address asks for nothing, or for nothing that is allowed.
export function returnTo() {
  const wanted = new URLSearchParams(location.search).get("return_to");
  return wanted === null ? null : parseReturnTo(wanted, own, product().return_to);
}

// The operator may choose any origin for it.
export function home() {
  const { home } = product();
  return home !== null && URL.canParse(home, own) ? parseReturnTo(home, own, [new URL(home, own).origin]) : null;
}

export const isOwn = (place) => place.origin === own;
export const addressOf = (place) => writeReturnTo(place, own);

// As people call it.
export const nameOf = (place) => product().name ?? new URL(place.origin).host;

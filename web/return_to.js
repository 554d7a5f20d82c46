// Parses where a page is asked to lead back to, into its parts, and writes it from them. No other code decides what is
// allowed (docs/design.md, "Back to the product").

const longest = 2000; // characters

// What a URL parser drops, or takes for another character.
const forbidden = /[\u0000-\u0020\u007f\\]/;
const path = /^\/(?!\/)/;
const address = /^https?:\/\/[a-z0-9._:[\]-]+(?=[/?#]|$)/i;

// Takes a path of the origin `own` outside of the API, or a URL of one of `origins`. Returns {origin, path, query,
// fragment}, or null for everything else, which is to be ignored.
export function parseReturnTo(text, own, origins) {
  if (text.length > longest || forbidden.test(text)) return null;
  const isPath = path.test(text);
  if (!isPath && !address.test(text)) return null;
  const parts = partsOf(text, own);
  if (!parts || !(isPath ? parts.origin === own : origins.includes(parts.origin))) return null;
  if (parts.origin === own && !isForPeople(parts.path)) return null;
  return isSame(parts, partsOf(writeReturnTo(parts, own), own)) ? parts : null;
}

// A path, or a URL if it leads to another origin.
export function writeReturnTo(parts, own) {
  return (parts.origin === own ? "" : parts.origin) + parts.path + parts.query + parts.fragment;
}

function partsOf(text, own) {
  if (!URL.canParse(text, own)) return null;
  const { origin, pathname, search, hash } = new URL(text, own);
  return { origin, path: pathname, query: search, fragment: hash };
}

const isSame = (one, other) => other !== null && Object.keys(one).every((key) => one[key] === other[key]);

// Whether no server can take the path for one of the API: servers decode it before they look at it, some of them twice,
// and then resolve its dots.
function isForPeople(path) {
  const segments = decoded(path)
    .split(/[/\\]+/)
    .filter((segment) => segment !== "");
  return segments[0]?.toLowerCase() !== "api" && !segments.some((segment) => segment === "." || segment === "..");
}

function decoded(text) {
  for (;;) {
    const next = text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
    if (next === text) return text;
    text = next;
  }
}

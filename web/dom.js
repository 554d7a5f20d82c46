// Makes elements. Text goes in as text: nothing in these pages takes HTML.
import { Phrase } from "./phrase.js";

const phrases = Symbol("phrases");

// A `Phrase` as a child or as an attribute's value follows the language. `on...` adds a listener; null, undefined and
// false leave an attribute out.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else setAttribute(element, name, value);
  }
  fill(element, ...children);
  return element;
}

export function setAttribute(element, name, value) {
  element[phrases]?.delete(name);
  if (value === undefined || value === null || value === false) {
    element.removeAttribute(name);
    return;
  }
  if (value instanceof Phrase) (element[phrases] ??= new Map()).set(name, value);
  element.setAttribute(name, value === true ? "" : String(value));
}

// Replaces what is in the element.
export function fill(element, ...children) {
  element.replaceChildren(
    ...children
      .flat()
      .filter((child) => child !== null && child !== undefined)
      .map(toNode),
  );
}

function toNode(child) {
  if (child instanceof Node) return child;
  const node = document.createTextNode(String(child));
  if (child instanceof Phrase) node[phrases] = child;
  return node;
}

// Writes all phrases below `root` anew, in the language of now.
export function retranslate(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node[phrases] instanceof Phrase) node.data = String(node[phrases]);
    else node[phrases]?.forEach((phrase, name) => node.setAttribute(name, String(phrase)));
  }
}

// A person's picture, if it lies on this host, or else the first letter of the name. Pictures of other hosts are not
// loaded: their owners would learn who looks at the page.
import { h } from "../dom.js";

const colours = 6;

export function portrait({ username, avatar }) {
  if (URL.canParse(avatar) && new URL(avatar).origin === location.origin) {
    return h("img", { class: "portrait", src: avatar, alt: "" });
  }
  const [first] = new Intl.Segmenter().segment(username);
  const sum = [...username].reduce((total, character) => total + character.codePointAt(0), 0);
  const attributes = { class: `portrait portrait-${sum % colours}`, "aria-hidden": "true" };
  return h("div", attributes, first.segment.toUpperCase());
}

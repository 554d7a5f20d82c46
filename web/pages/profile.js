// The profile: seen, edited, made for the first time, and mended when two edits meet.
import { get, post, put } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../language.js";
import { learnLimits } from "../limits.js";
import { conflict } from "../parts/conflict.js";
import { form } from "../parts/form.js";
import { load, renew } from "../parts/loader.js";
import { notice } from "../parts/notice.js";
import { profileCard } from "../parts/profile_card.js";
import { names, profileFields } from "../parts/profile_fields.js";
import { getAccount } from "../session.js";

const address = "/api/user/profile";
const none = 100001;
const empty = { username: "", birthday: "", avatar: "" };

// An edit that is not saved: the version that it began with, `base` with its `etag` (`empty` and null before there is a
// profile), and the `values` that it has made of that. It goes on when one comes back, also after a log-in of the same
// person.
let draft = null; // {account, base, etag, values}

export default function profilePage() {
  return new ProfilePage();
}

// An outcome below is that of `fetchBoth`: "done", or that of a person who has no profile yet. What makes a part of the
// page returns its elements.
class ProfilePage {
  title = t("profile.title");
  #heading = h("h1", {});
  #lead = h("p", { class: "lead" });
  #message = notice();
  #body = h("div", { class: "stack" });
  content = h("section", { class: "card" }, this.#heading, this.#lead, this.#message.element, this.#body);

  constructor() {
    this.#head("title", "lead");
    load(this.#body, fetchBoth, (outcome) => this.#begin(outcome), { accepts: isThereOrNot });
  }

  #head(heading, lead) {
    fill(this.#heading, t(`profile.${heading}`));
    fill(this.#lead, t(`profile.${lead}`));
  }

  #begin(outcome) {
    const begun = draft?.account === outcome.account.account_id ? draft : null;
    if (!isThere(outcome)) return this.#create(outcome, begun?.values ?? empty);
    if (!begun) return this.#view(outcome);
    return begun.etag ? this.#edit(outcome, begun) : this.#choose(begun.base, begun.values, outcome);
  }

  #view(outcome) {
    this.#head("title", "lead");
    const change = h("button", { type: "button", class: "button", id: "edit" }, t("profile.edit"));
    change.addEventListener("click", () => {
      this.#message.clear();
      fill(this.#body, this.#edit(outcome, { base: outcome.data, etag: outcome.etag, values: outcome.data }));
      this.#focus("input");
    });
    return [...profileCard(outcome.data, outcome.account), h("div", { class: "actions" }, change)];
  }

  // `begun`: as a draft.
  #edit(outcome, begun) {
    const { base, etag } = begun;
    const cancel = h(
      "button",
      { type: "button", class: "button", onclick: () => this.#stopEditing(outcome) },
      t("cancel"),
    );
    const editing = form({
      fields: this.#fields(outcome.account, begun),
      submit: t("profile.save"),
      send: (mine) => save(base, mine, etag),
      done: ({ isUnchanged }) => this.#showSaved(isUnchanged ? "profile.unchanged" : "profile.saved"),
      handlers: whenTooLate((mine) => this.#settle(base, mine)),
      beside: [cancel],
    });
    return [editing.element];
  }

  #create(outcome, values) {
    this.#head("new_title", "new_lead");
    const creating = form({
      fields: this.#fields(outcome.account, { base: empty, etag: null, values }),
      submit: t("profile.create"),
      send: (mine) => post(address, filled(mine)),
      done: () => this.#showSaved("profile.created"),
      handlers: whenTooLate((mine) => this.#settle(empty, mine)),
    });
    return [creating.element];
  }

  #fields(account, begun) {
    const fields = profileFields(begun.values);
    const typed = () => Object.fromEntries(fields.map((each) => [each.name, each.value()]));
    const keep = () => (draft = { ...begun, account: account.account_id, values: typed() });
    for (const each of fields) each.onEdit(keep);
    return fields;
  }

  #focus(selector) {
    this.#body.querySelector(selector)?.focus();
  }

  #stopEditing(outcome) {
    draft = null;
    fill(this.#body, this.#view(outcome));
    this.#focus("#edit");
  }

  async #showSaved(key) {
    draft = null;
    this.#message.show("success", t(key));
    await renew(this.#body, fetchBoth, (outcome) => this.#begin(outcome), { accepts: isThereOrNot });
    this.#focus("#edit");
  }

  // Somebody was faster: `mine` was made of `base`, which is not the latest version any more.
  async #settle(base, mine) {
    await renew(this.#body, fetchBoth, (outcome) => this.#meet(base, mine, outcome), { accepts: isThereOrNot });
    this.#focus("#conflict-title, input, #edit");
  }

  #meet(base, mine, outcome) {
    if (!isThere(outcome)) return this.#create(outcome, mine);
    if (names.some((name) => mine[name] !== outcome.data[name])) return this.#choose(base, mine, outcome);
    draft = null; // an earlier try saved it, whose answer was lost
    this.#message.show("success", t("profile.saved"));
    return this.#view(outcome);
  }

  #choose(base, mine, outcome) {
    const { data: theirs, etag } = outcome;
    const whole = (chosen) => ({ ...theirs, ...chosen });
    this.#head("title", "lead");
    return conflict({
      base,
      mine,
      theirs,
      send: (chosen) => save(theirs, whole(chosen), etag),
      done: () => this.#showSaved("profile.saved"),
      handlers: whenTooLate((chosen) => this.#settle(theirs, whole(chosen))),
      discard: () => this.#stopEditing(outcome),
    });
  }
}

// The outcome for the profile, and the account with it.
async function fetchBoth() {
  const [account, profile] = await Promise.all([getAccount(), get(address), learnLimits()]);
  return account.kind === "done" ? { ...profile, account: account.data } : account;
}

const isThere = ({ kind }) => kind === "done";
const isThereOrNot = (outcome) => isThere(outcome) || (outcome.status === 404 && outcome.code === none);

// For a form whose profile was removed (404), made (409) or changed (412) by somebody else.
function whenTooLate(meet) {
  const handler = (_, mine) => meet(mine);
  return { 404: handler, 409: handler, 412: handler };
}

// Sends what differs; nothing does if nothing was changed.
async function save(base, mine, etag) {
  const changed = names.filter((name) => mine[name] !== base[name]);
  if (changed.length === 0) return { kind: "done", isUnchanged: true };
  return put(address, Object.fromEntries(changed.map((name) => [name, mine[name]])), etag);
}

const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));

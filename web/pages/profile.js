// The profile: seen, edited, made for the first time, and mended when two edits meet.
import { get, post, put } from "../api.js";
import { fill, h } from "../dom.js";
import { date, t } from "../language.js";
import { conflict } from "../parts/conflict.js";
import { form } from "../parts/form.js";
import { load, patiently } from "../parts/loader.js";
import { notice } from "../parts/notice.js";
import { portrait } from "../parts/portrait.js";
import { names, profileFields, shown } from "../parts/profile_fields.js";

const address = "/api/user/profile";
const none = 100001;
const empty = { username: "", birthday: "", avatar: "" };

// What is typed and not saved: there again when one comes back, also after a log-in of the same person.
let draft = null; // {account, values}

export default function profilePage() {
  return new ProfilePage();
}

// An outcome below is that of `fetchBoth`: "done", or `none` of a person who has no profile yet.
class ProfilePage {
  title = t("profile.title");
  #heading = h("h1", {});
  #lead = h("p", { class: "lead" });
  #message = notice();
  #body = h("div", { class: "stack" });
  content = h("section", { class: "card" }, this.#heading, this.#lead, this.#message.element, this.#body);

  constructor() {
    this.#head("title", "lead");
    const render = (outcome) => {
      this.#show(outcome);
      return [...this.#body.childNodes];
    };
    load(this.#body, fetchBoth, render, { accepts: [none] });
  }

  #head(heading, lead) {
    fill(this.#heading, t(`profile.${heading}`));
    fill(this.#lead, t(`profile.${lead}`));
  }

  // An edit that was begun goes on.
  #show(outcome) {
    const begun = draft?.account === outcome.account.account_id ? draft.values : null;
    if (outcome.code === none) this.#create(outcome, begun ?? empty);
    else if (begun) this.#edit(outcome, begun);
    else this.#view(outcome);
  }

  #view(outcome) {
    this.#head("title", "lead");
    const change = h("button", { type: "button", class: "button", id: "edit" }, t("profile.edit"));
    change.addEventListener("click", () => {
      this.#message.clear();
      this.#edit(outcome, outcome.data);
      this.#focusFirst();
    });
    fill(this.#body, ...card(outcome.data, outcome.account), h("div", { class: "actions" }, change));
  }

  #edit(outcome, values) {
    const cancel = h(
      "button",
      { type: "button", class: "button", onclick: () => this.#stopEditing(outcome) },
      t("cancel"),
    );
    const editing = form({
      fields: this.#fields(outcome, values),
      submit: t("profile.save"),
      send: (mine) => save(outcome.data, mine, outcome.etag),
      done: ({ isUnchanged }) => this.#showSaved(isUnchanged ? "profile.unchanged" : "profile.saved"),
      handlers: this.#meetings(outcome.data),
      beside: [cancel],
    });
    fill(this.#body, editing.element);
  }

  #create(outcome, values) {
    this.#head("new_title", "new_lead");
    const creating = form({
      fields: this.#fields(outcome, values),
      submit: t("profile.create"),
      send: (mine) => post(address, filled(mine)),
      done: () => this.#showSaved("profile.created"),
      handlers: this.#meetings(empty),
    });
    fill(this.#body, creating.element);
  }

  #fields(outcome, values) {
    const fields = profileFields(values);
    const typed = () => Object.fromEntries(fields.map((each) => [each.name, each.value()]));
    for (const each of fields) each.onEdit(() => (draft = { account: outcome.account.account_id, values: typed() }));
    return fields;
  }

  #focusFirst() {
    this.#body.querySelector("input").focus();
  }

  #stopEditing(outcome) {
    draft = null;
    this.#view(outcome);
    document.getElementById("edit").focus();
  }

  async #showSaved(key) {
    draft = null;
    const outcome = await patiently(fetchBoth);
    if (!outcome) return;
    this.#show(outcome);
    this.#message.show("success", t(key));
    document.getElementById("edit")?.focus();
  }

  // Somebody was faster: made one (409), changed it (412) or removed it (404).
  #meetings(base) {
    const meet = (_, mine) => this.#settle(base, mine);
    return { 404: meet, 409: meet, 412: meet };
  }

  async #settle(base, mine) {
    const outcome = await patiently(fetchBoth);
    if (!outcome) return;
    if (outcome.code === none) {
      this.#create(outcome, mine);
      this.#focusFirst();
    } else if (names.every((name) => mine[name] === outcome.data[name])) {
      this.#showSaved("profile.saved"); // by an earlier try, whose answer was lost
    } else {
      this.#choose(base, mine, outcome);
    }
  }

  #choose(base, mine, outcome) {
    const { data: theirs, etag } = outcome;
    const choice = conflict({
      base,
      mine,
      theirs,
      send: (chosen) => save(theirs, { ...theirs, ...chosen }, etag),
      done: () => this.#showSaved("profile.saved"),
      handlers: this.#meetings(theirs),
      discard: () => this.#stopEditing(outcome),
    });
    this.#head("title", "lead");
    fill(this.#body, choice);
    document.getElementById("conflict-title").focus();
  }
}

// The outcome for the profile, and the account with it.
async function fetchBoth() {
  const [account, profile] = await Promise.all([get("/api/account"), get(address)]);
  return account.kind === "done" ? { ...profile, account: account.data } : account;
}

// Sends what differs; nothing does if nothing was changed.
async function save(base, mine, etag) {
  const changed = names.filter((name) => mine[name] !== base[name]);
  if (changed.length === 0) return { kind: "done", isUnchanged: true };
  return put(address, Object.fromEntries(changed.map((name) => [name, mine[name]])), etag);
}

const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));

function card(profile, account) {
  const rows = [
    [t("fields.birthday"), shown("birthday", profile.birthday, t("profile.not_given"))],
    [t("fields.avatar"), pictureLink(profile.avatar)],
  ];
  const who = h(
    "div",
    {},
    h("h2", { class: "person-name", dir: "auto" }, profile.username),
    h("p", { class: "muted" }, account.email),
  );
  const since = h(
    "p",
    { class: "muted" },
    t("profile.member_since", { date: () => String(date(new Date(account.created_at))) }),
  );
  return [
    h("div", { class: "person" }, portrait(profile), who),
    h("dl", { class: "facts" }, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    since,
  ];
}

function pictureLink(avatar) {
  if (!avatar) return shown("avatar", avatar, t("profile.not_given"));
  const attributes = { class: "breakable", href: avatar, target: "_blank", rel: "noopener noreferrer external" };
  return h("a", attributes, avatar);
}

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
  const title = h("h1", {}, t("profile.title"));
  const lead = h("p", { class: "lead" }, t("profile.lead"));
  const message = notice();
  const body = h("div", { class: "stack" });

  function show(outcome, focused = true) {
    const isNew = outcome.code === none;
    fill(title, t(isNew ? "profile.new_title" : "profile.title"));
    fill(lead, t(isNew ? "profile.new_lead" : "profile.lead"));
    const kept = draft?.account === outcome.account.account_id ? draft.values : null;
    if (isNew) edit(outcome, empty, kept ?? empty, focused);
    else if (kept) edit(outcome, outcome.data, kept, focused);
    else view(outcome);
  }

  function view({ data: profile, account, etag }) {
    const change = h("button", { type: "button", class: "button", id: "edit" }, t("profile.edit"));
    change.addEventListener("click", () => {
      message.clear();
      edit({ data: profile, account, etag }, profile, profile);
    });
    fill(body, ...card(profile, account), h("div", { class: "actions" }, change));
  }

  // `base` is what is saved, `values` what stands in the fields at first.
  function edit(outcome, base, values, focused = true) {
    const isNew = outcome.code === none;
    const fields = profileFields(values);
    const typed = () => Object.fromEntries(fields.map((each) => [each.name, each.value()]));
    for (const each of fields) each.onEdit(() => (draft = { account: outcome.account.account_id, values: typed() }));
    const cancel = h("button", { type: "button", class: "button", onclick: () => stopEditing(outcome) }, t("cancel"));
    const editing = form({
      fields,
      submit: t(isNew ? "profile.create" : "profile.save"),
      send: (mine) => (isNew ? post(address, filled(mine)) : save(base, mine, outcome.etag)),
      done: (result) => showSaved(result.isUnchanged ? "profile.unchanged" : `profile.${isNew ? "created" : "saved"}`),
      handlers: meetings(base),
      beside: isNew ? [] : [cancel],
    });
    fill(body, editing.element);
    if (focused) fields[0].control.focus();
  }

  function stopEditing(outcome) {
    draft = null;
    view(outcome);
    document.getElementById("edit").focus();
  }

  async function showSaved(key) {
    draft = null;
    const outcome = await patiently(fetchBoth);
    if (!outcome) return;
    show(outcome);
    message.show("success", t(key));
    document.getElementById("edit")?.focus();
  }

  // Somebody was faster: made one (409), changed it (412) or removed it (404).
  function meetings(base) {
    const meet = (_, mine) => settle(base, mine);
    return { 404: meet, 409: meet, 412: meet };
  }

  async function settle(base, mine) {
    const outcome = await patiently(fetchBoth);
    if (!outcome) return;
    const { data: theirs, etag, code } = outcome;
    if (code === none) {
      edit(outcome, empty, mine);
    } else if (names.every((name) => mine[name] === theirs[name])) {
      showSaved("profile.saved"); // by an earlier try, whose answer was lost
    } else {
      fill(
        body,
        conflict({
          base,
          mine,
          theirs,
          send: (chosen) => save(theirs, { ...theirs, ...chosen }, etag),
          done: () => showSaved("profile.saved"),
          handlers: meetings(theirs),
          discard: () => stopEditing(outcome),
        }),
      );
      document.getElementById("conflict-title").focus();
    }
  }

  const render = (outcome) => {
    show(outcome, false);
    return [...body.childNodes];
  };
  load(body, fetchBoth, render, { accepts: [none] });
  const content = h("section", { class: "card" }, title, lead, message.element, body);
  return { title: t("profile.title"), content };
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
  const who = h("div", {}, h("h2", { class: "person-name", dir: "auto" }, profile.username), h("p", { class: "muted" }, account.email));
  const since = h("p", { class: "muted" }, t("profile.member_since", { date: () => String(date(new Date(account.created_at))) }));
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

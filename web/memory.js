// What this browser remembers: the language, and when somebody logged in. No token: those are in cookies that no script
// can read. What a browser does not keep, because its storage is full or forbidden, is known until the page is left.
const name = (key) => `userinfo.${key}`;
const unkept = new Map();

export function recall(key) {
  if (unkept.has(key)) return unkept.get(key);
  try {
    return localStorage.getItem(name(key));
  } catch {
    return null;
  }
}

// null: forget it.
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(name(key));
    else localStorage.setItem(name(key), value);
    unkept.delete(key);
  } catch {
    unkept.set(key, value);
  }
}

// Calls `changed` when another tab of this browser has changed it.
export function whenChangedElsewhere(key, changed) {
  addEventListener("storage", (event) => {
    if (event.key === null || event.key === name(key)) changed();
  });
}

// What this browser remembers: the language, and that somebody is logged in. No token: those are in cookies that no
// script can read. A browser that keeps nothing makes no difference but comfort.
const name = (key) => `userinfo.${key}`;

export function recall(key) {
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
  } catch {
    // Storage is full or forbidden.
  }
}

// Calls `changed` when another tab of this browser has changed it.
export function whenChangedElsewhere(key, changed) {
  addEventListener("storage", (event) => {
    if (event.key === null || event.key === name(key)) changed();
  });
}

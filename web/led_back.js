// A product that does not take the session, such as one that gets no cookies, sends people to the log-in page again. That
// would lead them back at once, and so on without an end.
const key = "userinfo.led_to";
const soon = 10_000; // ms

// Notes that this tab is led to that address. Returns whether it was led there a moment ago, too.
export function isLedInCircles(address) {
  try {
    const [last, time] = JSON.parse(sessionStorage.getItem(key)) ?? [];
    sessionStorage.setItem(key, JSON.stringify([address, Date.now()]));
    return last === address && Date.now() - time < soon;
  } catch {
    return false; // this browser keeps nothing, or somebody else's text stands there
  }
}

// Tells the other tabs of this browser that somebody has logged in or out. They ask the service what that means for them.
const channel = new BroadcastChannel("userinfo.session");

export const tellOtherTabs = () => channel.postMessage("changed");
export const whenOtherTabsTell = (act) => channel.addEventListener("message", act);

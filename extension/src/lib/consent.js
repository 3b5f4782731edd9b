// What readmit's own window asks and is told, over a port of its own: what a
// person types reaches the background alone, not every page of the extension.

import { api } from "./browser.js";
import { decide, decline, forget, neverHere } from "./challenged.js";
import { expectNavigation } from "./navigation.js";
import { askOf, end, holdById, holdOfWindow } from "./holds.js";

const beginning = "consent:";

/** @type {Record<string, (message: any, hold: import("./holds.js").Hold) => Promise<any>>} */
const handlers = {
  "consent/open": async (_, hold) => askOf(hold),
  "consent/painted": async (_, hold) => { hold.painted?.(); return {}; },
  "consent/beat": async () => ({}),
  "consent/use": (message, hold) => decide(hold, { account: String(message.account), always: Boolean(message.always) }),
  "consent/typed": (message, hold) => decide(hold, {
    account: String(message.account), secret: String(message.secret), remember: Boolean(message.remember), always: Boolean(message.always),
  }),
  "consent/once-more": (message, hold) => decide(hold, { account: String(message.account), onceMore: true }),
  "consent/forget": (message, hold) => forget(hold, String(message.account)),
  "consent/browser": async (_, hold) => { decline(hold); return {}; },
  "consent/never": async (_, hold) => { await neverHere(hold); return {}; },
  "consent/reload": async (_, hold) => {
    end(hold);
    expectNavigation(hold.tabId);
    await api.tabs.update(hold.tabId, { active: true });
    await api.tabs.reload(hold.tabId);
    return {};
  },
};

/** @param {chrome.runtime.Port} port */
export function handleConnect(port) {
  const { sender, name } = port;
  if (sender?.id !== api.runtime.id || !sender.url?.startsWith(api.runtime.getURL("ui/consent.html")) || !name.startsWith(beginning)) {
    port.disconnect();
    return;
  }
  const id = name.slice(beginning.length);
  const hold = holdById(id);
  if (hold) hold.channel = port;
  port.onMessage.addListener((message) => {
    const now = holdById(id);
    const handle = Object.hasOwn(handlers, message?.type) ? handlers[message.type] : undefined;
    if (!handle) return;
    const reply = now ? handle(message, now) : Promise.resolve(over(id));
    reply.then(
      (done) => port.postMessage({ n: message.n, reply: done }),
      (error) => port.postMessage({ n: message.n, error: { code: error.code ?? "internal", message: error.message } }),
    ).catch(() => {}); // the window was closed meanwhile
  });
}

/**
 * A window that was closed by its frame is a no as well.
 * @param {number} windowId
 */
export function noteWindowClosed(windowId) {
  const hold = holdOfWindow(windowId);
  if (!hold) return;
  hold.windowId = undefined;
  hold.channel = null;
  decline(hold);
}

/** @param {string} id of a hold that is gone: its page waits no longer */
function over(id) {
  return {
    id, phase: "gave_up", host: "", port: "", realm: "", accounts: [], canSave: false, canAlways: false, canNever: false, private: false, fault: null,
  };
}

// Messages from readmit's own pages and its banner. Anything else that can
// reach the background is not answered.

import { api } from "./browser.js";
import { askOf, end, holdById, holdOfWindow } from "./holds.js";
import { decide, decline } from "./challenged.js";
import { undoOf } from "./cookies.js";
import { openPopup } from "./open.js";
import { addPage } from "./observe.js";
import { bannerWanted, setBannerWanted } from "./page.js";
import { call } from "./port.js";
import { probe } from "./probe.js";
import { act, undo } from "./recover.js";
import { onTabChanged, tabRecord } from "./tabs.js";

/** @type {Record<string, (message: any, sender: chrome.runtime.MessageSender) => Promise<any>>} */
const handlers = {
  "popup/open": async ({ tabId }) => {
    void addPage(tabId).then(() => probe(tabId, false));
    await readStanding();
    return state(tabId);
  },
  "popup/act": async ({ tabId, action, step }) => {
    await act(tabId, String(action), Number(step) || 0);
    return { ok: true, state: await state(tabId) };
  },
  "popup/undo": async ({ tabId }) => {
    await undo(tabId);
    return state(tabId);
  },
  "popup/report": async ({ tabId }) => {
    const record = await tabRecord(tabId);
    return call("support/report", { incidentId: record?.incidentId ?? "" });
  },
  "popup/withdraw": async ({ tabId, id }) => {
    await call("credential/forget", { standingId: String(id) });
    await readStanding();
    return state(tabId);
  },
  "popup/setting": async ({ tabId, name, value }) => {
    if (name === "banner") await setBannerWanted(Boolean(value));
    return state(tabId);
  },
  "consent/open": async ({ id }) => ask(id),
  "consent/painted": async ({ id }) => { holdById(id)?.painted?.(); return {}; },
  "consent/beat": async () => ({}),
  "consent/use": async ({ id, account, always }) => {
    const hold = holdById(id);
    return hold ? decide(hold, { account: String(account), always: Boolean(always) }) : ask(id);
  },
  "consent/typed": async ({ id, account, secret, remember, always }) => {
    const hold = holdById(id);
    return hold
      ? decide(hold, { account: String(account), secret: String(secret), remember: Boolean(remember), always: Boolean(always) })
      : ask(id);
  },
  "consent/browser": async ({ id }) => {
    const hold = holdById(id);
    if (hold) decline(hold);
    return {};
  },
  "consent/reload": async ({ id }) => {
    const hold = holdById(id);
    if (!hold) return {};
    end(hold);
    await api.tabs.reload(hold.tabId);
    return {};
  },
  "banner/open": async (_, sender) => {
    if (sender.tab?.id !== undefined) await openPopup(sender.tab);
    return {};
  },
};

/**
 * @param {any} message
 * @param {chrome.runtime.MessageSender} sender
 * @param {(response: any) => void} respond
 * @returns {boolean} true: the response comes later
 */
export function handleMessage(message, sender, respond) {
  const type = typeof message?.type === "string" ? message.type : "";
  const ownPage = sender.id === api.runtime.id && sender.url?.startsWith(api.runtime.getURL("ui/"));
  if (!Object.hasOwn(handlers, type) || (type !== "banner/open" && !ownPage)) return false;
  handlers[type](message, sender).then(respond, (error) => respond({ error: { code: error.code ?? "internal", message: error.message } }));
  return true;
}

/**
 * A window that was closed by its frame is a no as well.
 * @param {number} windowId
 */
export function noteWindowClosed(windowId) {
  const hold = holdOfWindow(windowId);
  if (!hold) return;
  hold.windowId = undefined;
  decline(hold);
}

onTabChanged((tabId) => {
  void state(tabId).then((now) => api.runtime.sendMessage({ type: "state", state: now })).catch(() => {}); // no popup is open
});

/** @param {string} id a window whose hold is gone: the page waits no longer */
function ask(id) {
  const hold = holdById(id);
  return hold ? askOf(hold) : {
    id, phase: "gave_up", host: "", port: "", origin: "", scheme: "basic", insecure: false, realm: "",
    accounts: [], canSave: false, canAlways: false, private: false, fault: null, deadline: 0,
  };
}

/** @type {any[]} what "always here" was said to, as of the last look */
let standing = [];

async function readStanding() {
  standing = await call("credential/list", { standing: true }).then((list) => list.standing ?? [], () => []);
}

/**
 * What the popup shows for a tab.
 * @param {number} tabId
 */
async function state(tabId) {
  const record = await tabRecord(tabId);
  const tab = await api.tabs.get(tabId).catch(() => undefined);
  const current = record && (!tab?.url || tab.status === "loading" || record.running || sameDocument(tab.url, record.pageUrl)) ? record : undefined;
  const kept = await undoOf(tabId);
  return {
    tabId, view: current?.view ?? null, fault: current?.fault ?? null,
    private: current?.private ?? Boolean(tab?.incognito),
    busy: current?.running?.action ?? null, notice: current?.notice ?? null,
    standing, settings: { banner: await bannerWanted() },
    undo: kept ? { host: kept.host, count: kept.cookies.length, expires: kept.expires } : null,
  };
}

/**
 * @param {string} a
 * @param {string} b
 */
function sameDocument(a, b) {
  return a.split("#", 1)[0] === b.split("#", 1)[0];
}

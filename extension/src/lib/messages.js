// Messages from the popup and the banner. Anything else that can reach the
// background is not answered.

import { api } from "./browser.js";
import { inventory } from "./clear.js";
import { undoOf } from "./cookies.js";
import { openPopup } from "./open.js";
import { addPage } from "./observe.js";
import { bannerWanted, setBannerWanted } from "./page.js";
import { call } from "./port.js";
import { probe, probesWanted, setProbesWanted } from "./probe.js";
import { act, signInPage, undo } from "./recover.js";
import { tabOf } from "./report.js";
import { samePage } from "./safe.js";
import { onTabChanged, tabRecord } from "./tabs.js";

/** @type {Record<string, (message: any, sender: chrome.runtime.MessageSender) => Promise<any>>} */
const handlers = {
  "popup/open": async ({ tabId }) => {
    void addPage(tabId).then(() => probe(tabId, false));
    void readStanding().then(() => tellPopups(tabId));
    return state(tabId);
  },
  "popup/clearing": async ({ tabId }) => {
    const record = await tabRecord(tabId);
    return { inventory: record ? await inventory(tabId, record) : null };
  },
  "popup/act": async ({ tabId, action, step, grade, confirmed }) => {
    await act(tabId, String(action), Number(step) || 0, { grade, confirmed });
    return { ok: true, state: await state(tabId) };
  },
  "popup/look": async ({ tabId }) => {
    await probe(tabId, true);
    return state(tabId);
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
    if (name === "probes") await setProbesWanted(Boolean(value));
    return state(tabId);
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

/** @param {number} tabId */
function tellPopups(tabId) {
  void state(tabId).then((now) => api.runtime.sendMessage({ type: "state", state: now })).catch(() => {}); // no popup is open
}
onTabChanged(tellPopups);

const signIns = new Set(["login_again", "sso_login", "switch_account", "complete_mfa"]);

const noticeTime = 60_000; // what is told after a step is news for a minute (ms)
const listTime = 10_000; // nobody waits for the list: the agent may have to start for it

/** @type {any[] | null} what "always here" was said to, as of the last look; null when it could not be read */
let standing = [];

async function readStanding() {
  standing = await call("credential/list", { standing: true }, listTime).then((list) => list.standing ?? [], () => null);
}

/**
 * What the popup shows for a tab.
 * @param {number} tabId
 */
async function state(tabId) {
  const [record, tab, banner, probes] = await Promise.all([tabRecord(tabId), tabOf(tabId), bannerWanted(), probesWanted()]);
  const current = record && (!tab?.url || tab.status === "loading" || record.running || samePage(tab.url, record.pageUrl)) ? record : undefined;
  const kept = await undoOf(tab, record?.url ?? tab?.url ?? "about:blank");
  const { running = null, notice = null, noticed = 0 } = current ?? {};
  return {
    tabId, view: current?.view ? await showSignIn(current) : null, fault: current?.fault ?? null,
    private: current?.private ?? Boolean(tab?.incognito),
    busy: running && running.stage !== "shown" ? running.action : null,
    notice: Date.now() - noticed < noticeTime ? notice : null,
    mayLook: probes && Boolean(current?.mayLook) && !current?.view?.closed && current?.view?.certainty !== "sure",
    clearable: Boolean(current && !current.view?.closed),
    standing, settings: { banner, probes },
    undo: kept ? { host: kept.host, count: kept.cookies.length, expires: kept.expires } : null,
  };
}

/**
 * A view whose sign-in says where it leads when that is another site.
 * @param {import("./tabs.js").TabRecord} record
 */
async function showSignIn(record) {
  const { view } = record;
  const url = record.challenged || view.closed ? "" : await signInPage(record);
  if (!url || new URL(url).origin === new URL(record.url).origin) return view;
  const named = (/** @type {any} */ button) => (button && signIns.has(button.action) && !button.url ? { ...button, url } : button);
  return { ...view, main: named(view.main), second: named(view.second), ...(view.other && { other: view.other.map(named) }) };
}

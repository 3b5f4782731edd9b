// Messages from the popup and the banner. Anything else that can reach the
// background is not answered.

import { api } from "./browser.js";
import { inventory } from "./clear.js";
import { undoOf } from "./cookies.js";
import { refusedParts } from "./counts.js";
import { fill, fillWanted, forget, offerOf, readOffer, setFillWanted } from "./fill.js";
import { clearHistory, listHistory } from "./history.js";
import { offOrigins, setOff } from "./off.js";
import { openPopup } from "./open.js";
import { addPage } from "./observe.js";
import { bannerWanted, removeBanner, setBannerWanted } from "./page.js";
import { call } from "./port.js";
import { asksInPrivate, setAsksInPrivate } from "./private.js";
import { pausedUntil } from "./pause.js";
import { probe, probesWanted, setProbesWanted } from "./probe.js";
import { act, began, later, signInPage, undo } from "./recover.js";
import { tabOf } from "./report.js";
import { samePage } from "./safe.js";
import { changePause, clearTab, onTabChanged, tabRecord } from "./tabs.js";
import { rules, unaskedOf } from "./unasked.js";
import { mayWatch, startWatch, stopWatch, watchedAt } from "./watch.js";

/** @type {Record<string, (message: any, sender: chrome.runtime.MessageSender) => Promise<any>>} */
const handlers = {
  "popup/open": async ({ tabId }) => {
    void addPage(tabId).then(() => probe(tabId, false));
    void readStanding().then(() => tellPopups(tabId));
    void readOffer(tabId);
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
    if (name === "private") await setAsksInPrivate(Boolean(value));
    if (name === "probes") await setProbesWanted(Boolean(value));
    if (name === "fill") {
      await setFillWanted(Boolean(value));
      await readOffer(tabId);
    }
    return state(tabId);
  },
  "popup/fill": async ({ tabId, url, kind, account, onceMore }) => {
    const filled = await fill(tabId, { url, kind, account: String(account), onceMore: Boolean(onceMore) });
    return { filled, state: await state(tabId) };
  },
  "popup/forget": async ({ tabId, account }) => {
    const forgotten = await forget(tabId, String(account));
    return { forgotten, state: await state(tabId) };
  },
  "popup/began": async ({ tabId, action, step }) => {
    await began(tabId, String(action), Number(step) || 0);
    return state(tabId);
  },
  "popup/later": async ({ tabId }) => {
    await later(tabId);
    return state(tabId);
  },
  "popup/off": async ({ tabId, origin, off }) => {
    const here = siteOf(await tabOf(tabId));
    const site = origin === undefined ? here : String(origin);
    if (site) {
      await setOff(site, Boolean(off));
      if (off && site === here) await Promise.all([clearTab(tabId), removeBanner(tabId)]);
    }
    return state(tabId);
  },
  "popup/pause": async ({ tabId, how }) => {
    if (how === "hour" || how === "on" || how === "off") await changePause(how);
    return state(tabId);
  },
  "popup/watch": async ({ tabId, on }) => {
    await (on ? startWatch(tabId) : stopWatch(tabId));
    return state(tabId);
  },
  "history/list": () => listHistory(),
  "history/clear": (message) => clearHistory(message),
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
  const [record, tab, banner, probes, inPrivate, fills, off, unasked, paused] = await Promise.all([
    tabRecord(tabId), tabOf(tabId), bannerWanted(), probesWanted(), asksInPrivate(), fillWanted(), offOrigins(), unaskedOf(tabId), pausedUntil(),
  ]);
  const current = record && (!tab?.url || tab.status === "loading" || record.running || samePage(tab.url, record.pageUrl)) ? record : undefined;
  const kept = await undoOf(tab, record?.url ?? tab?.url ?? "about:blank");
  const { running = null, notice = null, noticed = 0 } = current ?? {};
  const site = siteOf(tab);
  const offHere = off.includes(site);
  const silent = offHere || paused !== null;
  return {
    tabId, view: current?.view ? await showSignIn(current) : null, fault: current?.fault ?? null,
    private: current?.private ?? Boolean(tab?.incognito),
    busy: running && running.stage !== "shown" ? running.action : null,
    notice: Date.now() - noticed < noticeTime ? notice : null,
    mayLook: probes && Boolean(current?.mayLook) && !current?.view?.closed && current?.view?.certainty !== "sure",
    clearable: Boolean(current && !current.view?.closed),
    standing, off, offHere, site, paused, settings: { banner, private: inPrivate, probes, fill: fills },
    form: current ? offerOf(tabId, tab?.url) : null,
    unasked: unasked ? { text: rules[unasked.rule], host: unasked.host } : null,
    mayWatch: Boolean(current && mayWatch(current) && !current.opens), watchedAt: await watchedAt(tabId), parts: silent ? null : await refusedParts(tabId),
    undo: kept ? { host: kept.host, count: kept.cookies.length, expires: kept.expires } : null,
  };
}

/**
 * The origin that the per-site switch of a tab is about.
 * @param {chrome.tabs.Tab | undefined} tab
 * @returns {string} "" where there is no site, and in a private window, which keeps nothing
 */
function siteOf(tab) {
  return tab?.url && !tab.incognito && /^https?:/.test(tab.url) && URL.canParse(tab.url) ? new URL(tab.url).origin : "";
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

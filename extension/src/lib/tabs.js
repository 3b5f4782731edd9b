// What readmit knows of each tab: the refusal it is about, its view, the step
// under way. One record a tab, in storage.session.

import { api } from "./browser.js";
import { drop, inTurn, load, save } from "./store.js";
import { removeUndo } from "./cookies.js";
import { injectBanner } from "./page.js";

/**
 * @typedef {object} TabRecord
 * @property {string} pageUrl       the URL that the tab shows, whole: the way back
 * @property {string} url           the refused URL, whole
 * @property {string} method
 * @property {number} status
 * @property {string} requestId
 * @property {boolean} mainFrame    the page itself was refused, or is as good as
 * @property {boolean} challenged   the browser offers to answer with a user name and password
 * @property {boolean} private
 * @property {string} incidentId    "" while the agent was not reached
 * @property {any} view             explain.View
 * @property {any} fault            explain.View of what part of readmit is wrong, or null
 * @property {{action: string, n: number, stage: string, since: number} | null} running
 * @property {boolean} read        the page's own text has reached the agent
 * @property {string | null} notice a message key of one line to show after a step
 */

const key = (/** @type {number} */ tabId) => `tab:${tabId}`;

/**
 * @param {number} tabId
 * @returns {Promise<TabRecord | undefined>}
 */
export function tabRecord(tabId) {
  return load(key(tabId));
}

/**
 * Replace a tab's record, show it on the toolbar and tell open popups.
 * @param {number} tabId
 * @param {TabRecord} record
 */
export function setTab(tabId, record) {
  return inTurn(key(tabId), async () => {
    await save(key(tabId), record);
    await present(tabId, record);
  });
}

/**
 * Change a tab's record if it is still about the same request.
 * @param {number} tabId
 * @param {string} requestId
 * @param {Partial<TabRecord>} change
 */
export function changeTab(tabId, requestId, change) {
  return inTurn(key(tabId), async () => {
    const record = await tabRecord(tabId);
    if (record?.requestId !== requestId) return;
    const next = { ...record, ...change };
    await save(key(tabId), next);
    await present(tabId, next);
  });
}

/** @param {number} tabId */
export function clearTab(tabId) {
  return inTurn(key(tabId), async () => {
    if (!await tabRecord(tabId)) return;
    await drop(key(tabId));
    await present(tabId, undefined);
  });
}

/** @param {number} tabId */
export function forgetTab(tabId) {
  void inTurn(key(tabId), async () => {
    await drop(key(tabId));
    await removeUndo(tabId);
  });
}

/** @type {Set<(tabId: number) => void>} */
const watchers = new Set();

/** @param {(tabId: number) => void} watcher called whenever a tab's record changed */
export function onTabChanged(watcher) {
  watchers.add(watcher);
}

/**
 * @param {number} tabId
 * @param {TabRecord | undefined} record
 */
async function present(tabId, record) {
  await showOnToolbar(tabId, record).catch(() => {}); // the tab may be gone
  for (const watcher of watchers) watcher(tabId);
}

/**
 * @param {number} tabId
 * @param {TabRecord | undefined} record
 */
async function showOnToolbar(tabId, record) {
  const shown = record?.fault ?? record?.view;
  const quiet = !record || record.view?.closed === "recovered";
  const text = quiet ? "" : record.fault ? "!" : record.mainFrame ? record.view?.badge ?? "!" : "•";
  await api.action.setBadgeText({ tabId, text });
  if (text) await api.action.setBadgeBackgroundColor({ tabId, color: record?.mainFrame ? "#8a3b12" : "#4a5568" });
  await api.action.setTitle({ tabId, title: quiet ? api.i18n.getMessage("actionTitle") : shown?.actionTitle || shown?.title || api.i18n.getMessage("actionTitle") });
}

/**
 * A page is loading: browsers drop a tab's badge when they navigate.
 * @param {number} tabId
 */
export function pageLoading(tabId) {
  declined.delete(tabId);
}

/**
 * A page has loaded: show the badge again and, on a refused page, the banner.
 * @param {number} tabId
 */
export function pageLoaded(tabId) {
  void inTurn(key(tabId), async () => {
    const record = await tabRecord(tabId);
    if (!record) return;
    await present(tabId, record);
    await injectBanner(tabId, record);
  });
}

/**
 * Hosts for which the person sent readmit's window away, by tab, until the tab
 * loads another page: what was declined is not asked again.
 * @type {Map<number, Set<string>>}
 */
const declined = new Map();

/**
 * @param {number} tabId
 * @param {string} host
 */
export function noteDeclined(tabId, host) {
  const hosts = declined.get(tabId) ?? new Set();
  declined.set(tabId, hosts.add(host));
}

/**
 * @param {number} tabId
 * @param {string} host
 */
export function wasDeclined(tabId, host) {
  return declined.get(tabId)?.has(host) ?? false;
}

// What readmit knows of each tab: the refusal it is about, its view, the step
// under way. One record a tab, in storage.session.

import { api } from "./browser.js";
import { drop, inTurn, load, save } from "./store.js";
import { sweepUndo } from "./cookies.js";
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
 * @property {{action: string, n: number, stage: Stage, since: number, at?: string, away?: boolean, grade?: Grade} | null} running the step under way; `at` is the page it opened, `away` that the person was on another site since
 * @property {Grade[]} [tried]     what was cleared for this page before, and did not help
 * @property {string} [signIn]     where the refusal says to sign in
 * @property {boolean} read        the page's own text has reached the agent
 * @property {boolean} [mayLook]   probes wait for a click
 * @property {string | null} notice a message key of one line to show after a step
 * @property {number} [noticed]     when that was said (epoch ms)
 */
/** @typedef {import("./clear.js").Grade} Grade */
/**
 * @typedef {"started" | "shown" | "signing_in" | "returning"} Stage `shown`:
 * nothing more is to come from readmit
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
    await Promise.all([save(key(tabId), record), present(tabId, record)]);
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
    await Promise.all([save(key(tabId), next), present(tabId, next)]);
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
  declined.delete(tabId);
  attended.delete(tabId);
  void inTurn(key(tabId), async () => {
    await drop(key(tabId));
    await sweepUndo();
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
  for (const watcher of watchers) watcher(tabId);
  await showOnToolbar(tabId, record).catch(() => {}); // the tab may be gone
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

const attendTime = 10_000;
/** @type {Map<number, number>} when the person was last busy with a tab in a window of readmit's (epoch ms) */
const attended = new Map();

/** @param {number} tabId */
export function attend(tabId) {
  attended.set(tabId, Date.now());
}

/** @param {number | undefined} tabId */
export function isAttended(tabId) {
  return Date.now() - (attended.get(tabId ?? -1) ?? 0) < attendTime;
}

/**
 * A page is loading: what was declined was so for the page before it.
 * @param {number} tabId
 */
export function pageLoading(tabId) {
  declined.delete(tabId);
}

/**
 * A page has loaded: show the badge again, which browsers drop when a tab
 * navigates, and on a refused page the banner.
 * @param {number} tabId
 */
export async function pageLoaded(tabId) {
  const record = await inTurn(key(tabId), async () => {
    const now = await tabRecord(tabId);
    if (now) await present(tabId, now);
    return now;
  });
  if (record) await injectBanner(tabId, record); // not in turn: a page that blocks scripts must not block the tab's record
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

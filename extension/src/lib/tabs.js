// What readmit knows of each tab: the refusal it is about, its view, the step
// under way. One record a tab, in storage.session.

import { api } from "./browser.js";
import { drop, inTurn, load, save } from "./store.js";
import { sweepUndo } from "./cookies.js";
import { injectBanner, removeBanner } from "./page.js";
import { endedPause, isPaused, pausedUntil, setPause } from "./pause.js";

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
 * @property {boolean} [later]     the person said "Not now"
 * @property {boolean} [unsigned]  the refused request carried nothing that says who the person is
 * @property {number | null} [retryAt] when the site asked to come back (epoch ms)
 * @property {boolean} [opens]     a look from outside saw the page open
 * @property {boolean} [quiet]     explained when asked, announced nowhere
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

/** @param {number} tabId something that the popup shows of a tab has changed beside its record */
export function touchTab(tabId) {
  for (const watcher of watchers) watcher(tabId);
}

/**
 * @param {number} tabId
 * @param {TabRecord | undefined} record
 */
async function present(tabId, record) {
  touchTab(tabId);
  await showOnToolbar(tabId, record).catch(() => {}); // the tab may be gone
}

/**
 * @param {number} tabId
 * @param {TabRecord | undefined} record
 */
async function showOnToolbar(tabId, record) {
  const shown = record?.fault ?? record?.view;
  const opens = Boolean(record?.opens) && !record?.view?.closed;
  const quiet = !record || (record.quiet && !opens) || record.view?.closed === "recovered";
  const paused = quiet && await isPaused();
  const text = opens ? api.i18n.getMessage("opensBadge") : paused ? api.i18n.getMessage("pausedBadge") : quiet || record.later ? "" : record.fault ? "!" : record.mainFrame ? record.view?.badge ?? "!" : "•";
  await api.action.setBadgeText({ tabId, text });
  if (text) await api.action.setBadgeBackgroundColor({ tabId, color: record?.mainFrame ? "#8a3b12" : "#4a5568" });
  await api.action.setTitle({ tabId, title: opens ? api.i18n.getMessage("opensAction") : paused ? api.i18n.getMessage("pausedAction") : quiet ? api.i18n.getMessage("actionTitle") : shown?.actionTitle || shown?.title || api.i18n.getMessage("actionTitle") });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let pauseTimer;

/**
 * Pause readmit, or switch it on, and show that on the toolbar of every tab.
 * What it knew of the tabs is forgotten with a pause.
 * @param {"hour" | "on" | "off"} how
 */
export async function changePause(how) {
  await setPause(how);
  if (how !== "off") await onEveryTab((tabId) => Promise.all([clearTab(tabId), removeBanner(tabId)]));
  await showPause();
}

/** Also when the background starts: a pause may have run out while it slept. */
export async function showPause() {
  const until = await pausedUntil();
  clearTimeout(pauseTimer);
  if (until) pauseTimer = setTimeout(() => { void showPause(); }, until - Date.now() + 1);
  const paused = until !== null;
  await api.action.setBadgeText({ text: paused ? api.i18n.getMessage("pausedBadge") : "" });
  await api.action.setTitle({ title: api.i18n.getMessage(paused ? "pausedAction" : "actionTitle") });
  await onEveryTab(async (tabId) => present(tabId, await tabRecord(tabId)));
}

/** Show that a pause has run out, if one has. */
export async function sweepPause() {
  if (await endedPause() || await isPaused()) await showPause();
}

/** @param {(tabId: number) => Promise<unknown>} act */
async function onEveryTab(act) {
  const tabs = await api.tabs.query({});
  await Promise.all(tabs.map(({ id }) => id !== undefined && act(id)));
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

// "Tell me when this page lets me in": the page is asked for again, on the
// person's word, until it opens. GET only, without cookies or a sign-in,
// redirects not followed, never before the moment that the site names, ever
// more seldom and at most ten times; it ends with the tab, with another page in
// it, and with a pause.
//
// The browser's alarms wake the background for it: their names are all that is
// kept outside storage.session.

import { api } from "./browser.js";
import { isSilent } from "./pause.js";
import { retryAt } from "./retry.js";
import { tabOf } from "./report.js";
import { samePage } from "./safe.js";
import { drop, inTurn, load, save } from "./store.js";
import { changeTab, tabRecord, touchTab } from "./tabs.js";

const firstWait = 60_000;
const leastWait = 5000; // also where the site says "in a second"
const longestWait = 15 * 60 * 1000;
const maxLooks = 10;
const lookTime = 10_000;

/** @typedef {{url: string, looks: number, wait: number, at: number}} Watch at: of the next look (epoch ms) */

const prefix = "watch:";
const key = (/** @type {number} */ tabId) => `${prefix}${tabId}`;

// What passes by itself, or by what the person does elsewhere.
const passing = new Set(["rate_limited", "service_outage"]);
// The same where the person's own request carried nothing that a look leaves out.
const passingUnsigned = new Set(["unknown", "ip_or_geo_blocked", "vpn_or_network_required", "captive_portal", "server_misconfigured"]);

/**
 * Whether looking again without cookies could see the page open.
 * @param {import("./tabs.js").TabRecord} record
 */
export function mayWatch({ method, mainFrame, private: hidden, challenged, unsigned, status, view, url, pageUrl }) {
  if (method !== "GET" || !mainFrame || hidden || challenged || url !== pageUrl || view?.closed) return false;
  return status === 429 || status >= 500 || passing.has(view?.cause) || (Boolean(unsigned) && passingUnsigned.has(view?.cause));
}

/**
 * @param {number} tabId
 * @returns {Promise<number | null>} when the page is looked at next (epoch ms), null when it is not watched
 */
export async function watchedAt(tabId) {
  return /** @type {Watch | undefined} */ (await load(key(tabId)))?.at ?? null;
}

/** @param {number} tabId */
export async function startWatch(tabId) {
  const record = await tabRecord(tabId);
  if (!record || !mayWatch(record)) return;
  await plan(tabId, { url: record.url, looks: 0, wait: firstWait, at: 0 }, record.retryAt ?? null);
}

/** @param {number} tabId */
export async function stopWatch(tabId) {
  await api.alarms.clear(key(tabId));
  await inTurn(key(tabId), () => drop(key(tabId)));
  touchTab(tabId);
}

/**
 * Look when the site says, or after the usual wait.
 * @param {number} tabId
 * @param {Watch} watch
 * @param {number | null} named the moment that the site named
 */
async function plan(tabId, watch, named) {
  const now = Date.now();
  // Not all who were turned away together come back together.
  const at = Math.max(named ?? now + watch.wait, now + leastWait) + Math.random() * leastWait / 5;
  await inTurn(key(tabId), () => save(key(tabId), { ...watch, at }));
  await api.alarms.create(key(tabId), { when: at });
  touchTab(tabId);
}

/** @param {chrome.alarms.Alarm} alarm */
export async function look({ name }) {
  if (!name.startsWith(prefix)) return;
  const tabId = Number(name.slice(prefix.length));
  const watch = /** @type {Watch | undefined} */ (await load(key(tabId)));
  const [tab, record] = await Promise.all([tabOf(tabId), tabRecord(tabId)]);
  if (!watch || !tab || !record || !samePage(record.url, watch.url) || record.view?.closed || await isSilent(new URL(watch.url).origin)) {
    await stopWatch(tabId);
    return;
  }
  const { status, named } = await ask(watch.url);
  if (status >= 200 && status < 300) {
    await stopWatch(tabId);
    await changeTab(tabId, record.requestId, { opens: true, notice: "noticeOpens", noticed: Date.now() });
  } else if (watch.looks + 1 >= maxLooks) {
    await stopWatch(tabId);
    await changeTab(tabId, record.requestId, { notice: "noticeStillClosed", noticed: Date.now() });
  } else {
    await plan(tabId, { ...watch, looks: watch.looks + 1, wait: Math.min(watch.wait * 2, longestWait) }, named);
  }
}

/**
 * @param {string} url
 * @returns {Promise<{status: number, named: number | null}>} status 0: no answer
 */
async function ask(url) {
  try {
    const response = await fetch(url, {
      method: "GET", credentials: "omit", redirect: "manual", cache: "no-store", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(lookTime),
    });
    void response.body?.cancel();
    return { status: response.status, named: retryAt(response.headers.get("retry-after"), Date.now()) };
  } catch {
    return { status: 0, named: null };
  }
}

// Pages that were given back to the browser because readmit was asking
// elsewhere, or nobody saw them: a yes for their host opens them as well.

import { api } from "./browser.js";
import { latestOf, wasPosted } from "./navigation.js";

const maxWaiting = 64;

/** @type {Map<number, {requestId: string, host: string}>} by tab */
const waiting = new Map();

/**
 * @param {number} tabId
 * @param {any} details the challenged request; only a page that was asked for by GET is loaded anew
 */
export function noteWaiting(tabId, { type, method, requestId, url }) {
  if (type !== "main_frame" || method !== "GET") return;
  waiting.delete(tabId);
  waiting.set(tabId, { requestId, host: new URL(url).host });
  for (const oldest of waiting.keys()) {
    if (waiting.size <= maxWaiting) break;
    waiting.delete(oldest);
  }
}

/** @param {number} tabId */
export function forgetWaiting(tabId) {
  waiting.delete(tabId);
}

/**
 * The host took a sign-in: load what waits for it, unless its tab has gone on.
 * @param {string} host
 */
export function reloadWaiting(host) {
  for (const [tabId, one] of waiting) {
    if (one.host !== host) continue;
    waiting.delete(tabId);
    if (latestOf(tabId)?.requestId === one.requestId) void reloadPage(tabId);
  }
}

/**
 * Load a tab's page anew, but never one that sent something: that would be
 * sent again.
 * @param {number} tabId
 */
export async function reloadPage(tabId) {
  if (await wasPosted(tabId)) return;
  await api.tabs.reload(tabId).catch(() => {}); // closed meanwhile
}

// This site's cookies: facts about them for the agent, clearing them one by
// one, and putting them back. Values stay in storage.session, which is memory,
// and only between a clearing and its undo.

import { api, cookieStoreOf } from "./browser.js";
import { drop, load, save } from "./store.js";

const undoTime = 60 * 60 * 1000;

/**
 * @param {string} url
 * @param {chrome.tabs.Tab | undefined} tab
 * @returns {Promise<{sent: "yes" | "no" | "unknown", cookies: object[]}>} cookies without values
 */
export async function cookieFacts(url, tab) {
  try {
    const storeId = await cookieStoreOf(tab);
    const sent = await api.cookies.getAll({ url, ...(storeId && { storeId }) });
    const all = [...sent, ...(await siteCookies(url, storeId)).filter((c) => !sent.some((s) => same(s, c)))];
    return {
      sent: sent.length > 0 ? "yes" : "no",
      cookies: all.slice(0, 64).map((c) => ({
        name: c.name, domain: c.domain, path: c.path, hostOnly: c.hostOnly,
        ...(c.expirationDate && { expires: new Date(c.expirationDate * 1000).toISOString() }),
        ...(c.partitionKey && { partitioned: true }),
      })),
    };
  } catch {
    return { sent: "unknown", cookies: [] };
  }
}

/**
 * Remove the cookies that belong to this host alone, and keep them for undo.
 * A cookie of a parent domain also signs other sites in: it stays.
 * @param {number} tabId
 * @param {string} url
 * @returns {Promise<number>} how many were removed
 */
export async function clearCookies(tabId, url) {
  const storeId = await cookieStoreOf(await api.tabs.get(tabId));
  const cookies = await siteCookies(url, storeId);
  // Kept before the first is removed: a background that dies half-way has lost nothing.
  await save(undoKey(tabId), { host: new URL(url).hostname, cookies, expires: Date.now() + undoTime });
  for (const cookie of cookies) {
    await api.cookies.remove({
      url: urlOf(cookie), name: cookie.name, storeId: cookie.storeId,
      ...(cookie.partitionKey && { partitionKey: cookie.partitionKey }),
    });
  }
  return cookies.length;
}

/**
 * Put back what was cleared in this tab, except where the site has set the
 * cookie anew since.
 * @param {number} tabId
 */
export async function undoClearing(tabId) {
  const undo = await undoOf(tabId);
  await removeUndo(tabId);
  if (!undo) return;
  for (const cookie of undo.cookies) {
    const now = await siteCookies(urlOf(cookie), cookie.storeId);
    if (now.some((c) => same(c, cookie))) continue;
    const { name, value, path, secure, httpOnly, sameSite, expirationDate, storeId, partitionKey } = cookie;
    await api.cookies.set({
      url: urlOf(cookie), name, value, path, secure, httpOnly, sameSite, storeId,
      ...(expirationDate && { expirationDate }), ...(partitionKey && { partitionKey }),
      ...(!cookie.hostOnly && { domain: cookie.domain }),
    });
  }
}

/**
 * @typedef {{host: string, cookies: chrome.cookies.Cookie[], expires: number}} Undo
 * @param {number} tabId
 * @returns {Promise<Undo | undefined>}
 */
export async function undoOf(tabId) {
  const undo = /** @type {Undo | undefined} */ (await load(undoKey(tabId)));
  if (undo && undo.expires > Date.now()) return undo;
  if (undo) await removeUndo(tabId);
  return undefined;
}

/** @param {number} tabId */
export function removeUndo(tabId) {
  return drop(undoKey(tabId));
}

const undoKey = (/** @type {number} */ tabId) => `undo:${tabId}`;

/**
 * All cookies of exactly this host, partitioned and pathed ones included:
 * {url} alone misses those.
 * @param {string} url
 * @param {string | undefined} storeId
 */
async function siteCookies(url, storeId) {
  const host = new URL(url).hostname;
  const found = await api.cookies.getAll({ domain: host, partitionKey: {}, ...(storeId && { storeId }) });
  return found.filter((c) => c.domain.replace(/^\./, "") === host);
}

/** @param {chrome.cookies.Cookie} c */
function urlOf(c) {
  return `${c.secure ? "https" : "http"}://${c.domain.replace(/^\./, "")}${c.path}`;
}

/**
 * @param {chrome.cookies.Cookie} a
 * @param {chrome.cookies.Cookie} b
 */
function same(a, b) {
  return a.name === b.name && a.domain === b.domain && a.path === b.path
    && a.partitionKey?.topLevelSite === b.partitionKey?.topLevelSite;
}

// What a site keeps in the browser beside its cookies: entries of Web Storage,
// databases, caches and service workers, counted and cleared in its own page.
// There it is exactly this origin's in both browsers (measured in Chromium 156
// and Firefox ESR 153), which Firefox's browsingData is not.

import { api } from "./browser.js";

const pageTime = 4000; // a page that answers no script is not waited for (ms)

/**
 * @typedef {{entries: number, databases: number, caches: number, workers: number}} Stored
 * @param {number} tabId
 * @param {string} origin
 * @returns {Promise<Stored | null>} null where the page is not of this origin, or takes no script
 */
export function countStored(tabId, origin) {
  return inPage(tabId, async (/** @type {string} */ wanted) => {
    if (location.origin !== wanted) return null;
    try {
      return {
        entries: localStorage.length + sessionStorage.length,
        databases: (await indexedDB.databases()).length,
        caches: globalThis.caches ? (await caches.keys()).length : 0, // not without TLS
        workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
      };
    } catch {
      return null; // a sandboxed page has no storage of its own
    }
  }, origin);
}

/**
 * Clear it all, the service workers first: they could bring the rest back.
 * @param {number} tabId
 * @param {string} origin
 */
export async function clearStored(tabId, origin) {
  await inPage(tabId, async (/** @type {string} */ wanted) => {
    if (location.origin !== wanted) return false;
    for (const worker of await navigator.serviceWorker?.getRegistrations() ?? []) await worker.unregister();
    for (const name of await globalThis.caches?.keys() ?? []) await caches.delete(name);
    for (const { name } of await indexedDB.databases()) {
      // One that the page holds open goes when the page does.
      await new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(name ?? "");
        request.onsuccess = request.onerror = request.onblocked = resolve;
      });
    }
    localStorage.clear();
    sessionStorage.clear();
    return true;
  }, origin);
}

/**
 * @template T
 * @param {number} tabId
 * @param {(origin: string) => Promise<T | null>} func self-contained: the browser sends it as text
 * @param {string} origin
 * @returns {Promise<T | null>}
 */
async function inPage(tabId, func, origin) {
  const late = new Promise((resolve) => { setTimeout(resolve, pageTime, []); });
  const run = api.scripting.executeScript({ target: { tabId }, func, args: [origin] }).catch(() => []);
  const [frame] = /** @type {{result?: T}[]} */ (await Promise.race([run, late]));
  return frame?.result ?? null;
}

// What else of a page was refused, as numbers: a line in the popup, nothing on
// the toolbar. A page that fails a thousand times costs a number in memory.

import { load, save } from "./store.js";

const key = (/** @type {number} */ tabId) => `parts:${tabId}`;
const saveTime = 500;

/** @typedef {{images: number, files: number, calls: number}} Counts */

/** @type {Map<number, Counts>} */
const counts = new Map();
/** @type {Map<number, ReturnType<typeof setTimeout>>} */
const saving = new Map();

/** @type {Record<string, keyof Counts>} */
const kinds = { image: "images", media: "images", imageset: "images", other: "files", object: "files", xmlhttprequest: "calls" };

/**
 * @param {number} tabId
 * @param {string} type webRequest.ResourceType
 */
export function countRefused(tabId, type) {
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (!kind || tabId < 0) return;
  const known = counts.get(tabId) ?? { images: 0, files: 0, calls: 0 };
  known[kind]++;
  counts.set(tabId, known);
  if (saving.has(tabId)) return;
  saving.set(tabId, setTimeout(() => {
    saving.delete(tabId);
    void save(key(tabId), counts.get(tabId) ?? null);
  }, saveTime));
}

/**
 * @param {number} tabId
 * @returns {Promise<Counts | null>} null: nothing was refused
 */
export async function refusedParts(tabId) {
  return counts.get(tabId) ?? /** @type {Counts | null | undefined} */ (await load(key(tabId))) ?? null;
}

/** @param {number} tabId a page begins to load, or the tab is gone */
export function forgetCounts(tabId) {
  counts.delete(tabId);
  clearTimeout(saving.get(tabId));
  saving.delete(tabId);
  void save(key(tabId), null);
}

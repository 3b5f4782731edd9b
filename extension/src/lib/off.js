// Sites that the person wants left alone, until they take it back: kept for
// all windows of this browser, and for no private one, which keeps nothing.

import { api } from "./browser.js";
import { inTurn } from "./store.js";

const key = "off";
const maxOrigins = 500;

/**
 * @returns {Promise<string[]>} origins, the one added last at the end
 */
export async function offOrigins() {
  const kept = (await api.storage.local.get(key))[key];
  return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
}

/**
 * Whether readmit leaves a site alone.
 * @param {string} origin
 * @returns {Promise<boolean>}
 */
export async function isOff(origin) {
  return (await offOrigins()).includes(origin);
}

/**
 * Leave a site alone from now on, or no longer. Never called for a page of a
 * private window: what is kept outlives it.
 * @param {string} origin
 * @param {boolean} off
 * @returns {Promise<void>}
 */
export function setOff(origin, off) {
  return inTurn(key, async () => {
    const others = (await offOrigins()).filter((one) => one !== origin);
    await api.storage.local.set({ [key]: (off ? [...others, origin] : others).slice(-maxOrigins) });
  });
}

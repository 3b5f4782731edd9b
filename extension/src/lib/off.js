// Sites where the person wants readmit to stay out of the way. The list is the
// person's own setting and stays on this computer.

import { api } from "./browser.js";
import { inTurn } from "./store.js";

const setting = "setting:off";
const maxSites = 500;

/** @returns {Promise<string[]>} origins, the one switched off last at the end */
async function all() {
  const kept = (await api.storage.local.get(setting))[setting];
  return Array.isArray(kept) ? kept : [];
}

/**
 * @param {string} origin
 * @returns {Promise<boolean>}
 */
export async function isOff(origin) {
  return (await all()).includes(origin);
}

/**
 * @param {string} origin
 * @param {boolean} off
 * @returns {Promise<void>}
 */
export function setOff(origin, off) {
  return inTurn(setting, async () => {
    const others = (await all()).filter((one) => one !== origin);
    await api.storage.local.set({ [setting]: off ? [...others, origin].slice(-maxSites) : others });
  });
}

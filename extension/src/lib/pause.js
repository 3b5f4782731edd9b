// readmit paused by the person, for an hour or until it is switched on again:
// nothing is explained, asked or looked up, and the toolbar says so.

import { api } from "./browser.js";
import { isOff } from "./off.js";

const setting = "setting:pause";
const hour = 60 * 60 * 1000;

/**
 * Until when readmit is paused.
 * @returns {Promise<number | null>} epoch ms, 0 for "until it is switched on", null when it is not paused
 */
export async function pausedUntil() {
  const until = (await api.storage.local.get(setting))[setting];
  return typeof until === "number" && (until === 0 || until > Date.now()) ? until : null;
}

/** @returns {Promise<boolean>} */
export async function isPaused() {
  return await pausedUntil() !== null;
}

/**
 * Whether readmit stays out of the way of a site's pages.
 * @param {string} origin
 * @returns {Promise<boolean>}
 */
export async function isSilent(origin) {
  return await isPaused() || isOff(origin);
}

/** @param {"hour" | "on" | "off"} how "on": paused until switched on again */
export async function setPause(how) {
  if (how === "off") await api.storage.local.remove(setting);
  else await api.storage.local.set({ [setting]: how === "hour" ? Date.now() + hour : 0 });
}

/**
 * Forget a pause that has run out.
 * @returns {Promise<boolean>} whether one had
 */
export async function endedPause() {
  const kept = (await api.storage.local.get(setting))[setting];
  if (kept === undefined || await isPaused()) return false;
  await setPause("off");
  return true;
}

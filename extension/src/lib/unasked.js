// Why readmit did not ask about a challenge of a tab's page: a closed list of
// rules, each with the sentence that the popup shows. The first of a page is
// kept, or that of the page itself.

import { drop, inTurn, load, save } from "./store.js";
import { touchTab } from "./tabs.js";

/** rule -> key of the catalogue */
export const rules = Object.freeze({
  behind: "unaskedBehind",
  busy: "unaskedBusy",
  declined: "unaskedDeclined",
  frame: "unaskedFrame",
  http: "unaskedHttp",
  late: "unaskedLate",
  off: "unaskedOff",
  other_site: "unaskedOtherSite",
  private: "unaskedPrivate",
  proxy: "unaskedProxy",
  unreadable: "unaskedUnreadable",
});

/** @typedef {keyof typeof rules} Rule */
/** @typedef {{rule: Rule, host: string, mainFrame: boolean}} Unasked */

const keyOf = (/** @type {number} */ tabId) => `unasked:${tabId}`;

/**
 * @param {number} tabId
 * @param {Rule} rule
 * @param {any} details the challenged request
 */
export function noteUnasked(tabId, rule, { url, type }) {
  if (tabId < 0) return;
  const mainFrame = type === "main_frame";
  void inTurn(keyOf(tabId), async () => {
    const before = await unaskedOf(tabId);
    if (before && (before.mainFrame || !mainFrame)) return;
    await save(keyOf(tabId), { rule, host: new URL(url).host, mainFrame });
    touchTab(tabId);
  });
}

/**
 * @param {number} tabId
 * @returns {Promise<Unasked | undefined>}
 */
export function unaskedOf(tabId) {
  return load(keyOf(tabId));
}

/** @param {number} tabId another page loads there, or the person was asked after all */
export function forgetUnasked(tabId) {
  void inTurn(keyOf(tabId), async () => {
    if (await unaskedOf(tabId)) await drop(keyOf(tabId));
  });
}

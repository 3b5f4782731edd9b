// What must survive the background's death: a thin face on storage.session,
// which lives in memory, ends with the browser and is closed to web pages.
// Nobody else writes to it, so what was read or written once is at hand.

import { api } from "./browser.js";

/** @type {Map<string, unknown>} */
const atHand = new Map();

/**
 * @template T
 * @param {string} key
 * @returns {Promise<T | undefined>} a copy
 */
export async function load(key) {
  if (!atHand.has(key)) {
    const found = (await api.storage.session.get(key))[key];
    if (!atHand.has(key)) atHand.set(key, found); // unless written meanwhile
  }
  return /** @type {T | undefined} */ (structuredClone(atHand.get(key)));
}

/**
 * @param {string} key
 * @param {unknown} value
 */
export async function save(key, value) {
  atHand.set(key, structuredClone(value));
  await api.storage.session.set({ [key]: value });
}

/**
 * @param {string} beginning of the key
 * @returns {Promise<[string, unknown][]>}
 */
export async function loadAll(beginning) {
  return Object.entries(await api.storage.session.get(null)).filter(([key]) => key.startsWith(beginning));
}

/** @param {string} key */
export async function drop(key) {
  atHand.delete(key);
  await api.storage.session.remove(key);
}

/** @type {Map<string, Promise<unknown>>} */
const turns = new Map();

/**
 * Run `change` after all earlier changes of the same key: storage has no
 * transactions, and events interleave.
 * @template T
 * @param {string} key
 * @param {() => Promise<T>} change
 * @returns {Promise<T>}
 */
export function inTurn(key, change) {
  const turn = (turns.get(key) ?? Promise.resolve()).then(change, change);
  const settled = turn.catch(() => {}).then(() => { if (turns.get(key) === settled) turns.delete(key); });
  turns.set(key, settled);
  return turn;
}

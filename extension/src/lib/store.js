// What must survive the background's death: a thin face on storage.session,
// which lives in memory, ends with the browser and is closed to web pages.

import { api } from "./browser.js";

/**
 * @template T
 * @param {string} key
 * @returns {Promise<T | undefined>}
 */
export async function load(key) {
  return /** @type {T | undefined} */ ((await api.storage.session.get(key))[key]);
}

/**
 * @param {string} key
 * @param {unknown} value
 */
export async function save(key, value) {
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

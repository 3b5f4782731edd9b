// Which page each tab is on its way to, whether the person set it going, and
// what they declined until they do. A page can load itself anew as often as it
// likes; that must not ask anybody again.

import { isOwn, startedByPerson } from "./browser.js";
import { inTurn, load, save } from "./store.js";

const key = "declined";
const postedKey = "posted";
const maxDeclined = 200;
const maxRequests = 64;

/** @type {Map<string, boolean>} main-frame requests seen -> whether the person started them */
const requests = new Map();
/** @type {Map<number, {requestId: string, url: string, method: string}>} what each tab loaded last */
const latest = new Map();
/** @type {Set<number>} tabs in which a button of readmit's is about to load a page */
const expected = new Set();

/**
 * A page begins to load. Told twice a request: its headers come later, and are
 * what says that a link was clicked.
 * @param {any} details
 * @returns {boolean} whether this is the first that is heard of it
 */
export function noteNavigation(details) {
  const { tabId, requestId, url, method } = details;
  if (tabId < 0) return false;
  latest.set(tabId, { requestId, url, method });
  notePosted(tabId, method !== "GET");
  const known = requests.get(requestId);
  const awaited = expected.delete(tabId);
  const person = awaited || isOwn(details) || startedByPerson(details);
  if (known || (known === false && !person)) return false;
  requests.set(requestId, person);
  for (const oldest of requests.keys()) {
    if (requests.size <= maxRequests) break;
    requests.delete(oldest);
  }
  if (person) void forget(([tab]) => tab === tabId);
  return known === undefined;
}

/**
 * The person pressed a button of readmit's that loads a page in this tab.
 * @param {number} tabId
 */
export function expectNavigation(tabId) {
  expected.add(tabId);
  void forget(([tab]) => tab === tabId);
}

/** @param {number} tabId the tab was closed; what was declined there stays so for pages that load by themselves */
export function forgetNavigation(tabId) {
  latest.delete(tabId);
  expected.delete(tabId);
  notePosted(tabId, false);
}

/**
 * What a tab loads, or loaded last, as long as the background lives.
 * @param {number} tabId
 */
export function latestOf(tabId) {
  return latest.get(tabId);
}

/**
 * Whether the page that a tab loads, or loaded last, began by itself.
 * @param {number} tabId
 */
export function beganByItself(tabId) {
  return requests.get(latest.get(tabId)?.requestId ?? "") === false;
}

/**
 * @param {number} tabId
 * @param {boolean} posted
 */
function notePosted(tabId, posted) {
  void inTurn(postedKey, async () => {
    const before = await postedTabs();
    if (before.includes(tabId) === posted) return;
    const others = before.filter((one) => one !== tabId);
    await save(postedKey, posted ? [...others, tabId].slice(-maxDeclined) : others);
  });
}

/** @returns {Promise<number[]>} tabs whose page answers a request that sent something */
async function postedTabs() {
  return await load(postedKey) ?? [];
}

/**
 * Whether a tab's page answers a request that sent something, so that loading
 * it anew would send that again.
 * @param {number} tabId
 */
export function wasPosted(tabId) {
  return inTurn(postedKey, async () => (await postedTabs()).includes(tabId));
}

/**
 * @param {(declined: [number, string]) => boolean} which
 * @returns {Promise<void>}
 */
function forget(which) {
  return inTurn(key, async () => {
    const before = await all();
    const after = before.filter((one) => !which(one));
    if (after.length < before.length) await save(key, after);
  });
}

/** @returns {Promise<[number, string][]>} tab and host, the oldest first */
async function all() {
  return await load(key) ?? [];
}

/**
 * The person sent readmit's window away.
 * @param {number} tabId
 * @param {string} host
 * @returns {Promise<void>}
 */
export function noteDeclined(tabId, host) {
  return inTurn(key, async () => {
    const others = (await all()).filter(([tab, name]) => tab !== tabId || name !== host);
    await save(key, [...others, [tabId, host]].slice(-maxDeclined));
  });
}

/**
 * A sign-in that the person agreed to opened the host: the no before it is over.
 * @param {string} host
 */
export function forgetDeclined(host) {
  return forget(([, name]) => name === host);
}

/**
 * Whether the person said no to this host, and has started no page since: a part
 * of the page of the tab where they did, or a page, in whatever tab, that loads
 * by itself.
 * @param {any} details
 * @param {number} tabId
 * @returns {Promise<boolean>}
 */
export function wasDeclined({ type, requestId, url }, tabId) {
  const { host } = new URL(url);
  return inTurn(key, async () => {
    const declined = await all();
    if (type !== "main_frame") return declined.some(([tab, name]) => tab === tabId && name === host);
    return !requests.get(requestId) && !expected.delete(tabId) && declined.some(([, name]) => name === host);
  });
}

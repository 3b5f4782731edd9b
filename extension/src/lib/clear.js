// Clearing what a site keeps, in grades: the least that can help first. Each
// says before it is done what will be lost; none touches another site, but for
// the cookies that a parent domain shares, and those only by name.

import { api, clearOrigin, clearsOrigins } from "./browser.js";
import { clearCookies, cookiesOf, sharedCookiesOf } from "./cookies.js";
import { tabOf } from "./report.js";
import { clearStored, countStored } from "./stored.js";

/** @typedef {import("./tabs.js").TabRecord} TabRecord */
/** @typedef {"page" | "cache" | "cookies" | "shared" | "storage" | "all"} Grade */

/**
 * The grades, the cheapest first, and what each takes away. "page" takes
 * nothing: it is a reload past the cache.
 * @type {Record<Grade, ("cache" | "cookies" | "shared" | "storage")[]>}
 */
const parts = { page: [], cache: ["cache"], cookies: ["cookies"], shared: ["shared"], storage: ["storage"], all: ["cache", "cookies", "storage"] };
const grades = /** @type {Grade[]} */ (Object.keys(parts));

const maxSites = 8; // more names would not be read

/** @param {unknown} grade @returns {grade is Grade} */
export function isGrade(grade) {
  return typeof grade === "string" && Object.hasOwn(parts, grade);
}

/**
 * What each grade would take away, and which to choose first.
 * @param {number} tabId
 * @param {TabRecord} record
 * @returns {Promise<import("../ui/types.js").Inventory>}
 */
export async function inventory(tabId, record) {
  const { origin, host, hostname } = new URL(record.url);
  const tab = await tabOf(tabId);
  const [cookies, shared, stored] = await Promise.all([cookiesOf(tab, record.url), sharedCookiesOf(tab, record.url), countStored(tabId, origin)]);
  const byOrigin = mayClearOrigin(tab);
  const found = {
    site: host, host: hostname,
    cache: byOrigin,
    cookies: {
      count: cookies.length,
      elsewhere: cookies.filter((c) => isElsewhere(c, hostname)).length,
      below: cookies.some((c) => !c.hostOnly),
    },
    shared: { count: shared.length, ...await sitesSharing(shared, hostname) },
    storage: stored !== null || byOrigin,
    stored,
  };
  return { ...found, chosen: choose(found, record.view?.clear, record.tried ?? []) };
}

/**
 * @param {Omit<import("../ui/types.js").Inventory, "chosen">} found
 * @param {unknown} suggested the grade that the evidence points to
 * @param {Grade[]} tried
 * @returns {Grade}
 */
function choose(found, suggested, tried) {
  const from = isGrade(suggested) ? grades.indexOf(suggested) : 0;
  const helps = { page: true, cache: found.cache, cookies: found.cookies.count > 0, shared: found.shared.count > 0, storage: found.storage, all: true };
  return grades.slice(from).find((grade) => helps[grade] && !tried.includes(grade)) ?? "all";
}

/**
 * Whether a stronger grade is left after this one.
 * @param {Grade} grade
 */
export function isPartial(grade) {
  return grade !== "all";
}

/**
 * Clear, and look whether it is gone.
 * @param {number} tabId
 * @param {TabRecord} record
 * @param {Grade} grade
 * @returns {Promise<void>} rejects when something could not be cleared
 */
export async function clear(tabId, record, grade) {
  const { origin } = new URL(record.url);
  const tab = await tabOf(tabId);
  const taken = parts[grade];
  const byOrigin = mayClearOrigin(tab);
  if (taken.includes("storage")) await clearStored(tabId, origin);
  const kinds = {
    ...(taken.includes("cache") && { cache: true }),
    ...(taken.includes("storage") && { localStorage: true, indexedDB: true, cacheStorage: true, serviceWorkers: true, fileSystems: true }),
  };
  if (byOrigin && Object.keys(kinds).length > 0) await clearOrigin(origin, kinds);
  if (taken.includes("cookies")) await clearCookies(tab, record.url, await cookiesOf(tab, record.url));
  if (taken.includes("shared")) await clearCookies(tab, record.url, await sharedCookiesOf(tab, record.url));
  if (await isLeft(tabId, tab, record, taken, byOrigin)) throw new Error("some of the site's data is still there");
}

/**
 * @param {number} tabId
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {TabRecord} record
 * @param {string[]} taken
 * @param {boolean} byOrigin
 */
async function isLeft(tabId, tab, record, taken, byOrigin) {
  if (taken.includes("cookies") && (await cookiesOf(tab, record.url)).length > 0) return true;
  if (taken.includes("shared") && (await sharedCookiesOf(tab, record.url)).length > 0) return true;
  if (!taken.includes("storage")) return false;
  const stored = await countStored(tabId, new URL(record.url).origin);
  // A database that the page holds open goes with the page.
  return stored ? stored.entries + stored.caches + stored.workers > 0 : !byOrigin;
}

/**
 * The browser clears one origin in the ordinary profile only: in a private
 * window it would clear what the person keeps outside of it.
 * @param {chrome.tabs.Tab | undefined} tab
 */
function mayClearOrigin(tab) {
  return clearsOrigins && tab?.incognito === false;
}

/**
 * Whether a cookie of this host is kept inside another site.
 * @param {chrome.cookies.Cookie} cookie
 * @param {string} host
 */
function isElsewhere({ partitionKey }, host) {
  const top = partitionKey?.topLevelSite;
  if (!top || !URL.canParse(top)) return false;
  const { hostname } = new URL(top);
  return hostname !== host && !host.endsWith(`.${hostname}`);
}

/**
 * The sites that lose shared cookies too, as far as the browser knows them:
 * those with cookies of their own, and those in open tabs.
 * @param {chrome.cookies.Cookie[]} shared
 * @param {string} host
 * @returns {Promise<{parents: string[], sites: string[], more: number}>}
 */
async function sitesSharing(shared, host) {
  const parents = [...new Set(shared.map((c) => c.domain.replace(/^\./, "")))];
  const sites = new Set();
  const note = (/** @type {string} */ other) => {
    if (other !== host && parents.some((parent) => other === parent || other.endsWith(`.${parent}`))) sites.add(other);
  };
  const storeId = shared[0]?.storeId;
  for (const parent of parents) {
    note(parent);
    for (const { domain } of await api.cookies.getAll({ domain: parent, partitionKey: {}, storeId })) note(domain.replace(/^\./, ""));
  }
  if (parents.length > 0) {
    for (const { url } of await api.tabs.query({})) if (url && URL.canParse(url)) note(new URL(url).hostname);
  }
  const named = [...sites].sort();
  return { parents, sites: named.slice(0, maxSites), more: Math.max(0, named.length - maxSites) };
}

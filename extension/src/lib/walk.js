// The way of a tab between a refused page and the sign-in pages around it:
// how often it came back from one and was refused again. Two such turns are a
// loop, whoever walks it.

import { samePage } from "./safe.js";
import { isSignInPath } from "./signin.js";
import { drop, inTurn, load, save } from "./store.js";

const visitTime = 30 * 60 * 1000;

/**
 * @typedef {object} Walk
 * @property {string} page      the refused page, whole
 * @property {number} turns
 * @property {boolean} away     a sign-in page was opened since the page was refused last
 * @property {number} since     when that was (epoch ms)
 * @property {Left} [left]      a step led away from the page, and nobody knows yet whether it helped
 */
/** @typedef {{incidentId: string, action: string, n: number}} Left */

const key = (/** @type {number} */ tabId) => `walk:${tabId}`;

/**
 * Whether a page is one on the way to being signed in.
 * @param {string} url
 * @param {string} [at] the sign-in page that readmit opened, whatever its name
 */
export function isOnTheWay(url, at) {
  const { pathname } = new URL(url);
  if (isSignInPath(url)) return true;
  return at !== undefined && pathname !== "/" && pathname === new URL(at).pathname;
}

/**
 * A page was refused.
 * @param {number} tabId
 * @param {string} url
 * @param {{url: string}[]} hops redirects that led to it
 * @returns {Promise<{turns: number, left: Left | undefined}>} how many turns that makes, and the step that did not help
 */
export function refusedAgain(tabId, url, hops) {
  return inTurn(key(tabId), async () => {
    const before = await walkOf(tabId);
    const same = before && samePage(before.page, url) ? before : undefined;
    const back = same && (same.away || hops.some((hop) => !samePage(hop.url, url) && isOnTheWay(hop.url)));
    const turns = (same?.turns ?? 0) + (back ? 1 : 0);
    await save(key(tabId), { page: url, turns, away: false, since: Date.now() });
    return { turns, left: same?.left };
  });
}

/**
 * The person leaves the refused page by a step of the plan.
 * @param {number} tabId
 * @param {Left} left
 */
export function noteLeft(tabId, left) {
  return inTurn(key(tabId), async () => {
    const walk = await walkOf(tabId);
    if (walk) await save(key(tabId), { ...walk, left });
  });
}

/**
 * A page opened.
 * @param {number} tabId
 * @param {string} url
 * @param {{url: string, method: string}[]} hops
 * @param {string} [at] the sign-in page that readmit opened
 * @returns {Promise<Left | undefined>} the step that helped, where the walk is at its end
 */
export function noteOpened(tabId, url, hops, at) {
  return inTurn(key(tabId), async () => {
    const walk = await walkOf(tabId);
    if (!walk) return undefined;
    const onTheWay = [url, ...hops.map((hop) => hop.url)].some((stop) => isOnTheWay(stop, at));
    // The page itself, or what a site shows once it has taken a form.
    if (samePage(walk.page, url) || (!onTheWay && hops.some((hop) => hop.method === "POST" && samePage(hop.url, walk.page)))) {
      await drop(key(tabId));
      return walk.left;
    }
    if (onTheWay) await save(key(tabId), { ...walk, away: true });
    return undefined;
  });
}

/**
 * @param {number} tabId
 * @returns {Promise<Walk | undefined>}
 */
async function walkOf(tabId) {
  const walk = /** @type {Walk | undefined} */ (await load(key(tabId)));
  return walk && Date.now() - walk.since < visitTime ? walk : undefined;
}

/** @param {number} tabId */
export function forgetWalk(tabId) {
  void inTurn(key(tabId), () => drop(key(tabId)));
}

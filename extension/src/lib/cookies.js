// This site's cookies, and those that a parent domain shares with it: facts
// about them for the agent, clearing them one by one, and putting them back. Values stay in storage.session, which is memory,
// and only between a clearing and its undo.

import { splitHost } from "../ui/site.js";
import { api, cookieStoreOf } from "./browser.js";
import { drop, inTurn, load, loadAll, save } from "./store.js";

const undoTime = 60 * 60 * 1000;

/**
 * @param {string} url
 * @param {chrome.tabs.Tab | undefined} tab
 * @returns {Promise<{sent: "yes" | "no" | "unknown", cookies: object[]}>} cookies without values
 */
export async function cookieFacts(url, tab) {
  try {
    const storeId = await cookieStoreOf(tab);
    const [sent, host] = await Promise.all([
      api.cookies.getAll({ url, ...(storeId && { storeId }) }),
      siteCookies(url, storeId),
    ]);
    const all = [...sent, ...host.filter((c) => !sent.some((s) => same(s, c)))];
    return {
      sent: sent.length > 0 ? "yes" : "no",
      cookies: all.slice(0, 64).map((c) => ({
        name: c.name, domain: c.domain, path: c.path, hostOnly: c.hostOnly,
        ...(c.expirationDate && { expires: new Date(c.expirationDate * 1000).toISOString() }),
        ...(c.partitionKey && { partitioned: true }),
      })),
    };
  } catch {
    return { sent: "unknown", cookies: [] };
  }
}

/**
 * The cookies of exactly this host. One of a parent domain also signs other
 * sites in: it is not among them.
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {string} url
 */
export async function cookiesOf(tab, url) {
  return siteCookies(url, await cookieStoreOf(tab));
}

/**
 * The cookies of parent domains that are sent to this address.
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {string} url
 */
export async function sharedCookiesOf(tab, url) {
  const storeId = await cookieStoreOf(tab);
  const found = await Promise.all(parentsOf(new URL(url).hostname).map((parent) => siteCookies(`https://${parent}/`, storeId)));
  return found.flat().filter((c) => !c.hostOnly && isSentTo(c, new URL(url)));
}

/**
 * The domains above a host, up to the one that its owner registered.
 * @param {string} host
 */
function parentsOf(host) {
  const { before, owner } = splitHost(host);
  const labels = before.split(".").filter(Boolean);
  return labels.map((_, i) => [...labels.slice(i + 1), owner].join("."));
}

/**
 * Whether a cookie of a domain above goes to an address that is open in a tab
 * of its own: by its path (RFC 6265 5.1.4) and by its partition.
 * @param {chrome.cookies.Cookie} cookie
 * @param {URL} address
 */
function isSentTo({ path, partitionKey }, { pathname, hostname }) {
  const below = pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
  const top = partitionKey?.topLevelSite;
  return below && (!top || (URL.canParse(top) && `.${hostname}`.endsWith(`.${new URL(top).hostname}`)));
}

/**
 * Remove cookies, and keep them for undo.
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {string} url of the page that is helped by it
 * @param {chrome.cookies.Cookie[]} cookies
 */
export async function clearCookies(tab, url, cookies) {
  const storeId = await cookieStoreOf(tab);
  const key = undoKey(url, storeId);
  await inTurn(key, async () => {
    // Kept before the first is removed: a background that dies half-way has
    // lost nothing. What an earlier clearing removed came first, and stays.
    const earlier = (await undoOf(tab, url))?.cookies ?? [];
    const added = cookies.filter((c) => !earlier.some((e) => same(e, c)));
    await save(key, { host: new URL(url).hostname, storeId, cookies: [...earlier, ...added], expires: Date.now() + undoTime });
  });
  for (const cookie of cookies) {
    await api.cookies.remove({
      url: urlOf(cookie), name: cookie.name, storeId: cookie.storeId,
      ...(cookie.partitionKey && { partitionKey: cookie.partitionKey }),
    });
  }
}

/**
 * Put back what was cleared for this site, except where the site has set the
 * cookie anew since.
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {string} url
 */
export async function undoClearing(tab, url) {
  const undo = await undoOf(tab, url);
  if (!undo) return;
  for (const cookie of undo.cookies) {
    const now = await siteCookies(urlOf(cookie), cookie.storeId);
    if (now.some((c) => same(c, cookie))) continue;
    // One that the browser refuses, as an expired one, does not keep the others
    // away. A secure cookie of this computer's own http, in a partition that is
    // named by that scheme, is taken from there alone (Chromium).
    await put(cookie, cookie.secure).catch(() => put(cookie, false)).catch(() => {});
  }
  await drop(undoKey(url, await cookieStoreOf(tab)));
}

/**
 * @param {chrome.cookies.Cookie} cookie
 * @param {boolean} secure the scheme of the address that it is set from
 */
async function put(cookie, secure) {
  const { name, value, path, httpOnly, sameSite, expirationDate, storeId, partitionKey } = cookie;
  const kept = await api.cookies.set({
    url: urlOf(cookie, secure), name, value, path, secure: cookie.secure, httpOnly, sameSite, storeId,
    ...(expirationDate && { expirationDate }), ...(partitionKey && { partitionKey }),
    ...(!cookie.hostOnly && { domain: cookie.domain }),
  });
  if (!kept) throw new Error("the browser did not take the cookie");
}

/**
 * @typedef {{host: string, storeId?: string, cookies: chrome.cookies.Cookie[], expires: number}} Undo
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {string} url
 * @returns {Promise<Undo | undefined>}
 */
export async function undoOf(tab, url) {
  const undo = /** @type {Undo | undefined} */ (await load(undoKey(url, await cookieStoreOf(tab))));
  return undo && undo.expires > Date.now() ? undo : undefined;
}

/**
 * Drop what can no longer be undone: cookie values are not kept longer than
 * promised, nor after the private window or container that they belonged to.
 */
export async function sweepUndo() {
  const undos = /** @type {[string, Undo][]} */ (await loadAll("undo:"));
  if (undos.length === 0) return;
  const stores = (await api.cookies.getAllCookieStores()).map(({ id }) => id);
  for (const [key, { expires, storeId }] of undos) {
    if (expires <= Date.now() || (storeId && !stores.includes(storeId))) await drop(key);
  }
}

/**
 * @param {string} url
 * @param {string | undefined} storeId
 */
const undoKey = (url, storeId) => `undo:${storeId ?? ""}:${new URL(url).hostname}`;

/**
 * All cookies of exactly this host, partitioned and pathed ones included:
 * {url} alone misses those.
 * @param {string} url
 * @param {string | undefined} storeId
 */
async function siteCookies(url, storeId) {
  const host = new URL(url).hostname;
  const found = await api.cookies.getAll({ domain: host, partitionKey: {}, ...(storeId && { storeId }) });
  return found.filter((c) => c.domain.replace(/^\./, "") === host);
}

/**
 * @param {chrome.cookies.Cookie} c
 * @param {boolean} [secure]
 */
function urlOf(c, secure = c.secure) {
  return `${secure ? "https" : "http"}://${c.domain.replace(/^\./, "")}${c.path}`;
}

/**
 * @param {chrome.cookies.Cookie} a
 * @param {chrome.cookies.Cookie} b
 */
function same(a, b) {
  return a.name === b.name && a.domain === b.domain && a.path === b.path
    && a.partitionKey?.topLevelSite === b.partitionKey?.topLevelSite;
}

// The only file that knows that browser engines differ.
//
// Facts were measured in Chromium 156 and Firefox ESR 153. Chromium defines
// `browser` too, so the engine is told by a method that only Firefox has.

/** The WebExtensions API; promises in both engines. */
export const api = globalThis.browser ?? globalThis.chrome;

/** @type {"firefox" | "chromium"} */
export const engine = typeof (/** @type {any} */ (api.runtime).getBrowserInfo) === "function" ? "firefox" : "chromium";

const pages = ["http://*/*", "https://*/*"];

// What can be refused and matters to a person: pages, frames, and the requests
// that scripts make. Images and the rest only ever matter when challenged.
/** @type {chrome.webRequest.ResourceType[]} */
const watched = /** @type {any} */ (["main_frame", "sub_frame", "xmlhttprequest"]);

/**
 * Register the answerer of HTTP authentication challenges. Its promise decides
 * the request; a rejection hands back to the browser.
 *
 * Chromium takes a callback and calls the mode asyncBlocking, Firefox a promise.
 * WWW-Authenticate comes without extraHeaders in both.
 * @param {(details: any) => Promise<chrome.webRequest.BlockingResponse>} answer
 */
export function onAuthRequired(answer) {
  const filter = { urls: pages };
  if (engine === "firefox") {
    /** @type {any} */ (api.webRequest.onAuthRequired).addListener(
      (/** @type {any} */ details) => answer(details).catch(() => ({})), filter, ["blocking", "responseHeaders"]);
    return;
  }
  api.webRequest.onAuthRequired.addListener(
    (details, callback) => {
      answer(details).then((response) => callback?.(response), () => callback?.({}));
    },
    filter,
    ["asyncBlocking", "responseHeaders"],
  );
}

/**
 * A main page begins to arrive, before any part of it is asked for.
 *
 * Firefox works out a page's tab on the first event that somebody listens to;
 * by onCompleted the old document is gone and most pages would belong to no tab.
 * @param {(details: any) => void} listener
 */
export function onPageStarted(listener) {
  api.webRequest.onResponseStarted.addListener(listener, { urls: pages, types: [watched[0]] });
}

const maxAnswered = 64;

/**
 * Firefox ends some answers as failures, without a status: what a proxy says
 * that wants a sign-in, and a refused file that a link was to save. Chromium
 * completes them.
 * @param {(details: any) => void} listener gets the event of the headers
 */
export function onFailedAnswer(listener) {
  if (engine !== "firefox") return;
  const filter = { urls: pages, types: [watched[0]] };
  /** @type {Map<string, any>} answers from 400 on that are still arriving */
  const arriving = new Map();
  api.webRequest.onHeadersReceived.addListener((details) => {
    if (details.statusCode >= 400 && arriving.size < maxAnswered) arriving.set(details.requestId, details);
    else arriving.delete(details.requestId);
    return undefined;
  }, filter, ["responseHeaders"]);
  api.webRequest.onCompleted.addListener(({ requestId }) => { arriving.delete(requestId); }, filter);
  api.webRequest.onErrorOccurred.addListener(({ requestId }) => {
    const answered = arriving.get(requestId);
    arriving.delete(requestId);
    if (answered) listener(answered);
  }, filter);
}

/** @param {(details: any) => void} listener */
export function onCompleted(listener) {
  api.webRequest.onCompleted.addListener(listener, { urls: pages, types: watched }, ["responseHeaders"]);
}

// Parts that are only counted: no headers are asked for.
/** @type {chrome.webRequest.ResourceType[]} */
const parts = /** @type {any} */ (["image", "media", "object", "other"]);

/** @param {(details: any) => void} listener */
export function onPartCompleted(listener) {
  api.webRequest.onCompleted.addListener(listener, { urls: pages, types: parts });
}

/** @param {(details: any) => void} listener */
export function onRedirect(listener) {
  api.webRequest.onBeforeRedirect.addListener(listener, { urls: pages, types: [watched[0]] });
}

/**
 * Hear of each page that begins to load, and once more when its headers are
 * known. Sec-Fetch-User comes without extraHeaders in both.
 * @param {(details: any) => void} listener
 */
export function onNavigation(listener) {
  const filter = { urls: pages, types: [watched[0]] };
  api.webRequest.onBeforeRequest.addListener((details) => { listener(details); }, filter);
  api.webRequest.onBeforeSendHeaders.addListener((details) => { listener(details); }, filter, ["requestHeaders"]);
}

/**
 * Whether the person set a page going: by the browser's own controls, or by a
 * click or key in a page. Browsers tell the site of both in Sec-Fetch-User
 * (https://www.w3.org/TR/fetch-metadata/#sec-fetch-user-header); Chromium also
 * names no initiator where its own controls began. Firefox names none where a
 * script reloads a page that was typed in. Measured: a reload by Firefox's
 * controls of a page that a link had led to looks like a script's.
 * @param {any} details of a main frame's request
 */
export function startedByPerson(details) {
  if (engine === "chromium" && details.initiator === undefined) return true;
  return (details.requestHeaders ?? []).some((/** @type {{name: string, value?: string}} */ { name, value }) =>
    name.toLowerCase() === "sec-fetch-user" && value === "?1");
}

/**
 * The page, if any, for which a site's service worker makes a request. Such a
 * request is of no tab; it is the page's that the person looks at when that is
 * of the same origin, or on its way to this very address. Chromium tells a
 * tab's destination (pendingUrl), Firefox the navigation itself.
 * @param {any} details
 * @param {(tabId: number) => string | undefined} destinationOf a tab
 * @returns {Promise<{tab: chrome.tabs.Tab, navigation: boolean} | undefined>}
 */
export async function pageBehindWorker({ url }, destinationOf) {
  const [tab] = await api.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id === undefined) return undefined;
  if (tab.status === "loading" && url === (tab.pendingUrl ?? destinationOf(tab.id))) return { tab, navigation: true };
  const shown = tab.url && URL.canParse(tab.url) ? new URL(tab.url).origin : "";
  return shown === new URL(url).origin ? { tab, navigation: false } : undefined;
}

/** @param {(details: any) => void} listener */
export function onFailed(listener) {
  api.webRequest.onErrorOccurred.addListener(listener, { urls: pages, types: [watched[0]] });
}

/**
 * Watch one tab until `stop` is called: what became of a challenged request.
 * Registered while there is one, so that no other request pays for it.
 * @param {number} tabId below 0: of a service worker, which has none
 * @param {{headers: (d: any) => void, completed: (d: any) => void, failed: (d: any) => void}} watch
 * @returns {() => void} stop
 */
export function watchTab(tabId, watch) {
  const filter = tabId < 0 ? { urls: pages } : { urls: pages, tabId };
  const { onHeadersReceived, onCompleted: completed, onErrorOccurred } = api.webRequest;
  const headers = (/** @type {any} */ d) => { watch.headers(d); };
  onHeadersReceived.addListener(/** @type {any} */ (headers), filter);
  completed.addListener(watch.completed, filter);
  onErrorOccurred.addListener(watch.failed, filter);
  return () => {
    onHeadersReceived.removeListener(/** @type {any} */ (headers));
    completed.removeListener(watch.completed);
    onErrorOccurred.removeListener(watch.failed);
  };
}

/**
 * Header fields, one entry per field line: Firefox joins repeated lines with "\n".
 * @param {{name: string, value?: string}[] | undefined} headers
 * @returns {{name: string, value: string}[]}
 */
export function fieldLines(headers) {
  return (headers ?? []).flatMap(({ name, value }) =>
    (value ?? "").split("\n").map((line) => ({ name: name.toLowerCase(), value: line })));
}

/**
 * The origin that caused a request: Chromium says initiator, Firefox originUrl.
 * @param {any} details
 * @returns {string} an origin, or "" when unknown
 */
export function initiatorOf(details) {
  const url = details.initiator ?? details.originUrl ?? "";
  return URL.canParse(url) ? new URL(url).origin : "";
}

/**
 * Whether readmit itself made the request (a probe).
 * @param {any} details
 */
export function isOwn(details) {
  return `${details.initiator ?? details.originUrl ?? ""}/`.startsWith(api.runtime.getURL(""));
}

/**
 * Whether a page is loaded ahead of the person's asking for it (Chromium): it
 * is in no tab yet, and the browser drops it when it is refused.
 * @param {any} details
 */
export function isPrerender(details) {
  return details.documentLifecycle === "prerender";
}

/**
 * Whether a request belongs to a private window. Firefox says so; Chromium's
 * answer is the tab's, and of a tab that is gone the cautious one is taken.
 * @param {any} details
 * @param {chrome.tabs.Tab | undefined} tab
 */
export function isPrivate(details, tab) {
  return Boolean(details.incognito ?? tab?.incognito ?? true);
}

/**
 * Why the native host's port closed: Firefox puts it on the port, Chromium into
 * lastError. "" when the browser gives no reason (Firefox, host died).
 * @param {chrome.runtime.Port} port
 */
export function portError(port) {
  return /** @type {any} */ (port).error?.message ?? api.runtime.lastError?.message ?? "";
}

/**
 * Whether a tab keeps its cookies where ordinary ones do. A container (Firefox)
 * is there to keep accounts apart.
 * @param {chrome.tabs.Tab | undefined} tab
 */
export function inOrdinaryStore(tab) {
  const store = /** @type {any} */ (tab)?.cookieStoreId;
  return store === undefined || store === "firefox-default";
}

/**
 * The cookie store of a tab: a container (Firefox) or a private window has its own.
 * @param {chrome.tabs.Tab | undefined} tab
 * @returns {Promise<string | undefined>} undefined means the default store
 */
export async function cookieStoreOf(tab) {
  const known = /** @type {any} */ (tab)?.cookieStoreId;
  if (known || !tab?.incognito) return known;
  const stores = await api.cookies.getAllCookieStores();
  return stores.find((store) => store.tabIds.includes(/** @type {number} */ (tab.id)))?.id;
}

/**
 * Whether the browser can clear what it keeps for one origin alone. By effect
 * and not by the call's success: Chromium clears exactly that origin. Firefox
 * with hostnames clears neither the HTTP cache nor Cache Storage, and the
 * service workers of hosts below as well.
 */
export const clearsOrigins = engine === "chromium";

/**
 * Ask for the permission that clearOrigin needs. Call it from a click. It adds
 * no line to what the browser asks the person, and Firefox, where it would add
 * one, is not asked.
 * @returns {Promise<boolean>}
 */
export function askToClear() {
  return clearsOrigins ? api.permissions.request({ permissions: ["browsingData"] }) : Promise.resolve(false);
}

/**
 * @param {string} origin
 * @param {chrome.browsingData.DataTypeSet} kinds never cookies: there it takes the registrable domain
 */
export async function clearOrigin(origin, kinds) {
  await api.browsingData.remove({ origins: [origin] }, kinds);
}

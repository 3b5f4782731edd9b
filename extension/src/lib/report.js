// Describing a refused response to the agent, and what to show when the agent
// cannot be asked.

import { alone } from "./alone.js";
import { api, fieldLines, initiatorOf, isPrivate } from "./browser.js";
import { cookieFacts } from "./cookies.js";
import { retryAt } from "./retry.js";
import { bareUrl, queryKeys, safeHeaders } from "./safe.js";
import { lastSuccess } from "./success.js";

/**
 * The parameters of refusal/report for one webRequest event.
 * @param {any} details
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {{url: string, status: number}[]} redirects
 * @param {string} [answered] the scheme that readmit answered this request with
 * @returns {Promise<any>}
 */
export async function reportOf(details, tab, redirects, answered) {
  const [facts, since] = await Promise.all([cookieFacts(details.url, tab), lastSuccess(new URL(details.url).origin)]);
  return {
    refusal: {
      url: bareUrl(details.url),
      queryKeys: queryKeys(details.url),
      method: details.method,
      status: details.statusCode,
      resourceType: details.type,
      time: new Date(details.timeStamp).toISOString(),
      responseHeaders: safeHeaders(fieldLines(details.responseHeaders)),
      request: {
        cookies: facts.sent,
        ...(answered && { authorization: answered.toLowerCase() }),
        fromCache: details.fromCache === undefined ? "unknown" : details.fromCache ? "yes" : "no",
        initiatorOrigin: initiatorOf(details),
        topFrame: details.type === "main_frame",
        private: isPrivate(details, tab),
      },
      redirects: redirects.map((hop) => ({ url: bareUrl(hop.url), status: hop.status })),
      cookies: facts.cookies,
    },
    ...(since && { lastSuccess: since }),
    topOrigin: tab?.url && URL.canParse(tab.url) ? new URL(tab.url).origin : "",
  };
}

/**
 * The view of a refusal that the agent has not seen: general advice.
 * @param {any} report what reportOf returned
 * @returns {any} explain.View
 */
export function aloneView({ refusal }) {
  const challenged = refusal.responseHeaders.some((/** @type {any} */ h) => h.name === "www-authenticate");
  const key = [
    refusal.resourceType !== "main_frame" && `${refusal.status}_background`,
    challenged && `${refusal.status}_challenge`,
    refusal.request.cookies === "yes" && `${refusal.status}_cookies`,
    String(refusal.status),
  ].find((name) => name && Object.hasOwn(alone, name));
  return forSite(alone[/** @type {keyof typeof alone} */ (key)], refusal.url, refusal.status);
}

/**
 * What an answer means that is neither a page nor a refusal. Nobody is told of
 * it, and it is kept nowhere.
 * @param {any} details of a main page with a status from 400 on
 * @returns {{view: any, retryAt: number | null}} the view is an explain.View
 */
export function answerView({ url, statusCode, method, responseHeaders, timeStamp }) {
  const again = retryAt(fieldLines(responseHeaders).find(({ name }) => name === "retry-after")?.value, timeStamp);
  const names = [
    method !== "GET" && statusCode !== 419 && "form", // what was sent is never sent again by itself
    again && `${statusCode}_wait`, statusCode === 410 && "404", (statusCode === 502 || statusCode === 504) && "503",
    String(statusCode), statusCode < 500 ? "4xx" : "5xx",
  ];
  const key = /** @type {keyof typeof alone} */ (names.map((name) => `answer_${name}`).find((name) => Object.hasOwn(alone, name)));
  const at = again ? new Date(again).toLocaleTimeString(api.i18n.getMessage("textLanguage"), { hour: "numeric", minute: "2-digit" }) : "";
  const view = forSite(alone[key], url, statusCode);
  return { view: { ...view, summary: view.summary.replaceAll("{at}", () => at), badge: String(statusCode) }, retryAt: again };
}

/**
 * General advice about a page that its own refused requests left empty.
 * @param {string} url
 * @param {number} status
 * @returns {any} explain.View
 */
export function emptyView(url, status) {
  return forSite(alone[status === 401 ? "401_empty_page" : "403_empty_page"], url, status);
}

/**
 * The view of a fault of readmit itself.
 * @param {string} code an error code of the agent, or host_missing
 * @param {string} url
 * @returns {any} explain.View
 */
export function faultView(code, url) {
  const key = Object.hasOwn(alone, code) ? code : "internal";
  return { ...forSite(alone[/** @type {keyof typeof alone} */ (key)], url, 0), fault: code };
}

/**
 * @param {any} view
 * @param {string} url
 * @param {number} status
 */
function forSite(view, url, status) {
  const site = new URL(url).host;
  const filled = JSON.parse(JSON.stringify(view), (_, value) => (typeof value === "string" ? value.replaceAll("{site}", () => site) : value));
  return { ...filled, site, ...(status && { status }) };
}

/**
 * @param {number} tabId
 * @returns {Promise<chrome.tabs.Tab | undefined>} undefined when the tab is gone
 */
export async function tabOf(tabId) {
  return tabId < 0 ? undefined : api.tabs.get(tabId).catch(() => undefined);
}

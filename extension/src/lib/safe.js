// What may cross the wire to the agent. The agent redacts again and knows more
// shapes of secrets; here values that nobody needs never leave the browser.

import { headerNames, secretName } from "./headers.js";

const exact = new Set(headerNames);
const beginnings = headerNames.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));

/**
 * A URL without user name, password, query and fragment.
 * @param {string} url
 */
export function bareUrl(url) {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/**
 * The names, never the values, of a URL's query.
 * @param {string} url
 */
export function queryKeys(url) {
  return [...new Set(new URL(url).searchParams.keys())].slice(0, 32);
}

/**
 * Response headers by allow-list. Of Set-Cookie only the name crosses.
 * @param {{name: string, value: string}[]} lines
 */
export function safeHeaders(lines) {
  return lines.filter(({ name }) => mayPass(name)).slice(0, 64).map(({ name, value }) =>
    name === "set-cookie" ? { name, value: `${value.split("=", 1)[0]}=` }
      : name === "location" ? { name, value: URL.canParse(value) ? bareUrl(value) : value.split(/[?#]/, 1)[0] }
        : { name, value });
}

/** @param {string} name */
function mayPass(name) {
  return exact.has(name) || (!secretName.test(name) && beginnings.some((beginning) => name.startsWith(beginning)));
}

/**
 * Whether two URLs are of the same page: a fragment is a place in it.
 * @param {string} a
 * @param {string} b
 */
export function samePage(a, b) {
  return a.split("#", 1)[0] === b.split("#", 1)[0];
}

/** @param {string} url */
export function isLoopback(url) {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

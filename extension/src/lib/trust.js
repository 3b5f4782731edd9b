// Hosts whose certificate the browser did not take at first. Whoever clicks
// through may be talking to somebody else, so that readmit asks each time
// there: no "always here" is used. Browsers remember the click for days, over
// restarts, and tell no extension of it; the failure before it they do tell.

import { api, isPrivate } from "./browser.js";
import { tabOf } from "./report.js";
import { inTurn } from "./store.js";

const key = "untrusted";
const maxHosts = 200;

// net::ERR_CERT_AUTHORITY_INVALID and its kind (Chromium), SEC_ERROR_UNKNOWN_ISSUER,
// MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT, SSL_ERROR_BAD_CERT_DOMAIN and theirs (Firefox):
// https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h
const ofCertificate = /ERR_CERT_|ERR_SSL_PINNED|SEC_ERROR_|MOZILLA_PKIX_ERROR_|SSL_ERROR_BAD_CERT|certificate/i;

/** @returns {Promise<string[]>} the host noted last at the end */
async function hosts() {
  const kept = (await api.storage.local.get(key))[key];
  return Array.isArray(kept) ? kept : [];
}

/**
 * A page did not load: was it for its certificate? Of a private window's
 * nothing is kept; nothing is sent there without asking anyway.
 * @param {any} details
 */
export async function noteCertificate(details) {
  const { error, url, tabId } = details;
  if (!ofCertificate.test(String(error)) || !url.startsWith("https:") || isPrivate(details, await tabOf(tabId))) return;
  const { host } = new URL(url);
  await inTurn(key, async () => {
    const others = (await hosts()).filter((one) => one !== host);
    await api.storage.local.set({ [key]: [...others, host].slice(-maxHosts) });
  });
}

/**
 * Whether a host's certificate was taken ever since readmit is here.
 * @param {string} host
 */
export async function isTrusted(host) {
  return !(await hosts()).includes(host);
}

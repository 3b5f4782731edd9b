// What is read from, and shown in, the refused page itself. The functions that
// run inside a page are self-contained: the browser sends them as text.

import { api } from "./browser.js";
import { isAsking } from "./holds.js";
import { samePage } from "./safe.js";
import { showBanner } from "../ui/banner.js";

/**
 * Title and the first 8 KiB of markup, or null where the tab still shows the
 * page before, the browser its own error page (Chromium for an empty body), or
 * scripts are forbidden.
 * @param {number} tabId
 * @param {string} url of the page that is meant
 * @returns {Promise<{title: string, body: string, bodyTruncated: boolean} | null>}
 */
export async function readPage(tabId, url) {
  const read = await inPage(tabId, () => {
    const markup = document.documentElement?.outerHTML ?? "";
    return { url: location.href, title: document.title.slice(0, 256), body: markup.slice(0, 8192), bodyTruncated: markup.length > 8192 };
  });
  if (!read || !samePage(read.url, url)) return null;
  const { title, body, bodyTruncated } = read;
  return { title, body, bodyTruncated };
}

/**
 * Whether a page shows almost nothing to a person; null when it cannot be read
 * or is still loading.
 * @param {number} tabId
 * @returns {Promise<boolean | null>}
 */
export function isEmptyPage(tabId) {
  return inPage(tabId, () => {
    if (document.readyState !== "complete") return null;
    const text = (document.body?.innerText ?? "").replace(/\s+/g, "");
    const seen = [...document.querySelectorAll("img, video, canvas, svg, input, textarea, select, iframe")].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width * box.height > 400;
    });
    return text.length < 60 && seen.length === 0;
  });
}

const bannerSetting = "setting:banner";

/** @returns {Promise<boolean>} */
export async function bannerWanted() {
  return (await api.storage.local.get(bannerSetting))[bannerSetting] !== false;
}

/** @param {boolean} wanted */
export async function setBannerWanted(wanted) {
  await api.storage.local.set({ [bannerSetting]: wanted });
}

/**
 * Show the banner in a refused main page. A page without a document of its own
 * (an empty body in Chromium) cannot have one: the badge and the popup remain.
 * @param {number} tabId
 * @param {import("./tabs.js").TabRecord} record
 */
export async function injectBanner(tabId, record) {
  if (!record.mainFrame || !record.view || record.view.closed || !await bannerWanted()) return;
  if (isAsking(tabId)) return; // readmit's window says it already
  const { url } = await api.tabs.get(tabId).catch(() => ({ url: undefined }));
  if (url !== undefined && !samePage(url, record.pageUrl)) return; // the person has gone on, perhaps to sign in
  const text = {
    title: record.view.title, summary: record.view.summary, site: record.view.site ?? new URL(record.url).host,
    lang: api.i18n.getMessage("textLanguage"), dir: api.i18n.getMessage("textDirection"),
    button: api.i18n.getMessage("bannerButton"), close: api.i18n.getMessage("bannerClose"),
  };
  await api.scripting.executeScript({ target: { tabId }, func: /** @type {any} */ (showBanner), args: [text] }).catch(() => {});
}

/**
 * @template T
 * @param {number} tabId
 * @param {() => T} func
 * @returns {Promise<T | null>}
 */
async function inPage(tabId, func) {
  try {
    const [frame] = await api.scripting.executeScript({ target: { tabId }, func });
    return /** @type {T} */ (frame?.result ?? null);
  } catch {
    return null;
  }
}

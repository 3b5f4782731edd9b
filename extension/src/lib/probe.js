// Questions put to the refused origin while the popup is open: GET only,
// without credentials, redirects not followed. The agent decides which, and
// counts them; the person can switch them off.

import { api } from "./browser.js";
import { addPage } from "./observe.js";
import { call } from "./port.js";
import { changeTab, tabRecord } from "./tabs.js";

const probeTime = 5000;
const jitterTime = 400; // so that many browsers whose page went at once do not ask at once (ms)
const setting = "setting:probes";

/** @returns {Promise<boolean>} */
export async function probesWanted() {
  return (await api.storage.local.get(setting))[setting] !== false;
}

/** @param {boolean} wanted */
export async function setProbesWanted(wanted) {
  await api.storage.local.set({ [setting]: wanted });
}

/**
 * @param {number} tabId
 * @param {boolean} clicked the person asked for it
 */
export async function probe(tabId, clicked) {
  const record = await tabRecord(tabId);
  if (!record?.incidentId || !record.mainFrame || record.url !== record.pageUrl || record.method !== "GET" || record.private || record.view?.closed) return;
  if (!await probesWanted()) return;
  try {
    if (!clicked) await new Promise((resolve) => { setTimeout(resolve, Math.random() * jitterTime); });
    const { probes, wantsPage, lookOnClick = false } = await call("refusal/amend", { incidentId: record.incidentId, askProbes: true, clicked });
    if (lookOnClick || record.mayLook) await changeTab(tabId, record.requestId, { mayLook: lookOnClick });
    if (wantsPage) await addPage(tabId, record.requestId, true);
    if (!probes?.length) return;
    const answers = [];
    for (const kind of probes) answers.push(await run(kind, record.url));
    const { view } = await call("refusal/amend", { incidentId: record.incidentId, probes: answers });
    const found = view.cause === "stale_site_data";
    await changeTab(tabId, record.requestId, { view, ...(clicked && !found && { notice: "noticeLooked", noticed: Date.now() }) });
  } catch { /* the explanation without the probe's answer stands */ }
}

/**
 * @param {"no_cookies" | "no_cache" | "root"} kind
 * @param {string} url
 */
async function run(kind, url) {
  const target = kind === "root" ? new URL("/", url).href : url;
  try {
    const response = await fetch(target, {
      method: "GET", credentials: "omit", redirect: "manual", cache: kind === "no_cache" ? "reload" : "no-store",
      referrerPolicy: "no-referrer", signal: AbortSignal.timeout(probeTime),
    });
    void response.body?.cancel();
    // fetch hides which redirect it was; any says that this is not the page itself.
    return { kind, status: response.type === "opaqueredirect" ? 302 : response.status };
  } catch (error) {
    return { kind, error: error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "network" };
  }
}

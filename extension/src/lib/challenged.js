// HTTP authentication challenges: who may be answered, with what, and what
// became of the answer. Whatever goes wrong, `{}` gives the request back to
// the browser and its own prompt.

import { api, isOwn, isPrivate, watchTab } from "./browser.js";
import { answer, createHold, end, giveTime, holdOf, holdOnHost, keepPort, pushAsk, wait, wasEnded, askOf } from "./holds.js";
import { AgentError, call } from "./port.js";
import { aloneView, faultView, reportOf, tabOf } from "./report.js";
import { changeTab, noteDeclined, setTab, tabRecord, wasDeclined } from "./tabs.js";

/** @typedef {import("./holds.js").Hold} Hold */

// From the challenge to readmit's window painted (ms).
const machineTime = 2000;
// Reasons to hand back that are no fault of readmit's.
const quiet = new Set(["not_allowed", "consent_needed", "busy"]);
const schemes = new Set(["basic", "digest", "ntlm"]);

/**
 * The answerer of onAuthRequired.
 * @param {any} details
 * @returns {Promise<chrome.webRequest.BlockingResponse>}
 */
export async function answerChallenge(details) {
  const again = holdOf(details.requestId);
  if (again) return challengedAgain(again, details);
  if (wasEnded(details.requestId) || !answerable(details)) return {};
  const { host } = new URL(details.url);
  const mainFrame = details.type === "main_frame";
  if (!mainFrame && wasDeclined(details.tabId, host)) return {};
  const busy = holdOnHost(host);
  if (busy) return letGo(busy, details);
  // Nothing is awaited before this line: of forty challenges at once exactly one is held.
  const hold = createHold(details);
  const response = wait(hold);
  void withinMachineTime(hold, begin(hold));
  return response;
}

/**
 * The strict filter, before anybody is asked. The agent checks all of it again.
 * @param {any} details
 */
function answerable(details) {
  if (details.isProxy || details.tabId < 0 || isOwn(details) || !schemes.has(String(details.scheme).toLowerCase())) return false;
  const url = new URL(details.url);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return details.challenger.host === url.hostname.replace(/^\[|\]$/g, "") && String(details.challenger.port) === port;
}

/**
 * A second challenge while a window is open for its host: a part of the page
 * is dropped and the page reloaded after a yes, a page gets the browser's own
 * prompt. Requests that change something are never dropped.
 * @param {Hold} hold
 * @param {any} details
 */
function letGo(hold, details) {
  if (details.type === "main_frame" || details.method !== "GET" || details.tabId !== hold.tabId) return {};
  hold.letGo = true;
  return { cancel: true };
}

/**
 * From the challenge to readmit's window, or back to the browser.
 * @param {Hold} hold
 */
async function begin(hold) {
  const { details, tabId } = hold;
  const tab = await tabOf(tabId);
  if (!tab?.url && details.type !== "main_frame") return end(hold);
  hold.private = isPrivate(details, tab);
  const report = await reportOf(details, tab, []);
  const visible = await isVisible(tab);
  await ask(hold, report, visible && details.type === "main_frame");
  const standing = hold.list.accounts.find((/** @type {any} */ a) => a.standing && a.state === "ready");
  if (standing && visible && details.type === "main_frame") {
    await release(hold, standing.account, "standing");
    return undefined;
  }
  if (!visible) return end(hold); // elsewhere the badge says it
  await openWindow(hold);
  return undefined;
}

/**
 * Report the challenge and ask which accounts there are.
 * @param {Hold} hold
 * @param {any} report
 * @param {boolean} visibleMainFrame
 */
async function ask(hold, report, visibleMainFrame) {
  const { details, tabId } = hold;
  const url = new URL(details.url);
  const mainFrame = details.type === "main_frame";
  const tab = await tabOf(tabId);
  /** @type {import("./tabs.js").TabRecord} */
  const record = {
    pageUrl: mainFrame ? details.url : tab?.url ?? details.url, url: details.url, method: details.method,
    status: details.statusCode, requestId: details.requestId, mainFrame, challenged: true, private: hold.private,
    incidentId: "", view: null, fault: null, running: null, notice: null, read: false,
  };
  try {
    const { incidentId, view } = await call("refusal/report", {
      ...report, challenged: true, isProxy: details.isProxy, visibleMainFrame,
      challenger: `${url.protocol}//${details.challenger.host.includes(":") ? `[${details.challenger.host}]` : details.challenger.host}:${details.challenger.port}`,
      topOrigin: mainFrame ? url.origin : report.topOrigin,
    });
    hold.incidentId = incidentId;
    await setTab(tabId, { ...record, incidentId, view });
    keepPort(hold, (code) => { void sayFault(hold, code); });
    hold.list = await call("credential/list", { incidentId });
  } catch (error) {
    if (!hold.incidentId) await setTab(tabId, { ...record, view: aloneView(report) });
    throw error;
  }
}

/**
 * Machines get two seconds. Then, or on their failure, the browser's own
 * prompt appears and the popup says what is wrong.
 * @param {Hold} hold
 * @param {Promise<unknown>} work
 */
async function withinMachineTime(hold, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new AgentError({ code: "busy", message: "the window was not ready in time" })), machineTime);
  });
  try {
    await Promise.race([work, late]);
  } catch (error) {
    end(hold);
    const code = error instanceof AgentError ? error.code : "internal";
    if (!quiet.has(code)) await sayFault(hold, code);
  } finally {
    clearTimeout(timer);
    void work.catch(() => {});
  }
}

/**
 * @param {Hold} hold
 * @param {string} code
 */
async function sayFault(hold, code) {
  await changeTab(hold.tabId, hold.requestId, { fault: faultView(code, hold.details.url) });
}

/** @param {chrome.tabs.Tab | undefined} tab */
async function isVisible(tab) {
  if (!tab?.active) return false;
  const window = await api.windows.get(tab.windowId);
  return window.state !== "minimized" && window.focused;
}

/**
 * Open readmit's own window and wait until a person can see it.
 * @param {Hold} hold
 */
async function openWindow(hold) {
  const seen = new Promise((resolve) => { hold.painted = () => resolve(undefined); });
  hold.phase = hold.phase === "refused" ? "refused" : firstPhase(hold);
  const window = await api.windows.create({
    url: api.runtime.getURL(`ui/consent.html?id=${hold.id}`), type: "popup", focused: true, width: 460, height: 640,
  });
  if (holdOf(hold.requestId) !== hold) { // handed back meanwhile
    if (window?.id !== undefined) await api.windows.remove(window.id);
    return;
  }
  hold.windowId = window?.id;
  await seen;
  giveTime(hold, hold.phase === "refused" ? "refused" : firstPhase(hold));
}

/** @param {Hold} hold */
function firstPhase(hold) {
  return hold.list.accounts.some((/** @type {any} */ a) => a.state === "ready") ? "choose" : "type";
}

/**
 * Fetch the secret and answer the held request with it. It is here between the
 * agent's reply and the browser's callback, and nowhere else.
 * @param {Hold} hold
 * @param {string} account
 * @param {"once" | "always" | "standing"} consent
 * @param {boolean} [remember]
 */
async function release(hold, account, consent, remember = false) {
  const { secret } = await call("credential/release", { incidentId: hold.incidentId, account, consent });
  if (!hold.respond) return; // the browser was answered meanwhile
  hold.phase = "sending";
  hold.sent = { account, always: consent !== "once", remember };
  hold.stopWatching ??= watchOutcome(hold);
  answer(hold, { authCredentials: { username: account, password: secret } });
}

/**
 * What the person decided in the window.
 * @param {Hold} hold
 * @param {{account: string, always: boolean, secret?: string, remember?: boolean}} decision
 */
export async function decide(hold, decision) {
  if (hold.phase === "sending" || !hold.respond) return askOf(hold);
  const { account, always, secret, remember = false } = decision;
  clearTimeout(hold.timer);
  hold.phase = "sending";
  pushAsk(hold);
  await withinMachineTime(hold, (async () => {
    if (secret !== undefined) {
      await call("credential/save", { incidentId: hold.incidentId, account, secret, remember: remember && !hold.private });
    }
    await release(hold, account, always && !hold.private ? "always" : "once", remember);
  })());
  return askOf(hold);
}

/**
 * The person prefers the browser's own box.
 * @param {Hold} hold
 */
export function decline(hold) {
  noteDeclined(hold.tabId, hold.host);
  if (hold.respond) tellOutcome(hold, "declined");
  end(hold);
}

/** @param {Hold} hold */
function watchOutcome(hold) {
  const mine = (/** @type {any} */ d) => d.requestId === hold.requestId && hold.phase === "sending" && !hold.respond;
  return watchTab(hold.tabId, {
    // Firefox reports the 401 before it asks again, so a 401 here decides nothing.
    headers: (d) => { if (mine(d) && d.statusCode !== 401) void accepted(hold); },
    completed: (d) => { if (mine(d)) { if (d.statusCode === 401) lost(hold, "refused"); else void accepted(hold); } },
    failed: (d) => { if (mine(d)) lost(hold, "unseen"); },
  });
}

/** @param {Hold} hold */
async function accepted(hold) {
  const { letGo: reload, tabId } = hold;
  hold.phase = "settled"; // later events of this request decide nothing
  tellOutcome(hold, "recovered");
  const record = await tabRecord(tabId);
  if (record?.requestId === hold.requestId) {
    await setTab(tabId, { ...record, fault: null, view: { ...record.view, closed: "recovered" }, notice: "noticeRecovered" });
  }
  end(hold);
  if (reload) await api.tabs.reload(tabId);
}

/**
 * @param {Hold} hold
 * @param {"refused" | "unseen"} result
 */
function lost(hold, result) {
  tellOutcome(hold, result);
  end(hold);
}

/**
 * The same request is challenged again: what was sent was refused. The window
 * turns; nothing is sent again by itself.
 * @param {Hold} hold
 * @param {any} details
 * @returns {Promise<chrome.webRequest.BlockingResponse>}
 */
function challengedAgain(hold, details) {
  if (hold.phase !== "sending" || hold.respond) return Promise.resolve({});
  hold.details = details;
  hold.phase = "refused";
  const response = wait(hold);
  void withinMachineTime(hold, (async () => {
    await call("recovery/outcome", outcomeOf(hold, "refused"));
    const tab = await tabOf(hold.tabId);
    const visible = await isVisible(tab) || hold.windowId !== undefined;
    await ask(hold, await reportOf(details, tab, []), details.type === "main_frame");
    if (hold.windowId !== undefined) giveTime(hold, "refused");
    else if (visible) await openWindow(hold);
    else end(hold);
  })());
  return response;
}

/**
 * @param {Hold} hold
 * @param {string} result
 */
function tellOutcome(hold, result) {
  void call("recovery/outcome", outcomeOf(hold, result)).catch(() => {}); // the agent treats a lost outcome as unseen
}

/**
 * @param {Hold} hold
 * @param {string} result
 */
function outcomeOf(hold, result) {
  return {
    incidentId: hold.incidentId,
    outcome: { n: 0, action: "supply_credentials", result, unix: Math.floor(Date.now() / 1000) },
    ...(hold.sent && { account: hold.sent.account }),
  };
}

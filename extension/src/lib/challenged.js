// HTTP authentication challenges: who may be answered, with what, and what
// became of the answer. Whatever goes wrong, `{}` gives the request back to
// the browser and its own prompt.

import { api, isOwn, isPrerender, isPrivate, watchTab } from "./browser.js";
import {
  answer, askOf, createHold, end, giveTime, holdOf, holdOnHost, isHeld, keepPort, noteTaken, park, pushAsk, wait, wasEnded, wasEndedBefore,
} from "./holds.js";
import { AgentError, call, machineTime } from "./port.js";
import { aloneView, faultView, reportOf, tabOf } from "./report.js";
import { isLoopback } from "./safe.js";
import { attend, changeTab, isAttended, noteDeclined, setTab, tabRecord, wasDeclined } from "./tabs.js";

/** @typedef {import("./holds.js").Hold} Hold */

// Reasons to hand back, before the person was asked, that are no fault of readmit's.
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
  if (busy && mainFrame && busy.tabId === details.tabId) leave(busy); // the tab was loaded anew
  else if (busy) return letGo(busy, details);
  // Nothing is awaited before this line: of forty challenges at once exactly one is held.
  const hold = createHold(details);
  hold.stopWatching = watchOutcome(hold);
  const response = wait(hold);
  void withinMachineTime(hold, begin(hold));
  return response;
}

/**
 * The strict filter, before anybody is asked. The agent checks all of it again.
 * @param {any} details
 */
function answerable(details) {
  // A page that readmit opened for the person (Chromium names it as the initiator) is a page like others.
  const own = details.type !== "main_frame" && isOwn(details);
  if (own || details.isProxy || details.tabId < 0 || isPrerender(details) || !schemes.has(String(details.scheme).toLowerCase())) return false;
  const url = new URL(details.url);
  if (url.protocol !== "https:" && !isLoopback(details.url)) return false; // others could read the password on its way
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return details.challenger.host === url.hostname.replace(/^\[|\]$/g, "") && String(details.challenger.port) === port;
}

/**
 * Whether a challenged request belongs to the page that the person sees: the
 * page itself, or a part of it from its own origin. A password is never asked
 * for on behalf of another site that the page mentions.
 * @param {any} details
 * @param {chrome.tabs.Tab | undefined} tab
 */
function ofThePage(details, tab) {
  if (details.type === "main_frame") return true;
  return tab?.url !== undefined && URL.canParse(tab.url) && new URL(tab.url).origin === new URL(details.url).origin;
}

/**
 * A second challenge while one is held for its host: a part of the page is
 * dropped and the page reloaded after a yes, a page gets the browser's own
 * prompt. Requests that change something are never dropped.
 * @param {Hold} hold
 * @param {any} details
 */
function letGo(hold, details) {
  if (details.type === "main_frame" || details.method !== "GET" || details.tabId !== hold.tabId) return {};
  return park(hold);
}

/**
 * From the challenge to readmit's window, or back to the browser.
 * @param {Hold} hold
 */
async function begin(hold) {
  const { details, tabId } = hold;
  const [tab, before] = await Promise.all([tabOf(tabId), wasEndedBefore(details.requestId)]);
  if (before || !ofThePage(details, tab)) return end(hold);
  hold.private = isPrivate(details, tab);
  const [report, visible] = await Promise.all([reportOf(details, tab, []), isVisible(tab)]);
  await ask(hold, report, visible && details.type === "main_frame");
  if (!isHeld(hold)) return undefined;
  if (!hold.list.space) return end(hold); // a challenge that readmit cannot read is not answered on a guess
  const standing = hold.list.accounts.find((/** @type {any} */ a) => a.standing && a.state === "ready");
  if (standing && visible && details.type === "main_frame") {
    await release(hold, standing.account, "standing");
    return undefined;
  }
  if (!visible) return handBack(hold); // elsewhere the badge says it
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
  /** @type {import("./tabs.js").TabRecord} */
  const record = {
    pageUrl: mainFrame ? details.url : (await tabOf(tabId))?.url ?? details.url, url: details.url, method: details.method,
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
    if (!isHeld(hold)) return;
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
 * @param {Set<string>} [unsaid] codes that nobody needs to hear of
 */
async function withinMachineTime(hold, work, unsaid = quiet) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tooLate = new AgentError({ code: "busy", message: "the window was not ready in time" });
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(tooLate), machineTime); });
  try {
    await Promise.race([work, late]);
  } catch (error) {
    const code = error instanceof AgentError ? error.code : "internal";
    const said = error === tooLate ? isHeld(hold) : !unsaid.has(code);
    handBack(hold);
    if (said) await sayFault(hold, code);
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

/**
 * Whether the person sees a tab. What readmit put before it (its window for the
 * same tab, the popup in which a button was just pressed) may have the focus
 * for a moment longer.
 * @param {chrome.tabs.Tab | undefined} tab
 */
async function isVisible(tab) {
  if (!tab?.active) return false;
  const window = await api.windows.get(tab.windowId);
  return window.state !== "minimized" && (window.focused || isAttended(tab.id));
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
  if (!isHeld(hold)) { // handed back meanwhile
    if (window?.id !== undefined) await api.windows.remove(window.id);
    return;
  }
  hold.windowId = window?.id;
  await seen;
  if (isHeld(hold)) giveTime(hold, hold.phase === "refused" ? "refused" : firstPhase(hold));
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
 * @param {"once" | "always" | "standing" | "once_more"} consent
 */
async function release(hold, account, consent) {
  if (!hold.respond) return;
  hold.sent = { account, scheme: hold.list.space.scheme };
  const { secret } = await call("credential/release", { incidentId: hold.incidentId, account, consent }).catch((error) => {
    if (error.code === "agent_unavailable") tellOutcome(hold, "not_sent"); // an answer that comes late reaches nobody
    throw error;
  });
  if (!hold.respond) { // the browser was answered meanwhile
    tellOutcome(hold, "not_sent");
    return;
  }
  hold.phase = "sending";
  answer(hold, { authCredentials: { username: account, password: secret } });
}

/**
 * What the person decided in the window.
 * @param {Hold} hold
 * @param {{account: string, always?: boolean, onceMore?: boolean, secret?: string, remember?: boolean}} decision
 *   onceMore: a password that was refused is sent one more time
 */
export async function decide(hold, decision) {
  if (hold.phase === "sending" || !hold.respond) return askOf(hold);
  const { account, always = false, onceMore = false, secret, remember = false } = decision;
  clearTimeout(hold.timer);
  hold.phase = "sending";
  hold.toKeep = remember || always;
  pushAsk(hold);
  await withinMachineTime(hold, (async () => {
    if (secret !== undefined) {
      await call("credential/save", { incidentId: hold.incidentId, account, secret, remember: remember && !hold.private });
    }
    await release(hold, account, onceMore ? "once_more" : always && !hold.private ? "always" : "once");
  })(), new Set()); // who pressed a button is told why nothing came of it
  return askOf(hold);
}

/**
 * The person wants a stored password to be forgotten; the question stays.
 * @param {Hold} hold
 * @param {string} account
 */
export async function forget(hold, account) {
  await call("credential/forget", { incidentId: hold.incidentId, account }).catch((error) => {
    if (error.code !== "not_found") throw error; // it is gone already
  });
  hold.list = await call("credential/list", { incidentId: hold.incidentId });
  return askOf(hold);
}

/**
 * The person prefers the browser's own box. While an answer is under way it is
 * too late for that: what becomes of it is still to be seen.
 * @param {Hold} hold
 */
export function decline(hold) {
  if (hold.phase === "sending" || hold.phase === "settled") return;
  noteDeclined(hold.tabId, hold.host);
  handBack(hold);
  if (hold.letGo) reloadOnceOpen(hold);
}

/**
 * Give the request back to the browser, and let the agent know that nothing
 * waits for an answer any more.
 * @param {Hold} hold
 */
function handBack(hold) {
  if (hold.respond && hold.incidentId) tellOutcome(hold, "declined");
  end(hold);
}

/**
 * Parts of the page were dropped for a question that the person sent away: load
 * them once the browser's own box has opened the first.
 * @param {Hold} hold
 */
function reloadOnceOpen({ tabId, requestId }) {
  const stop = watchTab(tabId, {
    headers: () => {},
    completed: (d) => {
      if (d.requestId !== requestId) return;
      stop();
      if (d.statusCode < 400) reloadTab(tabId);
    },
    failed: (d) => { if (d.requestId === requestId) stop(); },
  });
}

/** @param {number} tabId */
function reloadTab(tabId) {
  void api.tabs.reload(tabId).catch(() => {}); // closed meanwhile
}

/** @param {Hold} hold */
function watchOutcome(hold) {
  const mine = (/** @type {any} */ d) => d.requestId === hold.requestId;
  const sent = (/** @type {any} */ d) => mine(d) && hold.phase === "sending" && !hold.respond;
  return watchTab(hold.tabId, {
    // Firefox reports the 401 before it asks again, so a 401 here decides nothing.
    headers: (d) => { if (sent(d) && d.statusCode !== 401) void accepted(hold, d.statusCode); },
    completed: (d) => { if (sent(d)) { if (d.statusCode === 401) lost(hold, "refused"); else void accepted(hold, d.statusCode); } },
    failed: (d) => { if (mine(d)) leave(hold); },
  });
}

/**
 * The site took the password. Whether it also opened the page is another matter.
 * @param {Hold} hold
 * @param {number} status
 */
async function accepted(hold, status) {
  const { letGo: reload, tabId, requestId } = hold;
  hold.phase = "settled"; // later events of this request decide nothing
  const { orphaned } = hold;
  const told = call("recovery/outcome", outcomeOf(hold, "recovered")).catch(() => ({ notKept: true }));
  if (status >= 300) noteTaken(hold);
  try {
    const record = status < 300 ? await tabRecord(tabId) : undefined;
    if (record) {
      await changeTab(tabId, requestId, {
        fault: null, view: { ...record.view, closed: "recovered" }, notice: "noticeRecovered", noticed: Date.now(),
      });
    }
  } finally {
    end(hold);
  }
  if (reload) reloadTab(tabId);
  // The next agent knows nothing of what was typed, and keeps nothing.
  if (((await told).notKept || orphaned) && hold.toKeep) await changeTab(tabId, requestId, { notice: "noticeNotKept", noticed: Date.now() });
}

/**
 * The request is gone: the person left the page, or loaded it anew.
 * @param {Hold} hold
 */
function leave(hold) {
  if (hold.windowId !== undefined) attend(hold.tabId);
  if (hold.phase === "sending" && !hold.respond) lost(hold, "unseen");
  else handBack(hold);
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
  if (!answerable(details) || new URL(details.url).host !== hold.host) { // somebody else's question
    lost(hold, "unseen");
    return Promise.resolve({});
  }
  hold.details = details;
  hold.phase = "refused";
  const response = wait(hold);
  void withinMachineTime(hold, (async () => {
    await call("recovery/outcome", outcomeOf(hold, "refused"));
    const tab = await tabOf(hold.tabId);
    const visible = hold.windowId !== undefined || await isVisible(tab);
    await ask(hold, await reportOf(details, tab, [], hold.sent?.scheme), details.type === "main_frame");
    if (!isHeld(hold)) return;
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

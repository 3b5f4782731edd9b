// HTTP authentication challenges: who may be answered, with what, and what
// became of the answer. Whatever goes wrong, `{}` gives the request back to
// the browser and its own prompt.

import { api, initiatorOf, inOrdinaryStore, isOwn, isPrerender, isPrivate, pageBehindWorker, watchTab } from "./browser.js";
import {
  answer, askOf, closeSpent, createHold, end, giveTime, holdOf, holdOnHost, isHeld, keepPort, noteTaken, park, pushAsk, takeTurn, wait, wasEnded,
  wasEndedBefore,
} from "./holds.js";
import { beganByItself, forgetDeclined, latestOf, noteDeclined, wasDeclined } from "./navigation.js";
import { isOff, setOff } from "./off.js";
import { isPaused } from "./pause.js";
import { AgentError, call, machineTime } from "./port.js";
import { aloneView, faultView, reportOf, tabOf } from "./report.js";
import { asksInPrivate } from "./private.js";
import { isLoopback } from "./safe.js";
import { attend, changeTab, isAttended, setTab, tabRecord } from "./tabs.js";
import { isTrusted } from "./trust.js";
import { forgetUnasked, noteUnasked } from "./unasked.js";
import { noteWaiting, reloadPage, reloadWaiting } from "./waiting.js";

/** @typedef {import("./holds.js").Hold} Hold */
/** @typedef {import("./unasked.js").Rule} Rule */

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
  if (wasEnded(details.requestId) || !ofAPage(details)) return {};
  const rule = ruleAgainst(details);
  if (rule) {
    noteUnasked(details.tabId, rule, details);
    return {};
  }
  const { host } = new URL(details.url);
  const mainFrame = details.type === "main_frame";
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
 * Whether a request can be a page's in front of a person: in a tab, or made by
 * the service worker of the same site, which has none. Not readmit's own probe;
 * but a page that readmit opened for the person (Chromium names it as the
 * initiator) is a page like others.
 * @param {any} details
 */
function ofAPage(details) {
  if (details.type !== "main_frame" && isOwn(details)) return false;
  if (isPrerender(details)) return false;
  return details.tabId >= 0 || initiatorOf(details) === new URL(details.url).origin;
}

/**
 * The strict filter, before anybody is asked. The agent checks all of it again.
 * @param {any} details
 * @returns {Rule | null}
 */
function ruleAgainst(details) {
  if (details.isProxy) return "proxy";
  if (!schemes.has(schemeOf(details))) return "unreadable";
  const url = new URL(details.url);
  if (url.protocol !== "https:" && !isLoopback(details.url)) return "http"; // others could read the password on its way
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const same = details.challenger.host === url.hostname.replace(/^\[|\]$/g, "") && String(details.challenger.port) === port;
  return same ? null : "other_site";
}

/** @param {any} details */
function schemeOf(details) {
  return String(details.scheme).toLowerCase();
}

/**
 * What speaks against asking the person about a page's request.
 * @param {Hold} hold
 * @param {chrome.tabs.Tab | undefined} tab
 * @returns {Promise<Rule | null>}
 */
async function ruleAgainstAsking({ details, tabId, private: isPrivatePage }, tab) {
  const { origin } = new URL(details.url);
  // A password is never asked for on behalf of another site that the page mentions.
  const top = details.type === "main_frame" ? origin : tab?.url && URL.canParse(tab.url) ? new URL(tab.url).origin : "";
  if (top !== origin) return details.type === "sub_frame" ? "frame" : "other_site";
  if (isPrivatePage && !await asksInPrivate()) return "private";
  if (await isOff(origin)) return "off";
  return await wasDeclined(details, tabId) ? "declined" : null;
}

/**
 * A second challenge while one is held for its host: a part of the page is
 * dropped and the page reloaded after a yes, a page gets the browser's own
 * prompt. Requests that change something are never dropped.
 * @param {Hold} hold
 * @param {any} details
 */
function letGo(hold, details) {
  if (details.type !== "main_frame" && details.method === "GET" && details.tabId === hold.source) return park(hold);
  noteUnasked(details.tabId, "busy", details);
  noteWaiting(details.tabId, details);
  return {};
}

/**
 * From the challenge to readmit's window, or back to the browser.
 * @param {Hold} hold
 */
async function begin(hold) {
  if (await isPaused()) return end(hold);
  const [tab, before] = await Promise.all([tabBehind(hold), wasEndedBefore(hold.requestId)]);
  const { details } = hold;
  if (before || hold.tabId < 0) return end(hold);
  hold.private = isPrivate(details, tab);
  const rule = await ruleAgainstAsking(hold, tab);
  if (rule) return leaveUnasked(hold, rule);
  const [report, visible] = await Promise.all([reportOf(details, tab, []), isVisible(tab)]);
  await ask(hold, report, visible && details.type === "main_frame");
  if (!isHeld(hold)) return undefined;
  // Nothing is answered on a guess, nor in another scheme than the person and the agent think of.
  if (hold.list.space?.scheme !== schemeOf(details)) return leaveUnasked(hold, "unreadable");
  hold.mayAlways = details.type === "main_frame" && !hold.private && inOrdinaryStore(tab) && await isTrusted(hold.host);
  const standing = hold.list.accounts.find((/** @type {any} */ a) => a.standing && a.state === "ready");
  if (standing && visible && hold.mayAlways) {
    await release(hold, standing.account, "standing");
    return undefined;
  }
  if (!visible) return leaveUnasked(hold, "behind"); // elsewhere the badge says it
  if (!await takeTurn(hold)) return leaveUnasked(hold, "busy");
  await openWindow(hold);
  return undefined;
}

/**
 * The tab of a hold. A request of a site's service worker is taken for that of
 * the page it serves, from here on.
 * @param {Hold} hold
 * @returns {Promise<chrome.tabs.Tab | undefined>}
 */
async function tabBehind(hold) {
  if (hold.tabId >= 0) return tabOf(hold.tabId);
  const page = await pageBehindWorker(hold.details, (id) => latestOf(id)?.url);
  if (page?.tab.id === undefined) return undefined;
  hold.tabId = page.tab.id;
  hold.details = inTab(hold, hold.details, page.navigation ? "main_frame" : hold.details.type);
  return page.tab;
}

/**
 * @param {Hold} hold
 * @param {any} details
 * @param {string} type
 */
function inTab({ tabId }, details, type) {
  return { ...details, tabId, type };
}

/**
 * Give a request back to the browser before anybody was asked, and keep why.
 * @param {Hold} hold
 * @param {Rule} rule
 */
function leaveUnasked(hold, rule) {
  if (!isHeld(hold)) return;
  noteUnasked(hold.tabId, rule, hold.details);
  if (rule === "busy" || rule === "behind") noteWaiting(hold.tabId, hold.details);
  handBack(hold);
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
    if (hold.phase === "machine" && isHeld(hold)) noteUnasked(hold.tabId, "late", hold.details);
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
  closeSpent();
  forgetUnasked(hold.tabId);
  // A window whose question was lost with an earlier background makes room.
  void api.runtime.sendMessage({ type: "consent/next", id: hold.id }).catch(() => {});
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
    await release(hold, account, onceMore ? "once_more" : always && hold.mayAlways ? "always" : "once");
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
  void noteDeclined(hold.tabId, hold.host);
  handBack(hold);
  if (hold.letGo) reloadOnceOpen(hold);
}

/**
 * The person wants readmit to leave this site alone. A private window, which
 * keeps nothing, offers no such thing.
 * @param {Hold} hold
 */
export async function neverHere(hold) {
  if (!hold.private) await setOff(new URL(hold.details.url).origin, true);
  decline(hold);
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
      if (d.statusCode < 400) void reloadPage(tabId);
    },
    failed: (d) => { if (d.requestId === requestId) stop(); },
  });
}

/** @param {Hold} hold */
function watchOutcome(hold) {
  const mine = (/** @type {any} */ d) => d.requestId === hold.requestId;
  const sent = (/** @type {any} */ d) => mine(d) && hold.phase === "sending" && !hold.respond;
  return watchTab(hold.source, {
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
  const { letGo: reload, tabId, requestId, host } = hold;
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
  void forgetDeclined(host);
  if (reload) await reloadPage(tabId);
  reloadWaiting(host);
  // The next agent knows nothing of what was typed, and keeps nothing.
  if (((await told).notKept || orphaned) && hold.toKeep) await changeTab(tabId, requestId, { notice: "noticeNotKept", noticed: Date.now() });
}

/**
 * The request is gone: the person left the page, or loaded it anew.
 * @param {Hold} hold
 */
function leave(hold) {
  if (hold.windowId !== undefined) {
    attend(hold.tabId);
    // A page that takes its question away and begins anew could ask for ever.
    if (beganByItself(hold.tabId)) void noteDeclined(hold.tabId, hold.host);
  }
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
  if (ruleAgainst(details) || new URL(details.url).host !== hold.host) { // somebody else's question
    lost(hold, "unseen");
    return Promise.resolve({});
  }
  hold.details = inTab(hold, details, hold.details.type);
  hold.phase = "refused";
  const response = wait(hold);
  void withinMachineTime(hold, (async () => {
    await call("recovery/outcome", outcomeOf(hold, "refused"));
    const tab = await tabOf(hold.tabId);
    const visible = hold.windowId !== undefined || await isVisible(tab);
    await ask(hold, await reportOf(hold.details, tab, [], hold.sent?.scheme), hold.details.type === "main_frame");
    if (!isHeld(hold)) return;
    if (hold.windowId !== undefined) giveTime(hold, "refused");
    else if (!visible) leaveUnasked(hold, "behind");
    else if (!await takeTurn(hold)) leaveUnasked(hold, "busy");
    else await openWindow(hold);
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

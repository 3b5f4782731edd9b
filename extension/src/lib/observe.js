// Refusals as the browser sees them: every 401 and 403 of a page, a frame or a
// script. A response that worked costs a look at its status.

import { splitHost } from "../ui/site.js";
import { countRefused, forgetCounts } from "./counts.js";
import { fieldLines, isOwn, isPrerender, isPrivate } from "./browser.js";
import { noteAnswer } from "./fill.js";
import { answerTaken, holdOf } from "./holds.js";
import { isEmptyPage, readPage, injectBanner } from "./page.js";
import { AgentError, call, machineTime } from "./port.js";
import { aloneView, answerView, emptyView, faultView, reportOf, tabOf } from "./report.js";
import { isSigningIn, isSigningInSince, outcomeOf, pageOpened } from "./recover.js";
import { retryAt } from "./retry.js";
import { samePage } from "./safe.js";
import { forgetSignIn, leaveSignIn, noteSignIn, signInOf } from "./signin.js";
import { noteSuccess } from "./success.js";
import { changeTab, clearTab, setTab, tabRecord } from "./tabs.js";
import { noteUnasked } from "./unasked.js";
import { isSilent } from "./pause.js";
import { noteOpened, refusedAgain } from "./walk.js";

const lateTime = 10_000; // after this an answer is given up (ms)
const maxHops = 16;
const maxBackground = 8; // reports a page; a page that fails in a loop is told once

/** @type {Map<string, {url: string, status: number, method: string}[]>} */
const hops = new Map();
/** @type {Map<number, Set<string>>} refused parts of each tab's page that were told */
const background = new Map();
/** @type {Map<number, string>} the request behind each tab's page, as long as the background lives */
const pages = new Map();

/** @param {number} tabId */
export function forgetPage(tabId) {
  forgetCounts(tabId);
  background.delete(tabId);
  pages.delete(tabId);
  leaveSignIn(tabId);
}

/** @param {any} details */
export function noteRedirect(details) {
  const list = hops.get(details.requestId) ?? [];
  if (list.length < maxHops) list.push({ url: details.url, status: details.statusCode, method: details.method });
  hops.set(details.requestId, list);
}

/** @param {any} details */
export function noteFailure(details) {
  hops.delete(details.requestId);
}

/** @param {any} details */
export function noteResponse(details) {
  const refused = details.statusCode === 401 || details.statusCode === 403;
  if (details.type === "main_frame") {
    const redirects = hops.get(details.requestId) ?? [];
    hops.delete(details.requestId);
    if (details.tabId < 0 || isPrerender(details)) return;
    background.delete(details.tabId);
    pages.set(details.tabId, details.requestId);
    noteAnswer(details, redirects);
    if (refused) void pageRefused(details, redirects);
    else void pageAnswered(details, redirects);
  } else {
    noteAnswer(details);
    if (!refused || details.tabId < 0 || isOwn(details)) return;
    countRefused(details.tabId, details.type);
    void partRefused(details);
  }
}

/** @param {any} details a main page begins to arrive: what was counted was the last one's */
export function noteStart(details) {
  if (!isPrerender(details)) forgetCounts(details.tabId);
}

/**
 * An answer that the browser took for a failure: a proxy wants a sign-in, or a
 * file could not be saved and the page is still there.
 * @param {any} details
 */
export function noteFailedAnswer(details) {
  if (details.tabId < 0) return;
  if (details.statusCode === 407) void pageAnswered(details, []);
  else if (details.statusCode === 401 || details.statusCode === 403) countRefused(details.tabId, "other");
}

/**
 * A picture, a file or the like: counted, nothing more.
 * @param {any} details
 */
export function notePart(details) {
  if ((details.statusCode === 401 || details.statusCode === 403) && !isOwn(details)) countRefused(details.tabId, details.type);
}

/**
 * @param {any} details
 * @param {{url: string, status: number, method: string}[]} redirects
 */
async function pageAnswered(details, redirects) {
  const { tabId, url, method, statusCode } = details;
  if (await isSilent(new URL(url).origin)) {
    await clearTab(tabId);
    return;
  }
  if (statusCode >= 400) {
    const record = await tabRecord(tabId);
    const opened = record?.running?.stage === "signing_in" && record.running.at;
    if (opened && samePage(opened, url)) await forgetSignIn(record.url, opened); // it is no more
    if (!isSigningIn(record, url, method)) await setTab(tabId, await answerRecord(details));
    return;
  }
  const tab = await tabOf(tabId);
  if (!isPrivate(details, tab)) {
    noteSuccess(new URL(url).origin);
    noteSignIn(details, redirects);
  }
  const helped = await noteOpened(tabId, url, redirects, (await tabRecord(tabId))?.running?.at);
  if (helped?.incidentId) void call("recovery/outcome", outcomeOf(helped, "recovered")).catch(() => {}); // the page is open: that is what matters
  if (!holdOf(details.requestId)) await pageOpened(tabId, url, redirects[0]?.method === "POST", method);
}

/**
 * A page that is neither open nor refused is explained to who asks, and to
 * nobody else.
 * @param {any} details
 * @returns {Promise<import("./tabs.js").TabRecord>}
 */
async function answerRecord(details) {
  const { url, method, statusCode, requestId, tabId } = details;
  return {
    pageUrl: url, url, method, status: statusCode, requestId, mainFrame: true, challenged: false, private: isPrivate(details, await tabOf(tabId)),
    incidentId: "", ...answerView(details), fault: null, running: null, notice: null, read: false, quiet: true,
  };
}

/**
 * @param {any} details
 * @param {{url: string, status: number, method: string}[]} redirects
 */
async function pageRefused(details, redirects) {
  const { tabId, requestId } = details;
  if (await isSilent(new URL(details.url).origin)) {
    await clearTab(tabId);
    return;
  }
  const [known, tab] = await Promise.all([tabRecord(tabId), tabOf(tabId)]);
  if (isSigningIn(known, details.url, redirects[0]?.method ?? details.method)) return;
  // A challenge was told when it came; this is the page behind it.
  const answered = answerTaken(requestId);
  const told = known?.challenged && known.requestId === requestId && answered === undefined;
  if (!told) {
    const report = await reportOf(details, tab, redirects, answered);
    const { turns, left } = await refusedAgain(tabId, details.url, redirects);
    report.refusal.request.signIns = turns;
    await tell(tabId, details, report, tab, left);
  }
  await addPage(tabId, requestId);
  const record = await tabRecord(tabId);
  if (record) await injectBanner(tabId, record);
}

/**
 * Add the refused page's own text to what the agent knows, once: it may be
 * what names the cause. Tried when the refusal was told, when the page has
 * loaded, and by the popup, should the background have died in between.
 * @param {number} tabId
 * @param {string} [requestId] only if the tab is still about this request
 * @param {boolean} [again] the agent has dropped the text since
 */
export async function addPage(tabId, requestId, again = false) {
  const record = await tabRecord(tabId);
  if (!record?.incidentId || !record.mainFrame || record.url !== record.pageUrl || record.view?.closed) return;
  if (record.read && !again) return;
  if (requestId !== undefined && record.requestId !== requestId) return;
  const page = await readPage(tabId, record.pageUrl);
  if (!page) return;
  try {
    const { view } = await call("refusal/amend", { incidentId: record.incidentId, ...page });
    await changeTab(tabId, record.requestId, { view, read: true });
  } catch { /* the view made without the page's text stands */ }
}

/** @param {any} details */
async function partRefused(details) {
  const { tabId, url } = details;
  const where = `${details.statusCode} ${new URL(url).origin}${new URL(url).pathname}`;
  if (!isNews(tabId, where)) return; // a flood costs no more than this
  const tab = await tabOf(tabId);
  if (!tab?.url || !URL.canParse(tab.url)) return;
  noteOthersChallenge(details, tab.url);
  if (await isSilent(new URL(tab.url).origin)) return;
  if (!firstParty(url, tab.url) || !isNews(tabId, where)) return; // another of the same was told meanwhile
  background.set(tabId, (background.get(tabId) ?? new Set()).add(where));
  const record = await tabRecord(tabId);
  if (record && isSigningInSince(record)) return; // a sign-in page asks who is there, and the way back must not be lost
  // The page itself was refused: that is what matters.
  if (record?.mainFrame && record.url === record.pageUrl && samePage(record.pageUrl, tab.url) && !record.view?.closed) return;
  const report = await reportOf(details, tab, []);
  await tell(tabId, details, report, tab);
  await watchForEmptiness(tabId, details.requestId);
}

/**
 * @param {number} tabId
 * @param {string} where
 */
function isNews(tabId, where) {
  const seen = background.get(tabId);
  return !seen || (!seen.has(where) && seen.size < maxBackground);
}

/**
 * Chromium lets nobody answer the challenge of another site's part, so that
 * readmit hears of it here at first; the popup says why nobody was asked.
 * @param {any} details
 * @param {string} pageUrl
 */
function noteOthersChallenge(details, pageUrl) {
  const isChallenge = details.statusCode === 401 && fieldLines(details.responseHeaders).some(({ name }) => name === "www-authenticate");
  if (!isChallenge || new URL(details.url).origin === new URL(pageUrl).origin) return;
  noteUnasked(details.tabId, details.type === "sub_frame" ? "frame" : "other_site", details);
}

/**
 * A page that opened and was left empty by its own refused requests is as good
 * as refused. Looked at three times: scripts may still be filling it.
 * @param {number} tabId
 * @param {string} requestId
 */
async function watchForEmptiness(tabId, requestId) {
  for (let look = 0; look < 3; look++) {
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
    const record = await tabRecord(tabId);
    if (!record || record.requestId !== requestId) return;
    const empty = await isEmptyPage(tabId);
    if (empty === false) return;
    if (empty !== true || look === 0) continue;
    let { view } = record;
    try {
      ({ view } = await call("refusal/amend", { incidentId: record.incidentId, emptyPage: "yes" }));
    } catch {
      if (!record.incidentId) view = emptyView(record.url, record.status);
    }
    await changeTab(tabId, requestId, { mainFrame: true, view });
    const now = await tabRecord(tabId);
    if (now) await injectBanner(tabId, now);
    return;
  }
}

/**
 * Tell the agent and remember what it says, or say what is wrong with it.
 * @param {number} tabId
 * @param {any} details
 * @param {any} report
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {import("./walk.js").Left} [left] the step by which the person had left the page
 */
async function tell(tabId, details, report, tab, left) {
  const page = pages.get(tabId);
  const gone = () => pages.get(tabId) !== page;
  const before = await tabRecord(tabId);
  const running = before && before.url === details.url ? before.running : null;
  /** @type {import("./tabs.js").TabRecord} */
  const record = {
    pageUrl: details.type === "main_frame" ? details.url : tab?.url ?? details.url,
    url: details.url, method: details.method, status: details.statusCode, requestId: details.requestId,
    mainFrame: details.type === "main_frame", challenged: false, private: report.refusal.request.private,
    incidentId: "", view: null, fault: null, running: null, notice: null, read: false, unsigned: report.refusal.request.cookies === "no",
    retryAt: retryAt(report.refusal.responseHeaders.find((/** @type {any} */ h) => h.name === "retry-after")?.value, details.timeStamp),
    signIn: signInOf(details),
    ...triedBefore(before, details.url),
  };
  /** @param {string} code */
  const general = async (code) => {
    if (!gone()) await setTab(tabId, { ...record, view: aloneView(report), fault: faultView(code, details.url) });
  };
  // Nobody waits for this answer, so it may come late, as from an agent that
  // has to start first; until then the person gets general advice.
  const late = setTimeout(() => { void general("agent_unavailable"); }, machineTime);
  try {
    const done = running && before?.incidentId ? { incidentId: before.incidentId, ...running } : left;
    if (done) await call("recovery/outcome", outcomeOf(done, "refused"), lateTime).catch(() => {});
    const { incidentId, view } = await call("refusal/report", report, lateTime);
    clearTimeout(late);
    const asBefore = before?.incidentId === incidentId && !running;
    if (!gone()) await setTab(tabId, { ...record, incidentId, view, ...(asBefore && before?.later && { later: true }) });
  } catch (error) {
    clearTimeout(late);
    await general(error instanceof AgentError ? error.code : "internal");
  }
}

/**
 * What was cleared for this page already: a page refused again has more of it.
 * @param {import("./tabs.js").TabRecord | undefined} before
 * @param {string} url
 */
function triedBefore(before, url) {
  if (!before || before.url !== url) return {};
  const { running, tried = [] } = before;
  return { tried: [...new Set([...tried, ...(running?.grade ? [running.grade] : [])])] };
}

/**
 * Whether a request belongs to the page's own site: hosts of the same owner.
 * @param {string} url
 * @param {string} pageUrl
 */
function firstParty(url, pageUrl) {
  return splitHost(new URL(url).hostname).owner === splitHost(new URL(pageUrl).hostname).owner;
}

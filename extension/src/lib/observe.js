// Refusals as the browser sees them: every 401 and 403 of a page, a frame or a
// script. A response that worked costs a look at its status.

import { splitHost } from "../ui/site.js";
import { isPartial } from "./clear.js";
import { isOwn, isPrerender, isPrivate } from "./browser.js";
import { answerTaken, holdOf } from "./holds.js";
import { isEmptyPage, readPage, injectBanner } from "./page.js";
import { AgentError, call, machineTime } from "./port.js";
import { aloneView, emptyView, faultView, reportOf, tabOf } from "./report.js";
import { isSigningIn, pageOpened } from "./recover.js";
import { samePage } from "./safe.js";
import { forgetSignIn, isSignInPath, rememberSignIn, signInOf } from "./signin.js";
import { noteSuccess } from "./success.js";
import { changeTab, clearTab, setTab, tabRecord } from "./tabs.js";

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
  background.delete(tabId);
  pages.delete(tabId);
  signInPages.delete(tabId);
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
    if (refused) void pageRefused(details, redirects);
    else void pageAnswered(details, redirects);
  } else if (refused && details.tabId >= 0 && !isOwn(details)) {
    void partRefused(details);
  }
}

/**
 * @param {any} details
 * @param {{url: string, status: number, method: string}[]} redirects
 */
async function pageAnswered(details, redirects) {
  const { tabId, url, method, statusCode } = details;
  if (statusCode >= 400) {
    const record = await tabRecord(tabId);
    const opened = record?.running?.stage === "signing_in" && record.running.at;
    if (opened && samePage(opened, url)) await forgetSignIn(record.url, opened); // it is no more
    if (!isSigningIn(record, url, method)) await clearTab(tabId);
    return;
  }
  const tab = await tabOf(tabId);
  if (!isPrivate(details, tab)) {
    noteSuccess(new URL(url).origin);
    noteSignIn(details, redirects);
  }
  if (!holdOf(details.requestId)) await pageOpened(tabId, url, redirects[0]?.method === "POST", method);
}

/** @type {Map<number, string>} the sign-in page that each tab shows */
const signInPages = new Map();

/**
 * Learn where a site lets people sign in: from a page that it sent to its
 * sign-in, and from a sign-in form that it took.
 * @param {any} details of a page that opened
 * @param {{url: string, status: number, method: string}[]} redirects
 */
function noteSignIn({ tabId, url, method }, redirects) {
  const before = signInPages.get(tabId);
  const [first] = redirects;
  if (isSignInPath(url)) {
    if (method === "GET") signInPages.set(tabId, url);
    if (first?.method === "GET") rememberSignIn(first.url, signInOn(first.url, redirects, url));
    return;
  }
  signInPages.delete(tabId);
  if (first?.method === "POST" && before && new URL(before).origin === new URL(first.url).origin) {
    rememberSignIn(url, before);
  }
}

/**
 * Of the addresses that led to a sign-in page, the site's own: what a service
 * gets in its query is not kept, and without it that would not know the site.
 * @param {string} from
 * @param {{url: string}[]} redirects
 * @param {string} at
 */
function signInOn(from, redirects, at) {
  const { origin } = new URL(from);
  const own = [...redirects.slice(1).map((hop) => hop.url), at].findLast((url) => new URL(url).origin === origin && isSignInPath(url));
  return own ?? at;
}

/**
 * @param {any} details
 * @param {{url: string, status: number, method: string}[]} redirects
 */
async function pageRefused(details, redirects) {
  const { tabId, requestId } = details;
  const [known, tab] = await Promise.all([tabRecord(tabId), tabOf(tabId)]);
  if (isSigningIn(known, details.url, redirects[0]?.method ?? details.method)) return;
  // A challenge was told when it came; this is the page behind it.
  const answered = answerTaken(requestId);
  const told = known?.challenged && known.requestId === requestId && answered === undefined;
  if (!told) await tell(tabId, details, await reportOf(details, tab, redirects, answered), tab);
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
  const tab = await tabOf(tabId);
  if (!tab?.url || !URL.canParse(tab.url) || !firstParty(url, tab.url)) return;
  const seen = background.get(tabId) ?? new Set();
  const where = `${details.statusCode} ${new URL(url).origin}${new URL(url).pathname}`;
  if (seen.has(where) || seen.size >= maxBackground) return;
  background.set(tabId, seen.add(where));
  const record = await tabRecord(tabId);
  // The page itself was refused: that is what matters.
  if (record?.mainFrame && record.url === record.pageUrl && samePage(record.pageUrl, tab.url) && !record.view?.closed) return;
  const report = await reportOf(details, tab, []);
  await tell(tabId, details, report, tab);
  await watchForEmptiness(tabId, details.requestId);
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
 */
async function tell(tabId, details, report, tab) {
  const page = pages.get(tabId);
  const gone = () => pages.get(tabId) !== page;
  const before = await tabRecord(tabId);
  const running = before && before.url === details.url ? before.running : null;
  /** @type {import("./tabs.js").TabRecord} */
  const record = {
    pageUrl: details.type === "main_frame" ? details.url : tab?.url ?? details.url,
    url: details.url, method: details.method, status: details.statusCode, requestId: details.requestId,
    mainFrame: details.type === "main_frame", challenged: false, private: report.refusal.request.private,
    incidentId: "", view: null, fault: null, running: null, notice: null, read: false, signIn: signInOf(details),
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
    if (running && before?.incidentId) {
      await call("recovery/outcome", {
        incidentId: before.incidentId,
        outcome: { n: running.n, action: running.action, result: "refused", ...partialOf(running), unix: Math.floor(Date.now() / 1000) },
      }, lateTime).catch(() => {});
    }
    const { incidentId, view } = await call("refusal/report", report, lateTime);
    clearTimeout(late);
    if (!gone()) await setTab(tabId, { ...record, incidentId, view });
  } catch (error) {
    clearTimeout(late);
    await general(error instanceof AgentError ? error.code : "internal");
  }
}

/**
 * Whether more of the step is left than what was done.
 * @param {NonNullable<import("./tabs.js").TabRecord["running"]>} running
 */
function partialOf({ action, grade }) {
  return action === "clear_site_data" && grade && isPartial(grade) ? { partial: true } : {};
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

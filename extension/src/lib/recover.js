// Doing the step that the person chose, noticing whether it helped, and
// bringing them back to the page.

import { api } from "./browser.js";
import { clear, isGrade, isPartial } from "./clear.js";
import { undoClearing } from "./cookies.js";
import { expectNavigation } from "./navigation.js";
import { removeBanner } from "./page.js";
import { call } from "./port.js";
import { tabOf } from "./report.js";
import { isLoopback, samePage } from "./safe.js";
import { knownSignIn } from "./signin.js";
import { attend, changeTab, clearTab, setTab, tabRecord } from "./tabs.js";
import { isOnTheWay, noteLeft } from "./walk.js";

/** @typedef {import("./tabs.js").TabRecord} TabRecord */

const stepTime = 30 * 60 * 1000; // a sign-in may take a while; after that the way back is not forced

const settleTime = 3000;
const backTime = 5000; // a page that was kept is back at once (ms)

/**
 * Take a step in a tab.
 * @param {number} tabId
 * @param {string} action
 * @param {number} n the step's number in the plan, 0 for none
 * @param {{grade?: unknown, confirmed?: unknown}} [how] of a clearing: how much,
 *   and that the sites which sign out too were named
 */
export async function act(tabId, action, n, how = {}) {
  const record = await tabRecord(tabId);
  if (!record) return;
  const doing = steps[action];
  if (!doing) return;
  if (action === "clear_site_data" && !mayClear(how)) throw new Error("a clearing that nobody agreed to");
  attend(tabId);
  expectNavigation(tabId);
  record.running = { action, n, stage: action === "solve_challenge" ? "shown" : "started", since: Date.now(), ...gradeOf(action, how) };
  await changeTab(tabId, record.requestId, { running: record.running, notice: null });
  tellOutcome(record, action, n, "started");
  try {
    // From the popup as a tab the refused page is not in front; readmit's window
    // asks only for the page that the person sees.
    await api.tabs.update(tabId, { active: true });
    await doing(tabId, record);
  } catch (error) {
    await changeTab(tabId, record.requestId, { running: null });
    throw error;
  }
}

/** @param {{grade?: unknown, confirmed?: unknown}} how */
function mayClear({ grade, confirmed }) {
  return isGrade(grade) && grade !== "page" && (grade !== "shared" || confirmed === true);
}

/**
 * A reload is the least of the clearings: it goes past the cache.
 * @param {string} action
 * @param {{grade?: unknown}} how
 */
function gradeOf(action, { grade }) {
  if (action === "reload_page") return { grade: /** @type {const} */ ("page") };
  return action === "clear_site_data" && isGrade(grade) ? { grade } : {};
}

/**
 * The person does a step outside the page: whether it helped, the next load of
 * the page tells.
 * @param {number} tabId
 * @param {string} action
 * @param {number} n
 */
export async function began(tabId, action, n) {
  const record = await tabRecord(tabId);
  if (!record || record.view?.closed) return;
  await changeTab(tabId, record.requestId, { running: { action, n, stage: "shown", since: Date.now() } });
  tellOutcome(record, action, n, "started");
}

/**
 * The person leaves the page as it is: nothing more is shown unasked until
 * another page is refused here.
 * @param {number} tabId
 */
export async function later(tabId) {
  const record = await tabRecord(tabId);
  if (!record || record.view?.closed) return;
  await changeTab(tabId, record.requestId, { later: true });
  await removeBanner(tabId);
}

/** @type {Record<string, (tabId: number, record: TabRecord) => Promise<unknown>>} */
const steps = {
  supply_credentials: reload, // the way to answer a challenge is to be asked again
  retry_credentials: reload,
  login_again: signIn,
  sso_login: signIn,
  switch_account: signIn,
  complete_mfa: signIn,
  clear_site_data: clearAndReload,
  reload_page: reload,
  wait_and_retry: reload,
  allow_cookies: reload, // from here on what the person did elsewhere: the page tells whether it helped
  change_password: reload,
  fix_clock: reload,
  check_device: reload,
  connect_vpn: reload,
  choose_certificate: reload,
  solve_challenge: async () => {}, // the check stands in the page, now in front
  return_to_text: (tabId) => api.tabs.goBack(tabId),
  check_url: (tabId, record) => api.tabs.update(tabId, { url: `${new URL(record.url).origin}/` }),
};

/**
 * @param {number} tabId
 * @param {TabRecord} record
 */
async function signIn(tabId, record) {
  if (record.challenged) {
    await reload(tabId, record);
    return;
  }
  const { main, second, other = [] } = record.view ?? {};
  const named = [main, second, ...other].find((button) => button?.action === record.running?.action && isWebAddress(button?.url));
  const url = named?.url ?? await signInPage(record);
  await changeTab(tabId, record.requestId, { running: { ...step(record, "login_again"), stage: "signing_in", at: url } });
  await api.tabs.update(tabId, { url });
}

/**
 * Where to sign in when the organisation does not say: the page that this site
 * sent the person to before, what the refusal names by header, the root.
 * @param {TabRecord} record
 * @returns {Promise<string>}
 */
export async function signInPage(record) {
  return await knownSignIn(record.url) ?? record.signIn ?? `${new URL(record.url).origin}/`;
}

/**
 * @param {number} tabId
 * @param {TabRecord} record
 */
async function clearAndReload(tabId, record) {
  if (record.running?.grade) await clear(tabId, record, record.running.grade);
  await reload(tabId, record);
}

/**
 * Ask for the page once more. The answer to a form is not: that would send the
 * form again. It is opened anew instead, a page back.
 * @param {number} tabId
 * @param {TabRecord} record
 */
async function reload(tabId, record) {
  if (isForm(record)) {
    const loaded = nextLoad(tabId);
    await api.tabs.goBack(tabId);
    await loaded;
  }
  await api.tabs.reload(tabId, { bypassCache: true });
}

/**
 * @param {number} tabId
 * @returns {Promise<void>} when the tab has loaded its next page, or after a while
 */
function nextLoad(tabId) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      api.tabs.onUpdated.removeListener(listen);
      resolve();
    };
    const listen = (/** @type {number} */ id, /** @type {{status?: string}} */ { status }) => { if (id === tabId && status === "complete") end(); };
    const timer = setTimeout(end, backTime);
    api.tabs.onUpdated.addListener(listen);
  });
}

/** @param {number} tabId */
export async function undo(tabId) {
  const tab = await tabOf(tabId);
  const record = await tabRecord(tabId);
  await undoClearing(tab, record?.url ?? tab?.url ?? "about:blank");
  if (record) {
    tellOutcome(record, "clear_site_data", 0, "undone");
    await changeTab(tabId, record.requestId, { notice: "noticeUndone", noticed: Date.now() });
  }
  if (record) await reload(tabId, record);
  else await api.tabs.reload(tabId, { bypassCache: true });
}

/**
 * A main page opened: was it the refused one, or a stop on the way back to it?
 * @param {number} tabId
 * @param {string} url
 * @param {boolean} sent a form was sent, and its answer led here
 * @param {string} [method] of the request
 */
export async function pageOpened(tabId, url, sent, method = "GET") {
  const record = await tabRecord(tabId);
  if (!record) return;
  // The address of a form that was refused may show the empty form as well.
  const answers = !isForm(record) || sent || method === record.method;
  if (samePage(url, record.pageUrl) && answers) {
    if (record.view?.closed) return;
    if (record.url !== record.pageUrl) await settle(tabId, record);
    else await recovered(tabId, record);
    return;
  }
  const { running } = record;
  if (running?.stage !== "signing_in" || Date.now() - running.since > stepTime) {
    if (running && running.stage !== "shown") await noteLeft(tabId, { incidentId: record.incidentId, action: running.action, n: running.n });
    await clearTab(tabId);
    return;
  }
  if (new URL(url).origin !== new URL(record.pageUrl).origin) { // at a sign-in service
    if (!running.away) await changeTab(tabId, record.requestId, { running: { ...running, away: true } });
    return;
  }
  // Arrived: by a form that was taken, or back from a sign-in service; not on a page that asks on.
  if (!(sent || running.away) || isOnTheWay(url, running.at)) return;
  if (isForm(record)) { // what was sent there is not sent again
    await clearTab(tabId);
    return;
  }
  await setTab(tabId, { ...record, running: { ...running, stage: "returning" } });
  await api.tabs.update(tabId, { url: record.pageUrl });
}

/** @param {TabRecord} record */
function isForm({ method, mainFrame }) {
  return mainFrame && method !== undefined && method !== "GET";
}

/**
 * A page whose own requests were refused opens in any case: it has recovered
 * when they are not refused again.
 * @param {number} tabId
 * @param {TabRecord} record
 */
async function settle(tabId, record) {
  await new Promise((resolve) => { setTimeout(resolve, settleTime); });
  const now = await tabRecord(tabId);
  if (now?.requestId === record.requestId && !now.view?.closed) await recovered(tabId, now);
}

/**
 * A person on the way through a sign-in, which may refuse a mistyped password:
 * the site says so itself, and the way back must not be lost.
 * @param {TabRecord | undefined} record
 * @param {string} url
 * @param {string} method
 */
export function isSigningIn(record, url, method) {
  const running = record?.running;
  return running && isSigningInSince(record)
    && !samePage(url, record?.pageUrl ?? "") && (method === "POST" || isOnTheWay(url, running.at));
}

/**
 * Whether a person took the step to sign in, and may still be at it.
 * @param {TabRecord} record
 */
export function isSigningInSince({ running }) {
  return running?.stage === "signing_in" && Date.now() - running.since < stepTime;
}

/**
 * @param {number} tabId
 * @param {TabRecord} record
 */
async function recovered(tabId, record) {
  const { action, n } = step(record, "none"); // a page that opened by itself is no step's merit
  const closed = { ...record.view, closed: "recovered" };
  await setTab(tabId, { ...record, view: closed, fault: null, running: null, notice: "noticeRecovered", noticed: Date.now() });
  try {
    const { view } = await call("recovery/outcome", outcomeOf({ incidentId: record.incidentId, action, n }, "recovered"));
    if (view?.closed) await changeTab(tabId, record.requestId, { view });
  } catch { /* the page is open: nothing is lost but a line in the journal */ }
}

/**
 * @param {TabRecord} record
 * @param {string} otherwise
 * @returns {NonNullable<TabRecord["running"]>}
 */
function step(record, otherwise) {
  return record.running ?? { action: otherwise, n: 0, stage: "started", since: Date.now() };
}

/**
 * @param {TabRecord} record
 * @param {string} action
 * @param {number} n
 * @param {string} result
 */
function tellOutcome(record, action, n, result) {
  if (record.incidentId) void call("recovery/outcome", outcomeOf({ incidentId: record.incidentId, action, n }, result)).catch(() => {});
}

/**
 * @param {{incidentId: string, action: string, n: number, grade?: import("./clear.js").Grade}} step
 * @param {string} result
 */
export function outcomeOf({ incidentId, action, n, grade }, result) {
  const partial = result === "refused" && action === "clear_site_data" && grade && isPartial(grade);
  return { incidentId, outcome: { n, action, result, unix: Math.floor(Date.now() / 1000), ...(partial && { partial }) } };
}

/** @param {string | undefined} url as the organisation set it; never taken from the page */
function isWebAddress(url) {
  return url !== undefined && URL.canParse(url) && (new URL(url).protocol === "https:" || isLoopback(url));
}

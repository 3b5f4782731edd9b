// Filling a stored account into a site's own sign-in form: off until the person
// switches it on, then on their click alone, for the very origin that refused
// them. The form is the person's to send. What became of it is watched, so that
// a password that was not accepted is not filled in again by habit.

import { api } from "./browser.js";
import { formIn, openLine } from "./form.js";
import { AgentError, call, keepOpen } from "./port.js";
import { asksInPrivate } from "./private.js";
import { tabOf } from "./report.js";
import { changeTab, tabRecord, touchTab } from "./tabs.js";

/** @typedef {import("./form.js").Kind} Kind */
/** @typedef {Offer & {url: string}} Seen */
/** @typedef {{account: string, state: "ready" | "refused" | "unseen", onceMore?: boolean}} Account */
/** @typedef {{kind: Exclude<Kind, null>, accounts: Account[], canKeep: boolean}} Offer what the page asks for; canKeep: a new sign-in can be kept */

/** @typedef {{account: string, onceMore?: boolean, secret?: string}} Wish onceMore: what was not accepted is filled in one more time; secret: what the person typed, to be kept */

const setting = "setting:fill";
const keeping = "keep:";
const sendTime = 5 * 60 * 1000; // as long as the agent keeps the sign-in for this form (ms)
const scriptTime = 2000; // a page that signs in by script shows by then whether its form is gone (ms)
const listTime = 10_000; // the agent may have to start for it

/** @returns {Promise<boolean>} */
export async function fillWanted() {
  return (await api.storage.local.get(setting))[setting] === true;
}

/** @param {boolean} wanted */
export async function setFillWanted(wanted) {
  await api.storage.local.set({ [setting]: wanted });
}

/** @type {Map<number, Seen>} what may be filled in on the page that each tab shows */
const offers = new Map();

/**
 * Look whether a tab shows a form that may be filled in, and with whose account.
 * @param {number} tabId
 */
export async function readOffer(tabId) {
  const before = JSON.stringify(offers.get(tabId));
  const offer = await look(tabId).catch(() => null); // what else is wrong is said elsewhere
  if (offer) offers.set(tabId, offer);
  else offers.delete(tabId);
  if (JSON.stringify(offers.get(tabId)) !== before) touchTab(tabId);
}

/**
 * What may be filled in, as of the last look at this very page.
 * @param {number} tabId
 * @param {string | undefined} url that the tab shows
 * @returns {Offer | null}
 */
export function offerOf(tabId, url) {
  const offer = offers.get(tabId);
  return offer && offer.url === url ? offer : null;
}

/**
 * @param {number} tabId
 * @returns {Promise<Seen | null>}
 */
async function look(tabId) {
  const place = await placeOf(tabId);
  if (!place) return null;
  const kind = await formIn(tabId, place.origin);
  if (!kind) return null;
  const { accounts, canSave } = await call("credential/list", { incidentId: place.incidentId, form: place.origin }, listTime);
  return { kind, accounts, canKeep: canSave && kind === "password", url: place.url };
}

/**
 * Where a form may be filled in: on a page of the origin that refused the
 * person, as long as it does.
 * @param {number} tabId
 * @returns {Promise<{url: string, origin: string, incidentId: string} | null>}
 */
async function placeOf(tabId) {
  const [wanted, record, tab] = await Promise.all([fillWanted(), tabRecord(tabId), tabOf(tabId)]);
  if (!wanted || !record?.incidentId || record.view?.closed || !tab?.url || !URL.canParse(tab.url)) return null;
  if (record.private && !await asksInPrivate()) return null;
  const { origin } = new URL(record.url);
  return new URL(tab.url).origin === origin && !watches.has(tabId) ? { url: tab.url, origin, incidentId: record.incidentId } : null;
}

/**
 * Fill in what the form in a tab asks for: a user name alone where it asks for
 * no password yet. Only for a click of the person.
 * @param {number} tabId
 * @param {Wish} wish
 * @returns {Promise<boolean>} false when there is no such form any more
 */
export async function fill(tabId, wish) {
  const place = await placeOf(tabId);
  const line = place && await openLine(tabId, place.origin);
  if (!place || !line) return false;
  try {
    if (line.kind === "name") return wish.secret === undefined && await line.fill({ account: wish.account }) !== null;
    return line.kind === "password" && await fillPassword(tabId, place, line, wish);
  } finally {
    line.close();
    offers.delete(tabId);
    touchTab(tabId);
  }
}

/**
 * @param {number} tabId
 * @param {{origin: string, incidentId: string}} place
 * @param {import("./form.js").Line} line
 * @param {Wish} wish
 */
async function fillPassword(tabId, { origin, incidentId }, line, { account, onceMore = false, secret: typed }) {
  const watch = begin(tabId, { origin, incidentId, account });
  try {
    if (typed !== undefined) await call("credential/save", { incidentId, account, secret: typed, remember: true, form: origin });
    const { secret } = await call("credential/release", { incidentId, account, consent: onceMore ? "once_more" : "once", form: origin });
    const done = await line.fill({ account, secret }) === "password";
    if (!done) end(watch, "not_sent");
    return done;
  } catch (error) {
    // An answer that comes late reaches no form.
    end(watch, error instanceof AgentError && error.code === "agent_unavailable" ? "not_sent" : null);
    throw error;
  }
}

/**
 * What a person typed into the popup, to be filled in and kept. It comes on a
 * line of its own: what is told to the background otherwise, every page of the
 * extension hears.
 * @param {chrome.runtime.Port} port
 * @returns {boolean} whether it is such a line
 */
export function handleKeep(port) {
  const { name, sender } = port;
  if (!name.startsWith(keeping)) return false;
  if (sender?.id !== api.runtime.id || !sender.url?.startsWith(api.runtime.getURL("ui/popup.html"))) {
    port.disconnect();
    return true;
  }
  port.onMessage.addListener(({ n, account, secret }) => {
    fill(Number(name.slice(keeping.length)), { account: String(account), secret: String(secret) }).then(
      (filled) => port.postMessage({ n, reply: { filled } }),
      (error) => port.postMessage({ n, error: { code: error.code ?? "internal", message: error.message } }),
    ).catch(() => {}); // the popup was closed meanwhile
  });
  return true;
}

/**
 * @typedef {object} Watch a filled form, until it is known what became of it
 * @property {number} tabId
 * @property {string} origin
 * @property {string} incidentId
 * @property {string} account
 * @property {boolean} sent      the person sent something to the site since
 * @property {boolean} stays     and the form still stands there
 * @property {boolean} answered  by a page of its own
 * @property {ReturnType<typeof setTimeout>} timer
 * @property {() => void} release
 */

/** @type {Map<number, Watch>} lost with the background, and the connection that it used: then nobody saw what became of it */
const watches = new Map();

/**
 * @param {number} tabId
 * @param {{origin: string, incidentId: string, account: string}} what
 */
function begin(tabId, what) {
  /** @type {Watch} */
  const watch = {
    tabId, ...what, sent: false, stays: false, answered: false,
    timer: setTimeout(() => end(watch, watch.sent ? "unseen" : "not_sent"), sendTime),
    release: keepOpen(() => end(watch, null)),
  };
  watches.set(tabId, watch);
  return watch;
}

/**
 * @param {Watch} watch
 * @param {"recovered" | "refused" | "unseen" | "not_sent" | null} result null: there is nobody to tell
 */
function end({ tabId, incidentId, account, timer, release }, result) {
  if (!watches.delete(tabId)) return;
  clearTimeout(timer);
  const told = result ? call("credential/filled", { incidentId, account, result }) : Promise.resolve({});
  release();
  void told.then(async ({ notKept }) => {
    const record = notKept && await tabRecord(tabId);
    if (record) await changeTab(tabId, record.requestId, { notice: "noticeNotKept", noticed: Date.now() });
  }).catch(() => {}).then(() => readOffer(tabId)); // untold it stays unseen
}

/**
 * A page arrived in a tab, or an answer to a script of its page.
 * @param {any} details of the response
 * @param {{url: string, method: string}[]} [redirects] that led to it
 */
export function noteAnswer(details, redirects = []) {
  const { tabId, type, statusCode } = details;
  const watch = watches.get(tabId);
  if (!watch) return;
  const { url, method } = redirects[0] ?? details;
  const isPost = method === "POST" && new URL(url).origin === watch.origin;
  const isRefusal = statusCode === 401 || statusCode === 403;
  if (type === "main_frame") noteAnswerPage(watch, isPost, isRefusal, statusCode);
  else if (isPost && isRefusal) end(watch, "refused");
  else if (isPost) {
    watch.sent = true;
    setTimeout(() => { void judge(watch, false); }, scriptTime);
  }
}

/**
 * @param {Watch} watch
 * @param {boolean} isPost
 * @param {boolean} isRefusal
 * @param {number} status
 */
function noteAnswerPage(watch, isPost, isRefusal, status) {
  if (watch.answered || (watch.sent && !isPost)) end(watch, watch.stays || isRefusal ? "unseen" : "recovered"); // the site led on from its form
  else if (!isPost) end(watch, "not_sent"); // the person left the form
  else if (isRefusal) end(watch, "refused");
  else if (status >= 400) end(watch, "unseen"); // the site failed, whoever asked
  else {
    Object.assign(watch, { sent: true, answered: true, stays: false });
    // Firefox may have told that the page is loaded before it tells of the response.
    void tabOf(watch.tabId).then((tab) => { if (tab?.status === "complete") noteLoaded(watch.tabId); });
  }
}

/** @param {number} tabId its page has loaded */
export function noteLoaded(tabId) {
  const watch = watches.get(tabId);
  if (watch?.answered) void judge(watch, true);
}

/** @param {number} tabId the tab was closed */
export function forgetFill(tabId) {
  const watch = watches.get(tabId);
  if (watch) end(watch, watch.sent ? "unseen" : "not_sent");
  offers.delete(tabId);
}

/**
 * A site that took the form no longer shows it; one that did not asks again.
 * @param {Watch} watch
 * @param {boolean} isNewPage else the form may stand for a while yet
 */
async function judge(watch, isNewPage) {
  const kind = await formIn(watch.tabId, watch.origin);
  if (watches.get(watch.tabId) !== watch || kind === undefined) return; // what cannot be looked at proves nothing
  const again = kind === "password";
  watch.stays = again;
  if (!again || isNewPage) end(watch, again ? "refused" : "recovered");
}

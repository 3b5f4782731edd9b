// Filling a stored account into a site's own sign-in form: off until the person
// switches it on, then on their click alone, for the very origin that refused
// them. The form is the person's to send. What became of it is watched, so that
// a password that was not accepted is not filled in again by habit; what was
// not clearly seen counts as unseen.

import { api } from "./browser.js";
import { formIn, openLine } from "./form.js";
import { AgentError, call, keepOpen } from "./port.js";
import { asksInPrivate } from "./private.js";
import { tabOf } from "./report.js";
import { samePage } from "./safe.js";
import { changeTab, onTabChanged, tabRecord, touchTab } from "./tabs.js";
import { isOnTheWay } from "./walk.js";

/** @typedef {import("./form.js").Kind} Kind */
/** @typedef {{account: string, state: "ready" | "refused" | "unseen", onceMore?: boolean}} Account */
/**
 * @typedef {object} Offer what may be filled in
 * @property {Exclude<Kind, null> | "filled"} kind what the page asks for; filled: readmit has done so, and the person has yet to send it
 * @property {Account[]} accounts
 * @property {boolean} canKeep a new sign-in can be kept
 * @property {string} fault    an error code: why the accounts are not at hand, or ""
 */
/** @typedef {Offer & {url: string}} Seen */
/** @typedef {{account: string, kind?: Kind, onceMore?: boolean, secret?: string}} Wish kind: what the person was told that the form asks for; onceMore: what was not accepted is filled in one more time; secret: what the person typed, to be kept */

const setting = "setting:fill";
const keeping = "keep:";
const sendTime = 4 * 60 * 1000; // until a form that nobody sends is emptied again; the agent gives it a minute more (ms)
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
/** @type {Map<number, string>} whose user name was filled in last in each tab: a page that asks for the password alone may not show it */
const named = new Map();

/**
 * Look whether a tab shows a form that may be filled in, and with whose account.
 * @param {number} tabId
 */
export async function readOffer(tabId) {
  const before = JSON.stringify(offers.get(tabId));
  const offer = await look(tabId);
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
  if (watches.get(tabId)?.stands) return { kind: "filled", accounts: [], canKeep: false, fault: "" };
  const offer = offers.get(tabId);
  return offer && offer.url === url ? offer : null;
}

/**
 * @param {number} tabId
 * @returns {Promise<Seen | null>}
 */
async function look(tabId) {
  const place = await placeOf(tabId);
  const kind = place && await formIn(tabId, place.origin);
  if (!place || !kind || (kind === "name" && !place.signingIn)) return null;
  try {
    const { accounts, canSave, space } = await call("credential/list", { incidentId: place.incidentId, form: place.origin }, listTime);
    if (!space) return null; // nothing may be filled in here
    const first = kind === "password" ? named.get(tabId) : undefined;
    return {
      kind, accounts: accounts.filter((/** @type {Account} */ one) => first === undefined || one.account === first),
      canKeep: canSave && kind !== "name", fault: "", url: place.url,
    };
  } catch (error) {
    return { kind, accounts: [], canKeep: false, fault: error instanceof AgentError ? error.code : "internal", url: place.url };
  }
}

/**
 * Where a form may be filled in: on a page of the origin that refused the
 * person, as long as it does.
 * @param {number} tabId
 * @returns {Promise<{url: string, origin: string, incidentId: string, signingIn: boolean} | null>}
 */
async function placeOf(tabId) {
  const [wanted, record, tab] = await Promise.all([fillWanted(), tabRecord(tabId), tabOf(tabId)]);
  if (!wanted || !record?.incidentId || record.view?.closed || !tab?.url || !URL.canParse(tab.url)) return null;
  if (record.private && !await asksInPrivate()) return null;
  const { origin } = new URL(record.url);
  if (new URL(tab.url).origin !== origin || watches.has(tabId)) return null;
  return { url: tab.url, origin, incidentId: record.incidentId, signingIn: isOnTheWay(tab.url, record.running?.at) };
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
  const { kind } = line;
  if (!kind || (wish.kind && wish.kind !== kind) || (kind === "name" && wish.secret !== undefined)) {
    line.close();
    return false;
  }
  try {
    if (kind !== "name") return await fillPassword(tabId, place, line, wish);
    named.set(tabId, wish.account);
    const done = await line.set({ account: wish.account });
    line.close();
    return done;
  } finally {
    offers.delete(tabId);
    touchTab(tabId);
  }
}

/**
 * Forget an account that is kept for the site of a tab.
 * @param {number} tabId
 * @param {string} account
 */
export async function forget(tabId, account) {
  const place = await placeOf(tabId);
  if (!place) return;
  await call("credential/forget", { incidentId: place.incidentId, account, form: place.origin }).catch((error) => {
    if (error.code !== "not_found") throw error; // it is gone already
  });
  await readOffer(tabId);
}

/**
 * @param {number} tabId
 * @param {{origin: string, incidentId: string}} place
 * @param {import("./form.js").Line} line
 * @param {Wish} wish
 */
async function fillPassword(tabId, { origin, incidentId }, line, { account, onceMore = false, secret: typed }) {
  let lost = false;
  const release = keepOpen(() => { lost = true; });
  const told = { incidentId, account };
  try {
    if (typed !== undefined) await call("credential/save", { ...told, secret: typed, remember: true, form: origin });
    const { secret } = await call("credential/release", { ...told, consent: onceMore ? "once_more" : "once", form: origin }).catch((error) => {
      if (error.code === "agent_unavailable") void tell(told, "not_sent"); // an answer that comes late reaches no form
      throw error;
    });
    if (!await line.set({ account, secret })) {
      await tell(told, "not_sent");
      return false;
    }
    if (!lost) begin(tabId, origin, told, line);
    return true;
  } finally {
    if (!watches.has(tabId)) line.close();
    release();
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

/** @typedef {{incidentId: string, account: string}} Told */
/** @typedef {"recovered" | "refused" | "unseen" | "not_sent"} Result */
/**
 * @typedef {object} Watch a filled form, until it is known what became of it
 * @property {number} tabId
 * @property {string} origin
 * @property {Told} told
 * @property {"no" | "perhaps" | "yes"} sent perhaps: something was sent by a script, which may have been anything
 * @property {boolean} stands   the document with the form is still there
 * @property {boolean} answered a page came as the answer
 * @property {() => void} over  lets go of all that the watch holds
 */

/** @type {Map<number, Watch>} lost with the background, and the connection that it used: then nobody saw what became of it */
const watches = new Map();

/**
 * @param {number} tabId
 * @param {string} origin
 * @param {Told} told
 * @param {import("./form.js").Line} line
 */
function begin(tabId, origin, told, line) {
  const release = keepOpen(() => end(watch, null));
  const timer = setTimeout(() => {
    if (watch.sent === "no") void line.set({ clear: true }).then(() => end(watch, "not_sent"));
    else end(watch, "unseen");
  }, sendTime);
  /** @type {Watch} */
  const watch = {
    tabId, origin, told, sent: "no", stands: true, answered: false,
    over() {
      clearTimeout(timer);
      line.close();
      release();
    },
  };
  watches.set(tabId, watch);
  line.watch({
    sent: () => { watch.sent = "yes"; },
    changed: () => end(watch, watch.sent === "no" ? "not_sent" : "unseen"), // another password stands there now
    gone: () => {
      watch.stands = false;
      if (watch.sent === "no") end(watch, "not_sent");
    },
  });
}

/**
 * @param {Watch} watch
 * @param {Result | null} result null: there is nobody to tell
 */
function end(watch, result) {
  const { tabId, told } = watch;
  if (watches.get(tabId) !== watch) return;
  watches.delete(tabId);
  named.delete(tabId);
  const telling = result ? tell(told, result) : Promise.resolve(/** @type {{notKept?: boolean}} */ ({}));
  watch.over();
  void telling.then(async ({ notKept = false }) => {
    const record = notKept && await tabRecord(tabId);
    if (record) await changeTab(tabId, record.requestId, { notice: "noticeNotKept", noticed: Date.now() });
  }).then(() => readOffer(tabId));
}

/**
 * @param {Told} told
 * @param {Result} result
 * @returns {Promise<{notKept?: boolean}>}
 */
function tell(told, result) {
  return call("credential/filled", { ...told, result }).catch(() => ({})); // untold it stays unseen
}

/**
 * A page is asked for in a tab: a form that a script sends says nothing itself.
 * @param {any} details of the request
 */
export function noteSending({ tabId, url, method }) {
  const watch = watches.get(tabId);
  if (watch && method === "POST" && new URL(url).origin === watch.origin) watch.sent = "yes";
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
  const changes = method !== "GET" && method !== "HEAD";
  const isOwn = new URL(url).origin === watch.origin;
  const isTheAnswer = isOwn && statusCode === 401 && watch.sent === "yes" && redirects.length === 0;
  if (changes && watch.sent === "no") watch.sent = "perhaps";
  if (type !== "main_frame") {
    if (isTheAnswer) end(watch, "refused");
  } else if (changes && isOwn && statusCode === 401 && redirects.length === 0) {
    end(watch, "refused");
  } else if (watch.sent !== "no") {
    watch.answered = true;
    void noteArrival(watch, details);
  }
}

/**
 * @param {Watch} watch
 * @param {{url: string, statusCode: number}} details
 */
async function noteArrival(watch, { url, statusCode }) {
  const [record, tab] = await Promise.all([tabRecord(watch.tabId), tabOf(watch.tabId)]);
  // Signed in or not, the page says no: that is its own matter.
  if (record && samePage(url, record.pageUrl) && statusCode >= 400) end(watch, "unseen");
  // Firefox may have told that the page is loaded before it tells of the response.
  else if (tab?.status === "complete") noteLoaded(watch.tabId);
}

/** @param {number} tabId its page has loaded */
export function noteLoaded(tabId) {
  const watch = watches.get(tabId);
  if (watch?.answered) void judge(watch);
}

/**
 * A site that did not take a sign-in asks again.
 * @param {Watch} watch
 */
async function judge(watch) {
  if (await formIn(watch.tabId, watch.origin)) end(watch, watch.sent === "yes" ? "refused" : "unseen");
}

// A site that took it opens the page: nothing else proves it.
onTabChanged((tabId) => {
  const watch = watches.get(tabId);
  if (watch) void tabRecord(tabId).then((record) => { if (record?.view?.closed === "recovered") end(watch, "recovered"); });
});

/** @param {number} tabId the tab was closed */
export function forgetFill(tabId) {
  const watch = watches.get(tabId);
  if (watch) end(watch, watch.sent === "no" ? "not_sent" : "unseen");
  offers.delete(tabId);
  named.delete(tabId);
}

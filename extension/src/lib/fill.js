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
 * @property {string} url      of the page
 */
/** @typedef {{account: string, url?: string, kind?: Kind, onceMore?: boolean, secret?: string}} Wish url, kind: the page that the person was told of, and what its form asks for; onceMore: what was not accepted is filled in one more time; secret: what the person typed, to be kept */

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

/** @type {Map<number, Offer>} what may be filled in on the page that each tab shows */
const offers = new Map();
/** @type {Map<number, {origin: string, account: string}>} whose user name was filled in last in each tab: a page that asks for the password alone may not show it */
const named = new Map();

/**
 * Look whether a tab shows a form that may be filled in, and with whose account.
 * @param {number} tabId
 */
export async function readOffer(tabId) {
  const watch = watches.get(tabId);
  // A page that asks again, drawn by a script: what became of the last one was not seen.
  if (watch?.answered && await formIn(tabId, watch.origin)) end(watch, "unseen");
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
  if (watches.get(tabId)?.stands) return { kind: "filled", accounts: [], canKeep: false, fault: "", url: url ?? "" };
  const offer = offers.get(tabId);
  return offer && offer.url === url ? offer : null;
}

/**
 * @param {number} tabId
 * @returns {Promise<Offer | null>}
 */
async function look(tabId) {
  const place = await placeOf(tabId);
  const kind = place && await formIn(tabId, place.origin);
  if (!place || !kind || (kind === "name" && !place.signingIn)) return null;
  try {
    const { accounts, canSave, space } = await call("credential/list", { incidentId: place.incidentId, form: place.origin }, listTime);
    if (!space) return null; // nothing may be filled in here
    const first = named.get(tabId);
    const isSecond = kind === "password" && first?.origin === place.origin;
    return {
      kind, accounts: accounts.filter((/** @type {Account} */ one) => !isSecond || one.account === first.account),
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
  const line = place && place.url === (wish.url ?? place.url) ? await openLine(tabId, place.origin) : null;
  if (!place || !line) return false;
  const { kind } = line;
  if (!kind || (wish.kind && wish.kind !== kind) || (kind === "name" && wish.secret !== undefined)) {
    line.close();
    return false;
  }
  try {
    if (kind !== "name") return await fillPassword(tabId, place, line, wish);
    named.set(tabId, { origin: place.origin, account: wish.account });
    const done = await line.set({ account: wish.account });
    line.close();
    return done;
  } finally {
    await readOffer(tabId);
    touchTab(tabId);
  }
}

/**
 * Forget an account that is kept for the site of a tab.
 * @param {number} tabId
 * @param {string} account
 * @returns {Promise<boolean>} false when the tab shows another page meanwhile
 */
export async function forget(tabId, account) {
  const place = await placeOf(tabId);
  if (!place) return false;
  await call("credential/forget", { incidentId: place.incidentId, account, form: place.origin }).catch((error) => {
    if (error.code !== "not_found") throw error; // it is gone already
  });
  await readOffer(tabId);
  return true;
}

/**
 * @param {number} tabId
 * @param {{origin: string, incidentId: string}} place
 * @param {import("./form.js").Line} line
 * @param {Wish} wish
 */
async function fillPassword(tabId, { origin, incidentId }, line, { account, onceMore = false, secret: typed }) {
  let lost = false;
  let watched = false;
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
    watched = !lost;
    return true;
  } finally {
    if (!watched) line.close();
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
  port.onMessage.addListener(({ n, url, kind, account, secret }) => {
    fill(Number(name.slice(keeping.length)), { url: String(url), kind, account: String(account), secret: String(secret) }).then(
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
 * @property {"no" | "elsewhere" | "perhaps" | "yes"} sent yes: the page says so of the form; perhaps: something was sent to this
 *   site, which may have been anything; elsewhere: to another, or a script could send it without a sign
 * @property {boolean} stands   the document with the form is still there
 * @property {boolean} answered a page came as the answer
 * @property {boolean} judged   and was looked at: later pages prove nothing
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
  const earlier = watches.get(tabId);
  if (earlier) end(earlier, "unseen");
  const release = keepOpen(() => end(watch, null));
  const timer = setTimeout(() => {
    void (watch.sent === "no" ? line.set({ clear: true }) : Promise.resolve()).then(() => end(watch, ending(watch)));
  }, sendTime);
  /** @type {Watch} */
  const watch = {
    tabId, origin, told, sent: "no", stands: true, answered: false, judged: false,
    over() {
      clearTimeout(timer);
      line.close();
      release();
    },
  };
  watches.set(tabId, watch);
  line.watch({
    sent: () => { watch.sent = "yes"; },
    formless: () => { if (watch.sent === "no") watch.sent = "elsewhere"; },
    changed: () => end(watch, ending(watch)), // another password stands there now
    gone: () => {
      watch.stands = false;
      if (watch.sent === "no") end(watch, "not_sent");
    },
  });
}

/**
 * How a watch ends where nothing is proved.
 * @param {Watch} watch
 * @returns {Result}
 */
function ending({ sent }) {
  return sent === "no" ? "not_sent" : "unseen";
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
  if (watch && method === "POST" && new URL(url).origin === watch.origin && watch.sent !== "yes") watch.sent = "perhaps";
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
  const isTheAnswer = changes && isOwn && statusCode === 401 && watch.sent === "yes" && redirects.length === 0 && !watch.answered;
  if (changes && watch.sent !== "yes") watch.sent = isOwn || watch.sent === "perhaps" ? "perhaps" : "elsewhere";
  if (isTheAnswer) {
    end(watch, "refused");
  } else if (type === "main_frame" && watch.sent !== "no") {
    watch.answered = true;
    void noteArrival(watch, details);
  }
}

/**
 * @param {Watch} watch
 * @param {{url: string, statusCode: number}} details
 */
async function noteArrival(watch, { url, statusCode }) {
  // Perhaps it was another way to sign in that was taken.
  if (watch.sent !== "yes" && new URL(url).origin !== watch.origin) {
    end(watch, "unseen");
    return;
  }
  const [record, tab] = await Promise.all([tabRecord(watch.tabId), tabOf(watch.tabId)]);
  // Signed in or not, the page says no: that is its own matter.
  if (record && samePage(url, record.pageUrl) && statusCode >= 400) end(watch, "unseen");
  // Firefox may have told that the page is loaded before it tells of the response.
  else if (tab?.status === "complete") noteLoaded(watch.tabId);
}

/** @param {number} tabId its page has loaded */
export function noteLoaded(tabId) {
  const watch = watches.get(tabId);
  if (watch?.answered && !watch.judged) void judge(watch);
}

/**
 * A site that did not take a sign-in asks for the password again.
 * @param {Watch} watch
 */
async function judge(watch) {
  const kind = await formIn(watch.tabId, watch.origin);
  if (kind === undefined) return; // what cannot be looked at proves nothing
  watch.judged = true;
  if (kind === "both" || kind === "password") end(watch, watch.sent === "yes" ? "refused" : "unseen");
}

// A site that took it opens the page: nothing else proves it.
onTabChanged((tabId) => {
  const watch = watches.get(tabId);
  if (!watch) return;
  void tabRecord(tabId).then((record) => {
    if (record?.view?.closed !== "recovered" || record.incidentId !== watch.told.incidentId || record.url !== record.pageUrl) return;
    end(watch, watch.sent === "yes" || watch.sent === "perhaps" ? "recovered" : ending(watch));
  });
});

/** @param {number} tabId the tab was closed */
export function forgetFill(tabId) {
  const watch = watches.get(tabId);
  if (watch) end(watch, ending(watch));
  offers.delete(tabId);
  named.delete(tabId);
}

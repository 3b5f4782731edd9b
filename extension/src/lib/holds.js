// Requests that the browser holds while a person decides: one a host, each
// with readmit's own window. A hold lives in the background's memory, because
// the browser's callback does; the window's page keeps the background alive.

import { api } from "./browser.js";
import { call, keepOpen } from "./port.js";
import { inTurn, load, save } from "./store.js";

/** A person may take this long (ms); then the page stops waiting. */
const personTime = 3 * 60 * 1000;
const maxEnded = 200;
const maxTaken = 16; // their pages come at once
const maxParked = 64;
const endedKey = "ended";

/**
 * @typedef {object} Hold
 * @property {string} id             names the window's page
 * @property {any} details           the webRequest event
 * @property {string} requestId
 * @property {number} tabId
 * @property {number} source        the tab that the browser names, below 0 for a service worker's request
 * @property {string} host           host:port of the request
 * @property {string} incidentId
 * @property {Promise<unknown> | null} turn  readmit's one window is this one's to open, from asking the agent for it until it is given back
 * @property {any} list              credential/list's reply
 * @property {"machine"|"choose"|"type"|"sending"|"refused"|"gave_up"|"settled"} phase
 * @property {{account: string, scheme: string} | null} sent what was sent last
 * @property {boolean} toKeep        the person asked to remember something of what was sent last
 * @property {boolean} orphaned      the agent that was to remember it ended meanwhile
 * @property {((response: chrome.webRequest.BlockingResponse) => void)[]} parked other requests of the page that wait for what becomes of this one
 * @property {boolean} letGo         other requests were let go: reload after a yes
 * @property {boolean} private
 * @property {boolean} mayAlways     "always here" may be given and used: a main frame, in no private window and no container, whose certificate was taken
 * @property {number | undefined} windowId
 * @property {chrome.runtime.Port | null} channel to the window's page
 * @property {((response: chrome.webRequest.BlockingResponse) => void) | null} respond
 * @property {(() => void) | null} stopWatching
 * @property {(() => void) | null} releasePort
 * @property {ReturnType<typeof setTimeout> | undefined} timer
 * @property {(() => void) | null} painted
 */

/** @type {Map<string, Hold>} by request */
const holds = new Map();
/** @type {Set<string>} requests that were handed back: never asked about again */
const ended = new Set();
/** @type {Promise<unknown>} readmit's one window was given back */
let givenBack = Promise.resolve();
/** @type {Map<string, string>} requests whose answer the site took, without opening the page -> scheme */
const taken = new Map();

/**
 * @param {any} details
 * @returns {Hold}
 */
export function createHold(details) {
  /** @type {Hold} */
  const hold = {
    id: crypto.randomUUID(), details, requestId: details.requestId, tabId: details.tabId, source: details.tabId, host: new URL(details.url).host,
    incidentId: "", turn: null, list: null, phase: "machine", sent: null, toKeep: false, orphaned: false, parked: [], letGo: false, private: false,
    mayAlways: false, windowId: undefined,
    channel: null, respond: null, stopWatching: null, releasePort: null, timer: undefined, painted: null,
  };
  holds.set(hold.requestId, hold);
  return hold;
}

/** @param {string} requestId */
export function holdOf(requestId) {
  return holds.get(requestId);
}

/**
 * Whether a hold has not ended meanwhile.
 * @param {Hold} hold
 */
export function isHeld(hold) {
  return holds.get(hold.requestId) === hold;
}

/** @param {string} id */
export function holdById(id) {
  return [...holds.values()].find((hold) => hold.id === id);
}

/** @param {string} host */
export function holdOnHost(host) {
  return [...holds.values()].find((hold) => hold.host === host && hold.phase !== "gave_up" && hold.phase !== "settled");
}

/** @param {number} tabId */
export function isAsking(tabId) {
  return [...holds.values()].some((hold) => hold.tabId === tabId && hold.windowId !== undefined);
}

/**
 * Whether a person is being asked, or about to be, for another request.
 * @param {Hold} hold
 */
export function isAskingElsewhere(hold) {
  return [...holds.values()].some((other) => other !== hold && other.turn);
}

/**
 * Ask the agent for readmit's one window, which all browsers of this person share.
 * @param {Hold} hold
 * @returns {Promise<boolean>} false when another question is open
 */
export async function takeTurn(hold) {
  if (isAskingElsewhere(hold)) return false;
  const turn = givenBack.then(() => call("credential/ask", { incidentId: hold.incidentId }));
  hold.turn = turn;
  try {
    await turn;
    return true;
  } catch (error) {
    const { code } = /** @type {import("./port.js").AgentError} */ (error);
    if (code === "unknown_method") return true; // an older agent: at least this browser keeps to one
    hold.turn = null;
    if (code === "busy") return false;
    throw error;
  }
}

/**
 * Give the window back. The agent answers many questions at once, so taking and
 * giving back wait for each other.
 * @param {Hold} hold
 */
function endTurn(hold) {
  const { turn, incidentId } = hold;
  hold.turn = null;
  if (turn) givenBack = turn.catch(() => {}).then(() => call("credential/ask", { incidentId, over: true })).catch(() => {}); // it ends by itself, too
}

/** Windows that have nothing to ask any more make room for one that has. */
export function closeSpent() {
  for (const hold of [...holds.values()]) if (hold.phase === "gave_up") end(hold);
}

/** @param {string} requestId */
export function wasEnded(requestId) {
  return ended.has(requestId);
}

/**
 * The same for a background that has died since: the browser's own box asks
 * for the same request again after each mistyped password.
 * @param {string} requestId
 */
export async function wasEndedBefore(requestId) {
  return (/** @type {string[]} */ (await load(endedKey) ?? [])).includes(requestId);
}

/** @param {string} requestId */
function noteEnded(requestId) {
  noteOne(ended, requestId);
  void inTurn(endedKey, async () => {
    const all = new Set(/** @type {string[]} */ (await load(endedKey) ?? []));
    noteOne(all, requestId);
    await save(endedKey, [...all]);
  });
}

/**
 * @param {Set<string>} set
 * @param {string} requestId
 */
function noteOne(set, requestId) {
  set.add(requestId);
  for (const oldest of set) {
    if (set.size <= maxEnded) break;
    set.delete(oldest);
  }
}

/**
 * The site took readmit's answer, and sent no page for it yet: what it sends
 * next is told as a refusal of its own.
 * @param {Hold} hold
 */
export function noteTaken({ requestId, sent }) {
  taken.set(requestId, sent?.scheme ?? "");
  for (const oldest of taken.keys()) {
    if (taken.size <= maxTaken) break;
    taken.delete(oldest);
  }
}

/**
 * @param {string} requestId
 * @returns {string | undefined} the scheme of readmit's answer that the site took
 */
export function answerTaken(requestId) {
  return taken.get(requestId);
}

/**
 * Another challenged part of the page: it waits while a machine is at work,
 * and is dropped once the person is asked. After a yes the page is reloaded.
 * @param {Hold} hold
 * @returns {Promise<chrome.webRequest.BlockingResponse> | chrome.webRequest.BlockingResponse}
 */
export function park(hold) {
  if (hold.phase === "machine" && hold.parked.length >= maxParked) return {};
  if (hold.phase === "machine") return new Promise((resolve) => { hold.parked.push(resolve); });
  hold.letGo = true;
  return { cancel: true };
}

/**
 * @param {Hold} hold
 * @param {boolean} drop or hand back to the browser
 */
function unpark(hold, drop) {
  const parked = hold.parked.splice(0);
  hold.letGo ||= drop && parked.length > 0;
  for (const respond of parked) respond(drop ? { cancel: true } : {});
}

/**
 * Hold the request until `answer` or `end`.
 * @param {Hold} hold
 * @returns {Promise<chrome.webRequest.BlockingResponse>}
 */
export function wait(hold) {
  return new Promise((resolve) => { hold.respond = resolve; });
}

/**
 * @param {Hold} hold
 * @param {chrome.webRequest.BlockingResponse} response
 */
export function answer(hold, response) {
  const { respond } = hold;
  hold.respond = null;
  unpark(hold, response.authCredentials !== undefined);
  respond?.(response);
}

/**
 * Stop holding: hand back to the browser what is still open, forget the
 * request, close the window.
 * @param {Hold} hold
 */
export function end(hold) {
  if (!isHeld(hold)) return;
  holds.delete(hold.requestId);
  noteEnded(hold.requestId);
  clearTimeout(hold.timer);
  hold.stopWatching?.();
  hold.releasePort?.();
  endTurn(hold);
  answer(hold, {});
  if (hold.windowId !== undefined) void api.windows.remove(hold.windowId).catch(() => {});
}

/**
 * Give the person their time, from now on.
 * @param {Hold} hold
 * @param {"choose" | "type" | "refused"} phase
 */
export function giveTime(hold, phase) {
  hold.phase = phase;
  unpark(hold, true);
  clearTimeout(hold.timer);
  hold.timer = setTimeout(() => giveUp(hold), personTime);
  pushAsk(hold);
}

/**
 * The page stops waiting; the window stays and says so.
 * @param {Hold} hold
 */
function giveUp(hold) {
  hold.phase = "gave_up";
  hold.stopWatching?.();
  hold.releasePort?.();
  hold.releasePort = null;
  endTurn(hold);
  noteEnded(hold.requestId);
  answer(hold, {});
  pushAsk(hold);
}

/**
 * An incident belongs to the connection that reported it. When that ends, so
 * does the hold: the browser's own prompt takes over. What the site was sent
 * already is watched to its end.
 * @param {Hold} hold
 * @param {(code: string) => void} onLoss
 */
export function keepPort(hold, onLoss) {
  hold.releasePort?.();
  hold.releasePort = keepOpen((error) => {
    if (hold.phase === "gave_up") return;
    hold.turn = null; // it ended with the connection
    hold.orphaned = hold.phase === "sending" && !hold.respond;
    if (hold.orphaned) return;
    end(hold);
    onLoss(error.code);
  });
}

/** @param {number} tabId the tab was closed */
export function dropHolds(tabId) {
  for (const hold of [...holds.values()]) if (hold.tabId === tabId) end(hold);
}

/** @param {number} windowId a window was closed: if it was readmit's, that is a no */
export function holdOfWindow(windowId) {
  return [...holds.values()].find((hold) => hold.windowId === windowId);
}

/**
 * What the window shows. Never a secret.
 * @param {Hold} hold
 */
export function askOf(hold) {
  const url = new URL(hold.details.url);
  const { list, phase } = hold;
  return {
    id: hold.id, phase: phase === "machine" || phase === "settled" ? "sending" : phase,
    host: url.hostname, port: url.port,
    realm: list?.space?.realm ?? "", accounts: list?.accounts ?? [],
    canSave: Boolean(list?.canSave) && !hold.private,
    canAlways: hold.mayAlways,
    canNever: !hold.private,
    private: hold.private, fault: null,
  };
}

/** @param {Hold} hold */
export function pushAsk(hold) {
  hold.channel?.postMessage({ ask: askOf(hold) });
}

// The connection to the agent: one native-messaging port, opened on demand and
// closed when idle, because an open port keeps the background alive.

import { api, portError } from "./browser.js";

/** What a machine gets (ms): then the person sees readmit's window, the browser's own box, or is told something. */
export const machineTime = 2000;
/** An answer may take this long (ms) where somebody waits for it. */
const answerTime = 1800;
const idleTime = 20_000;
const hostName = "io.github.readmit";
const maxPending = 32;

/** Why a call failed; `code` is one of the agent's error codes, or host_missing. */
export class AgentError extends Error {
  /** @param {{code: string, message: string, hint?: string}} data */
  constructor(data) {
    super(data.message);
    this.code = data.code;
    this.hint = data.hint ?? "";
  }
}

/**
 * @typedef {object} Pending
 * @property {(result: any) => void} resolve
 * @property {(error: AgentError) => void} reject
 */

/** @type {chrome.runtime.Port | null} */
let port = null;
let nextId = 1;
/** @type {Map<number, Pending>} */
const pending = new Map();
/** Messages received on this port so far. */
let received = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let idleTimer;
/** @type {Set<object>} */
const keepers = new Set();
/** @type {Set<(error: AgentError) => void>} */
const lossListeners = new Set();

/**
 * Ask the agent. Rejects with an AgentError, at the latest after `timeout` ms.
 * @param {string} method
 * @param {object} params
 * @param {number} [timeout]
 * @returns {Promise<any>}
 */
export function call(method, params, timeout = answerTime) {
  if (pending.size >= maxPending) {
    return Promise.reject(new AgentError({ code: "busy", message: "too many questions at once" }));
  }
  const to = connect();
  const id = nextId++;
  const before = received;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new AgentError({ code: "agent_unavailable", message: `no answer to ${method} in time` });
      pending.delete(id);
      reject(error);
      // Who has not said a word since is not trusted to answer the next
      // question: that one gets a fresh host.
      if (received === before) lose(to, error);
    }, timeout);
    pending.set(id, {
      resolve: (result) => { clearTimeout(timer); resolve(result); },
      reject: (error) => { clearTimeout(timer); reject(error); },
    });
    try {
      to.postMessage({ jsonrpc: "2.0", id, method, params });
    } catch (error) {
      lose(to, new AgentError({ code: "agent_unavailable", message: String(error) }));
    }
  });
}

/**
 * Keep the port open while a person decides: an incident belongs to the
 * connection that reported it. Returns a function that ends it.
 * @param {(error: AgentError) => void} onLoss called once when the connection ends first
 */
export function keepOpen(onLoss) {
  const keeper = {};
  keepers.add(keeper);
  lossListeners.add(onLoss);
  return () => {
    keepers.delete(keeper);
    lossListeners.delete(onLoss);
    armIdle();
  };
}

function connect() {
  if (port) {
    armIdle();
    return port;
  }
  const opened = api.runtime.connectNative(hostName);
  port = opened;
  received = 0;
  opened.onMessage.addListener((message) => receive(opened, message));
  opened.onDisconnect.addListener(() => lose(opened, reasonOf(portError(opened))));
  const { version } = api.runtime.getManifest();
  const id = nextId++;
  // Nobody waits for the greeting; when it is refused, the reason reaches
  // every question that was asked behind it.
  pending.set(id, { resolve: () => {}, reject: (error) => { if (error.code.startsWith("protocol_")) lose(opened, error); } });
  opened.postMessage({
    jsonrpc: "2.0", id, method: "initialize",
    params: { version, protocol: 1, language: api.i18n.getUILanguage() },
  });
  armIdle();
  return opened;
}

/**
 * @param {chrome.runtime.Port} from
 * @param {any} message
 */
function receive(from, message) {
  if (from !== port || typeof message !== "object" || message === null) return;
  received++;
  const failure = message.error && new AgentError({ code: "internal", message: String(message.error.message), ...message.error.data });
  if (message.id === null && failure) {
    lose(from, failure);
    return;
  }
  const waiting = pending.get(message.id);
  if (!waiting) return; // a notification, or a reply that came too late
  pending.delete(message.id);
  if (failure) waiting.reject(failure);
  else waiting.resolve(message.result ?? {});
  armIdle();
}

/**
 * @param {chrome.runtime.Port} from
 * @param {AgentError} error
 */
function lose(from, error) {
  if (from !== port) return;
  port = null;
  clearTimeout(idleTimer);
  from.disconnect();
  const failed = [...pending.values()];
  pending.clear();
  for (const { reject } of failed) reject(error);
  const listeners = [...lossListeners];
  lossListeners.clear();
  keepers.clear();
  for (const listener of listeners) listener(error);
}

function armIdle() {
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => {
    if (!port || pending.size > 0 || keepers.size > 0) return;
    const idle = port;
    port = null;
    idle.disconnect();
  }, idleTime);
}

// What the two browsers say when the host is not there, or may not be started.
const missing = /not found|no such native application|forbidden|disabled by the system administrator/i;

/** @param {string} reason */
function reasonOf(reason) {
  return missing.test(reason)
    ? new AgentError({ code: "host_missing", message: reason })
    : new AgentError({ code: "agent_unavailable", message: reason || "the helper ended" });
}

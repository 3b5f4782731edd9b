// Talking to the background, which may be asleep, slow or gone.

import { api, portError } from "../lib/browser.js";

const soonTime = 300;
const lateTime = 2000;

/** Why the background could not do what was asked; `code` as the agent names it. */
export class TalkError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Ask the background. Every open page of readmit hears the question: nothing
 * that a person typed may be in it.
 * @param {{type: string} & Record<string, unknown>} message
 * @returns {Promise<any>} rejects with a TalkError
 */
export async function ask(message) {
  let reply;
  try {
    reply = await api.runtime.sendMessage(message);
  } catch (error) {
    throw new TalkError("agent_unavailable", error instanceof Error ? error.message : String(error));
  }
  if (!reply) throw new TalkError("agent_unavailable", "no reply");
  if (reply.error) throw new TalkError(String(reply.error.code), String(reply.error.message));
  return reply;
}

/**
 * A line to the background that no other page hears. Questions are numbered,
 * so that each gets its own answer in whatever order answers come.
 * @param {string} name
 * @param {{onPush: (message: any) => void, onEnd: () => void}} listeners
 *   `onPush` hears what nobody asked for; `onEnd` that the background ended the
 *   line or is gone, after which every question is refused
 * @returns {{ask: (message: {type: string} & Record<string, unknown>) => Promise<any>}} `ask` rejects with a TalkError
 */
export function dial(name, { onPush, onEnd }) {
  const port = api.runtime.connect({ name });
  /** @type {Map<number, {resolve: (reply: any) => void, reject: (error: TalkError) => void}>} */
  const waiting = new Map();
  let asked = 0;
  port.onMessage.addListener((/** @type {any} */ message) => {
    if (message.n === undefined) {
      onPush(message);
      return;
    }
    const asker = waiting.get(message.n);
    waiting.delete(message.n);
    if (message.error) asker?.reject(new TalkError(String(message.error.code), String(message.error.message)));
    else asker?.resolve(message.reply);
  });
  port.onDisconnect.addListener(() => {
    const error = new TalkError("agent_unavailable", portError(port) || "the line ended");
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    onEnd();
  });
  return {
    ask: (message) => new Promise((resolve, reject) => {
      const n = ++asked;
      waiting.set(n, { resolve, reject });
      try {
        port.postMessage({ ...message, n });
      } catch (error) {
        waiting.delete(n);
        reject(new TalkError("agent_unavailable", error instanceof Error ? error.message : String(error)));
      }
    }),
  };
}

/**
 * Wait for a reply and let the person know that something is happening: after
 * 300 ms `soon` is called, after 2 s `late`. The reply still counts when it
 * comes after that.
 * @template T
 * @param {Promise<T>} reply
 * @param {{soon?: () => void, late?: () => void}} signs
 * @returns {Promise<T>}
 */
export async function patiently(reply, { soon, late }) {
  const timers = [soon && setTimeout(soon, soonTime), late && setTimeout(late, lateTime)];
  try {
    return await reply;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/**
 * Hear what the background tells without being asked.
 * @param {string} type
 * @param {(message: any) => void} listener
 */
export function hear(type, listener) {
  api.runtime.onMessage.addListener((message, sender) => {
    if (sender.id === api.runtime.id && !sender.tab && message?.type === type) listener(message);
  });
}

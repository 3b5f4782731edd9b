// Talking to the background, which may be asleep, slow or gone.

import { api } from "../lib/browser.js";

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
 * Ask the background.
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

// The only thing kept of requests that worked: the hour of an origin's last
// one, in memory, and nothing for private windows.

import { inTurn, load, save } from "./store.js";

const key = "success";
const maxOrigins = 500;
const hour = 60 * 60 * 1000;

/** @type {Map<string, number> | undefined} origin -> hour, least recently seen first */
let known;

async function all() {
  known ??= new Map(/** @type {[string, number][] | undefined} */ (await load(key)) ?? []);
  return known;
}

/** @param {string} origin */
export function noteSuccess(origin) {
  const now = Math.floor(Date.now() / hour);
  if (known?.get(origin) === now) return;
  void inTurn(key, async () => {
    const origins = await all();
    origins.delete(origin);
    origins.set(origin, now);
    for (const oldest of origins.keys()) {
      if (origins.size <= maxOrigins) break;
      origins.delete(oldest);
    }
    await save(key, [...origins]);
  });
}

/**
 * @param {string} origin
 * @returns {Promise<string | undefined>} RFC 3339, the start of the hour
 */
export async function lastSuccess(origin) {
  const at = (await all()).get(origin);
  return at === undefined ? undefined : new Date(at * hour).toISOString();
}

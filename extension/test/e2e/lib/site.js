// The sample site as a process of the test, and its control side.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { firstLine } from "./desktop.js";
import { start } from "./processes.js";

const program = fileURLToPath(new URL("../../.tmp/samplesite", import.meta.url));

/** @typedef {Awaited<ReturnType<typeof startSite>>} Site */

/** Start the sample site; it serves until closed. */
export async function startSite() {
  if (!existsSync(program)) throw new Error(`${program} is missing\nhint: run "make e2e", which builds it`);
  const server = start(program, [], { env: { PATH: process.env.PATH } });
  /** @type {{site: string, site2: string, control: string}} */
  const { site, site2, control } = JSON.parse(await firstLine(server));

  /**
   * @param {string} method
   * @param {string} path
   */
  async function call(method, path) {
    const response = await fetch(new URL(path, control), { method, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`control ${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text ? JSON.parse(text) : null;
  }

  return {
    site,
    site2,
    control,
    /**
     * @param {string} path
     * @param {string} [host] another name of the same site, such as a.localhost
     */
    url(path, host) {
      const url = new URL(path, site);
      if (host) url.hostname = host;
      return url.href;
    },
    /** What the server saw: requests, refused and accepted sends by path. */
    counts: () => call("GET", "/counts"),
    expireSessions: () => call("POST", "/expire-sessions"),
    /** Make answers to earlier Digest challenges stale. */
    expireNonces: () => call("POST", "/expire-nonces"),
    /** @param {string} to the password of the sample account from now on */
    setPassword: (to) => call("POST", `/password?new=${encodeURIComponent(to)}`),
    reset: () => call("POST", "/reset"),
    async close() {
      server.child.stdin.end();
      await server.stop();
    },
  };
}

// The processes of one test: started here, found again, signalled and ended by
// their ids. Nothing is ever matched by name alone: a process belongs to a test
// only if its environment names the test's own folder.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** @type {Set<() => void>} */
const lastResorts = new Set();

/**
 * Run `end` if this process leaves without having cleaned up; it must not wait.
 * @param {() => void} end
 * @returns {() => void} take it back
 */
export function atExit(end) {
  lastResorts.add(end);
  return () => { lastResorts.delete(end); };
}

process.on("exit", () => { for (const end of lastResorts) end(); });
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => process.exit(1));
}

/**
 * Start a program that ends with the test at the latest.
 * @param {string} file
 * @param {string[]} args
 * @param {{env: NodeJS.ProcessEnv, cwd?: string}} options
 */
export function start(file, args, options) {
  const child = spawn(file, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  const forget = atExit(() => { child.kill("SIGKILL"); });
  child.on("exit", forget);
  child.stdin.on("error", () => { /* it ended before it read everything: its exit says so */ });
  let talk = "";
  child.stderr.on("data", (chunk) => { talk = (talk + chunk).slice(-4096); });
  const ended = new Promise((resolve) => {
    child.on("error", (error) => { talk += error.message; resolve(-1); });
    child.on("exit", (code) => resolve(code ?? -1));
  });
  return {
    child,
    ended,
    /** What it said last on stderr. */
    talk: () => talk,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * Processes whose environment holds the given NAME=value.
 * @param {string} entry
 * @param {string} [program] base name of the executable
 * @returns {number[]} process ids
 */
export function withEnvironment(entry, program) {
  const needle = Buffer.from(`\0${entry}\0`);
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    if (pid === process.pid) return false;
    try {
      const environment = Buffer.concat([Buffer.from("\0"), readFileSync(`/proc/${pid}/environ`), Buffer.from("\0")]);
      if (!environment.includes(needle)) return false;
      return !program || basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, "") === program;
    } catch {
      return false; // gone, or not ours
    }
  });
}

/**
 * Processes one of whose arguments holds a text.
 * @param {string} text
 * @returns {number[]} process ids
 */
export function withArgument(text) {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
    } catch {
      return false; // gone, or not ours
    }
  });
}

/**
 * Wait without letting anything else happen, as the last thing of a process may.
 * @param {number} time ms
 */
export function pause(time) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function signal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/**
 * Poll until `look` returns something truthy. The limit only bounds a failure:
 * a test that passes never waits for it.
 * @template T
 * @param {string} what named when it does not happen
 * @param {() => Promise<T> | T} look an error counts as "not yet" and is named at the end
 * @param {{timeout?: number, every?: number}} [options] milliseconds
 * @returns {Promise<Exclude<T, false | 0 | "" | null | undefined>>}
 */
export async function until(what, look, { timeout = 30_000, every = 50 } = {}) {
  const end = Date.now() + timeout;
  let last = "";
  do {
    try {
      const found = await look();
      if (found) return /** @type {any} */ (found);
    } catch (error) {
      last = `: ${error instanceof Error ? error.message : error}`;
    }
    await new Promise((resolve) => { setTimeout(resolve, every); });
  } while (Date.now() < end);
  throw new Error(`did not happen within ${timeout} ms: ${what}${last}`);
}

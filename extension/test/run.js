// Runs tests with Node's own runner and fails on what that lets pass: a test
// that is skipped or left to do, and a run without tests.
//
// Usage: run.js unit
//        run.js e2e [--browser chromium|firefox] [part of a file name]...

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals: [kind, ...parts] } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: "string" } },
});
if (kind !== "unit" && kind !== "e2e") throw new Error("usage: run.js unit|e2e [--browser <name>] [part of a file name]...");
if (values.browser) process.env.READMIT_E2E_BROWSER = values.browser;

const root = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => file.startsWith("e2e") === (kind === "e2e"))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  .sort()
  .map((file) => join(root, file));

/** @param {string} reason */
function fail(reason) {
  console.error(reason);
  process.exitCode = 1;
}

if (files.length === 0) {
  fail(`no ${kind} test matches`);
} else {
  let passed = 0;
  // Test files that are told to end close their browsers; an orphan could not.
  const told = new AbortController();
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(name, () => { fail(name); told.abort(); });
  // Two browsers at once keep a small machine so busy that pages are handed
  // back before readmit's window is there: as promised, and not what is tested.
  const events = run({ files, signal: told.signal, concurrency: kind === "e2e" ? 1 : 2, timeout: kind === "e2e" ? 1_200_000 : 60_000 });
  events.on("test:fail", () => { process.exitCode = 1; });
  events.on("test:pass", (test) => {
    passed++;
    if (test.skip !== undefined || test.todo !== undefined) fail(`left out: ${test.name}`);
  });
  events.on("end", () => { if (passed === 0) fail("no test ran"); });
  events.compose(new spec()).pipe(process.stdout);
}

// Runs `web-ext lint` on what ships and fails on everything but one known
// warning: the one manifest for both engines names a service worker, which
// Firefox does not use.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const allowed = new Set(["BACKGROUND_SERVICE_WORKER_IGNORED"]);
const extension = fileURLToPath(new URL("..", import.meta.url));

const run = spawnSync(
  process.execPath,
  [join(extension, "node_modules/web-ext/bin/web-ext.js"), "lint",
    "--source-dir", join(extension, "src"), "--no-config-discovery", "--output", "json"],
  { encoding: "utf8", timeout: 180_000, maxBuffer: 64 << 20 },
);
if (!run.stdout.trim().startsWith("{")) {
  console.error(run.stdout, run.stderr, run.error ?? "");
  process.exit(1);
}

/** @typedef {{code: string, message: string, file?: string, line?: number}} Finding */
/** @type {{errors: Finding[], warnings: Finding[], notices: Finding[]}} */
const report = JSON.parse(run.stdout);
const found = [...report.errors, ...report.warnings, ...report.notices].filter((f) => !allowed.has(f.code));
for (const f of found) console.error(`${f.file ?? "manifest.json"}:${f.line ?? 1}: ${f.code}: ${f.message}`);
console.log(`web-ext lint: ${found.length} findings beyond the ${allowed.size} allowed`);
process.exit(found.length === 0 ? 0 : 1);

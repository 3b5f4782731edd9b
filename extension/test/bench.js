// What readmit costs a page, and how soon it explains: ratios and medians of
// one run on one machine, in both stock browsers. Nothing here passes or fails.

import { createServer } from "node:http";
import { startChromium } from "./e2e/lib/chromium.js";
import { startFirefox } from "./e2e/lib/firefox.js";
import { launch } from "./e2e/lib/browser.js";
import { startDesktop } from "./e2e/lib/desktop.js";
import { until } from "./e2e/lib/processes.js";
import { startSite } from "./e2e/lib/site.js";

const pairs = 16;
const requests = 200;
const serverTime = 25; // ms a request
const refusals = 30;
/** @type {("on" | "off")[]} */
const sides = ["on", "off"];

/** @param {number[]} values */
function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** @param {number[]} values @param {number} digits */
function show(values, digits) {
  if (values.length === 0) return "nothing measured";
  const { low, median, high } = quartiles(values);
  return `median ${median.toFixed(digits)} (quartiles ${low.toFixed(digits)} to ${high.toFixed(digits)}, n=${values.length})`;
}

/** A page whose requests take 25 ms each, six at once as browsers do. */
async function startSlowSite() {
  const server = createServer((request, response) => {
    const page = request.url === "/";
    setTimeout(() => {
      response.writeHead(200, { "content-type": page ? "text/html" : "text/plain", "cache-control": "no-store" });
      response.end(page ? "<!doctype html><title>slow</title>" : "ok");
    }, page ? 0 : serverTime);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", () => resolve(undefined)); });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => { server.close(); server.closeAllConnections(); } };
}

const measure = `(async () => {
  const began = performance.now();
  await Promise.all(Array.from({ length: ${requests} }, (_, n) => fetch("/part/" + n + "?" + began).then((r) => r.text())));
  return performance.now() - began;
})()`;

/** @param {"chromium" | "firefox"} name */
async function pageCost(name) {
  const slow = await startSlowSite();
  const desktops = [await startDesktop({ keyring: "absent" }), await startDesktop({ keyring: "absent" })];
  const on = await launch(name, desktops[0]);
  const off = await (name === "chromium" ? startChromium : startFirefox)(desktops[1], null);
  try {
    const pages = { on: await on.newPage(), off: await off.browser.newPage() };
    for (const page of [pages.on, pages.off]) await page.goto(slow.url, { waitUntil: on.engine.pageWait });
    /** @type {Record<"on" | "off", number[]>} */
    const times = { on: [], off: [] };
    for (let pair = -1; pair < pairs; pair++) { // the first is for warming up
      for (const side of pair % 2 ? sides : sides.toReversed()) {
        const took = /** @type {number} */ (await pages[side].evaluate(measure));
        if (pair >= 0) times[side].push(took);
      }
    }
    const ratios = times.on.map((took, n) => took / times.off[n]);
    console.log(`${name}: page with ${requests} requests at ${serverTime} ms, on / off: ${show(ratios, 3)}`);
    console.log(`  on  ${show(times.on, 0)} ms\n  off ${show(times.off, 0)} ms`);
  } finally {
    await on.close();
    await off.browser.close();
    for (const desktop of desktops) await desktop.close();
    slow.close();
  }
}

/**
 * From the response event to the state that a popup shows, both as seen by one
 * page of the extension.
 * @param {"chromium" | "firefox"} name
 */
async function explanationTime(name) {
  const desktop = await startDesktop({ keyring: "absent" });
  const site = await startSite();
  const browser = await launch(name, desktop);
  try {
    await browser.control.evaluate(`(() => {
      const api = globalThis.browser ?? chrome;
      globalThis.seen = { event: 0, explained: 0, last: 0 };
      api.webRequest.onCompleted.addListener(() => { seen.event ||= performance.now(); }, { urls: ["http://*/*"], types: ["main_frame"] });
      api.runtime.onMessage.addListener((message) => {
        if (message?.type !== "state") return;
        seen.last = performance.now();
        if (seen.event && message.state?.view && !message.state.fault) seen.explained ||= seen.last;
      });
    })()`);
    const page = await browser.newPage();
    const explain = async () => {
      await browser.control.evaluate("Object.assign(seen, { event: 0, explained: 0 })");
      await browser.goto(page, site.url(`/plain403/?${performance.now()}`));
      // Quiet before the next: a state pushed late belongs to the refusal before it.
      return /** @type {number} */ (await until("the explanation", () => browser.control.evaluate(
        "seen.explained && performance.now() - seen.last > 400 && seen.explained - seen.event"), { timeout: 5000 }));
    };
    // Starts host and agent, which on a busy machine may take more than one refusal.
    await until("the agent", explain, { timeout: 60_000 });
    /** @type {number[]} */
    const times = [];
    let missed = 0;
    for (let n = 0; n < refusals; n++) await explain().then((took) => { times.push(took); }, () => { missed++; });
    console.log(`${name}: refusal event to explanation in an open popup: ${show(times, 1)} ms, ${missed} not told`);
  } finally {
    await browser.close();
    await site.close();
    await desktop.close();
  }
}

for (const name of /** @type {const} */ (["chromium", "firefox"])) {
  await pageCost(name);
  await explanationTime(name);
}

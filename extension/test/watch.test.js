import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
fake.tabs.query = async () => [];
const { look, mayWatch, startWatch, watchedAt } = await import("../src/lib/watch.js");
const { retryAt } = await import("../src/lib/retry.js");
const { setPause } = await import("../src/lib/pause.js");
const { load, save } = await import("../src/lib/store.js");

const url = "https://site.example/timetable";
/** @type {{url: string, init: RequestInit}[]} */
let asked = [];
/** @type {() => Response} */
let answer;

/** @param {object} change */
const record = (change = {}) => /** @type {any} */ ({
  pageUrl: url, url, method: "GET", status: 503, requestId: "r1", mainFrame: true, challenged: false, private: false, view: { title: "t" }, ...change,
});

beforeEach(async () => {
  asked = [];
  answer = () => new Response("", { status: 503 });
  globalThis.fetch = async (to, init = {}) => {
    asked.push({ url: String(to), init });
    return answer();
  };
  fake.tabs.get = async (/** @type {number} */ id) => ({ id, url });
  await setPause("off");
  await save("tab:7", record());
});

for (const [story, change, wanted] of /** @type {[string, object, boolean][]} */ ([
  ["a site that is down", {}, true],
  ["a site that asks to wait", { status: 429 }, true],
  ["a refusal that says so", { status: 403, view: { cause: "rate_limited" } }, true],
  ["a refusal of nobody in particular", { status: 403, view: { cause: "unknown" }, unsigned: true }, true],
  ["a refusal of somebody: a look without cookies would see another page", { status: 403, view: { cause: "unknown" } }, false],
  ["a firewall", { status: 403, view: { cause: "waf_block" }, unsigned: true }, false],
  ["a sign-in", { status: 401, view: { cause: "no_credentials" }, unsigned: true }, false],
  ["a form", { method: "POST" }, false],
  ["a private window", { private: true }, false],
  ["a page that opened meanwhile", { view: { closed: "recovered" } }, false],
])) {
  test(`watching is ${wanted ? "" : "not "}offered for ${story}`, () => assert.equal(mayWatch(record(change)), wanted));
}

test("a look carries no cookies, follows no redirect and says not where it comes from", async () => {
  await startWatch(7);
  await look(/** @type {any} */ ({ name: "watch:7" }));
  assert.equal(asked.length, 1);
  const { method, credentials, redirect, referrerPolicy } = asked[0].init;
  assert.deepEqual([asked[0].url, method, credentials, redirect, referrerPolicy], [url, "GET", "omit", "manual", "no-referrer"]);
});

test("it waits as long as the site says, else twice as long each time, and gives up after ten looks", async () => {
  answer = () => new Response("", { status: 503, headers: { "Retry-After": "3600" } });
  await startWatch(7);
  const until = async () => (await watchedAt(7) ?? 0) - Date.now();
  assert.ok(await until() > 55_000);
  await look(/** @type {any} */ ({ name: "watch:7" }));
  assert.ok(await until() > 3_590_000);
  answer = () => new Response("", { status: 503 });
  await look(/** @type {any} */ ({ name: "watch:7" }));
  assert.ok(await until() > 235_000);
  for (let looks = 2; looks < 12; looks++) await look(/** @type {any} */ ({ name: "watch:7" }));
  assert.equal(asked.length, 10);
  assert.equal(await watchedAt(7), null);
  assert.equal(/** @type {any} */ (await load("tab:7")).notice, "noticeStillClosed");
});

test("a page that opens is told; a redirect to a sign-in is no opening", async () => {
  await startWatch(7);
  answer = () => Response.error();
  await look(/** @type {any} */ ({ name: "watch:7" }));
  assert.notEqual(await watchedAt(7), null);
  answer = () => new Response("ok");
  await look(/** @type {any} */ ({ name: "watch:7" }));
  assert.deepEqual([await watchedAt(7), /** @type {any} */ (await load("tab:7")).opens], [null, true]);
});

for (const [story, change] of /** @type {[string, () => unknown][]} */ ([
  ["a pause", () => setPause("on")],
  ["the tab's end", () => { fake.tabs.get = async () => { throw new Error("no tab"); }; }],
  ["another page in the tab", () => save("tab:7", record({ url: "https://site.example/other" }))],
])) {
  test(`${story} ends the watch without another look`, async () => {
    await startWatch(7);
    await change();
    await look(/** @type {any} */ ({ name: "watch:7" }));
    assert.deepEqual([asked.length, await watchedAt(7)], [0, null]);
  });
}

for (const [value, ahead] of /** @type {[string, number | null][]} */ ([
  ["120", 120_000], [" 5 ", 5000], ["Wed, 21 Oct 2015 07:30:00 GMT", 120_000], ["Wed, 21 Oct 2015 07:00:00 GMT", null],
  ["0", null], ["-5", null], ["soon", null], ["", null], ["99999999", null],
])) {
  test(`Retry-After: ${JSON.stringify(value)}`, () => {
    const now = Date.parse("Wed, 21 Oct 2015 07:28:00 GMT");
    assert.equal(retryAt(value, now), ahead === null ? null : now + ahead);
  });
}

// A page that is refused without end costs a bounded number of reports, one
// badge and no memory that grows with it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { installFakeBrowser, settle } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { noteNavigation } = await import("../src/lib/navigation.js");
const { noteResponse } = await import("../src/lib/observe.js");
const { noteUnasked, rules } = await import("../src/lib/unasked.js");
const { answerChallenge } = await import("../src/lib/challenged.js");

/** @type {any[]} */
const asked = [];
let badges = 0;
let looked = 0;
fake.onConnect = (/** @type {any} */ port) => {
  port.onPost = (/** @type {any} */ message) => {
    asked.push(message.method);
    queueMicrotask(() => port.onMessage.fire({ jsonrpc: "2.0", id: message.id, result: { incidentId: "i", view: { title: "t", badge: "403" } } }));
  };
};
fake.action.setBadgeText = async () => { badges++; };
const { get } = fake.tabs;
fake.tabs.get = (/** @type {number} */ id) => { looked++; return get(id); };

/** @param {object} change */
const response = (change) => ({
  requestId: "r", tabId: 7, type: "xmlhttprequest", method: "GET", statusCode: 403, timeStamp: Date.now(),
  url: "http://127.0.0.1:8080/no", responseHeaders: [], ...change,
});

async function rest() {
  for (let i = 0; i < 30; i++) await settle();
}

test("1,000 refusals of one page: at most eight are told, the rest costs a look at a list", async () => {
  for (let i = 0; i < 1000; i++) {
    noteResponse(response({ requestId: `r${i}`, url: `http://127.0.0.1:8080/no/${i}` }));
    if (i % 20 === 0) await rest();
  }
  await rest();
  assert.ok(asked.filter((method) => method === "refusal/report").length <= 8);
  assert.ok(badges <= 16, `${badges} badges`);
  assert.ok(looked < 60, `${looked} looks at the tab`);
});

test("1,000 challenges of another site's parts are one sentence", async () => {
  const before = Object.keys(fake.session).length;
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => answerChallenge({
    ...response({ requestId: `c${i}`, tabId: 9, type: "image", statusCode: 401, url: `http://127.0.0.2:8080/i${i}` }),
    scheme: "basic", isProxy: false, challenger: { host: "127.0.0.3", port: 8080 },
  })));
  assert.deepEqual(new Set(answers.map((answer) => JSON.stringify(answer))), new Set(["{}"]));
  await rest();
  assert.equal(Object.keys(fake.session).length, before + 1);
  assert.equal(fake.session["unasked:9"].rule, "other_site");
});

test("1,000 pages that load themselves leave nothing behind but the last", async () => {
  for (let i = 0; i < 1000; i++) noteNavigation({ requestId: `n${i}`, tabId: 7, url: "http://127.0.0.1:8080/", method: i % 2 ? "POST" : "GET", initiator: "http://127.0.0.1:8080" });
  await rest();
  assert.ok(JSON.stringify(fake.session.posted ?? []).length < 20);
});

test("each rule has a sentence, and the page itself counts more than its parts", async () => {
  const catalogue = JSON.parse(readFileSync(new URL("../src/_locales/en/messages.json", import.meta.url), "utf8"));
  for (const key of Object.values(rules)) assert.ok(Object.hasOwn(catalogue, key), key);
  noteUnasked(5, "other_site", { url: "http://a.example/i.png", type: "image" });
  noteUnasked(5, "frame", { url: "http://b.example/", type: "sub_frame" });
  await rest();
  assert.deepEqual(fake.session["unasked:5"], { rule: "other_site", host: "a.example", mainFrame: false });
  noteUnasked(5, "declined", { url: "http://c.example/", type: "main_frame" });
  noteUnasked(5, "busy", { url: "http://c.example/", type: "main_frame" });
  await rest();
  assert.equal(fake.session["unasked:5"].rule, "declined");
});

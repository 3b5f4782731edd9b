import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { installFakeBrowser, settle } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { answerChallenge, decide, decline } = await import("../src/lib/challenged.js");
const { dropHolds, holdOf } = await import("../src/lib/holds.js");

/** @type {any[]} */
let asked = [];
let nextRequest = 1;

beforeEach(() => {
  dropHolds(7);
  for (const port of fake.ports) if (port.open) port.die();
  asked = [];
  fake.windowsCreated = 0;
  fake.onConnect = (/** @type {any} */ port) => {
    port.onPost = (/** @type {any} */ message) => {
      asked.push(message);
      queueMicrotask(() => port.onMessage.fire({ jsonrpc: "2.0", id: message.id, result: replyTo(message) }));
    };
  };
});

/** @param {any} message */
function replyTo({ method }) {
  if (method === "refusal/report") return { incidentId: "i1", view: { title: "t", badge: "401" } };
  if (method === "credential/list") {
    return { space: { origin: "http://127.0.0.1:8080", realm: "R", scheme: "basic" }, accounts: [{ account: "anna", state: "ready", standing: false }], standing: [], canSave: true };
  }
  if (method === "credential/release") return { account: "anna", secret: "s3cret" };
  return { view: { title: "t" } };
}

/** @param {object} [change] */
function challenge(change) {
  return {
    requestId: `r${nextRequest++}`, tabId: 7, url: "http://127.0.0.1:8080/page", method: "GET", type: "main_frame",
    statusCode: 401, scheme: "basic", realm: "R", isProxy: false, challenger: { host: "127.0.0.1", port: 8080 },
    responseHeaders: [{ name: "WWW-Authenticate", value: 'Basic realm="R"' }], timeStamp: Date.now(), ...change,
  };
}

/** @param {number} turns */
async function turns(turns) {
  for (let i = 0; i < turns; i++) await settle();
}

for (const [why, change] of /** @type {[string, object][]} */ ([
  ["from a proxy", { isProxy: true }],
  ["of another host than the page's", { challenger: { host: "127.0.0.2", port: 8080 } }],
  ["of another port", { challenger: { host: "127.0.0.1", port: 8081 } }],
  ["of a scheme that takes no password", { scheme: "negotiate" }],
  ["outside any tab", { tabId: -1 }],
  ["of readmit's own probe", { initiator: "chrome-extension://self" }],
])) {
  test(`a challenge ${why} goes back to the browser and reaches nobody`, async () => {
    assert.deepEqual(await answerChallenge(challenge(change)), {});
    assert.deepEqual(asked, []);
  });
}

test("of forty challenged images one is held and the others are let go", async () => {
  const images = Array.from({ length: 40 }, () => challenge({ type: "image" }));
  const answers = images.map((details) => answerChallenge(details));
  const others = await Promise.all(answers.slice(1));
  assert.deepEqual(new Set(others.map((o) => JSON.stringify(o))), new Set(['{"cancel":true}']));
  await turns(20);
  assert.equal(fake.windowsCreated, 1);
  assert.ok(holdOf(images[0].requestId)?.respond, "the first is still held");
});

test("a request that changes something is never dropped", async () => {
  void answerChallenge(challenge());
  assert.deepEqual(await answerChallenge(challenge({ type: "xmlhttprequest", method: "POST" })), {});
});

test("a page in another tab gets the browser's own prompt while one is held", async () => {
  void answerChallenge(challenge());
  assert.deepEqual(await answerChallenge(challenge({ tabId: 8 })), {});
});

test("a yes answers the held request; the same request challenged again is not answered by itself", async () => {
  const details = challenge();
  const answer = answerChallenge(details);
  await turns(20);
  const hold = holdOf(details.requestId);
  assert.ok(hold);
  hold.painted?.();
  await turns(5);
  assert.equal(hold.phase, "choose");
  await decide(hold, { account: "anna", always: false });
  assert.deepEqual(await answer, { authCredentials: { username: "anna", password: "s3cret" } });

  const again = answerChallenge(details);
  await turns(20);
  assert.equal(hold.phase, "refused");
  assert.equal(asked.filter((m) => m.method === "credential/release").length, 1);
  assert.equal(asked.find((m) => m.method === "recovery/outcome").params.outcome.result, "refused");
  decline(hold);
  assert.deepEqual(await again, {});
});

test("a no is remembered: the page's other challenged parts go to the browser", async () => {
  const details = challenge();
  const answer = answerChallenge(details);
  await turns(20);
  const hold = holdOf(details.requestId);
  assert.ok(hold);
  decline(hold);
  assert.deepEqual(await answer, {});
  assert.deepEqual(await answerChallenge(details), {}, "the browser's own prompt asks again with the same request");
  assert.deepEqual(await answerChallenge(challenge({ type: "image" })), {});
  assert.equal(fake.windowsCreated, 1);
});

test("an agent that never answers holds the page for two seconds at most", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  fake.onConnect = () => {};
  const answer = answerChallenge(challenge());
  await turns(10);
  t.mock.timers.tick(2000);
  assert.deepEqual(await answer, {});
});

test("a helper that dies while the person decides gives the page back at once", async () => {
  const details = challenge();
  const answer = answerChallenge(details);
  await turns(20);
  holdOf(details.requestId)?.painted?.();
  await turns(5);
  fake.ports.at(-1).die("Native host has exited.");
  assert.deepEqual(await answer, {});
  await turns(10);
  assert.equal(fake.session["tab:7"].fault.fault, "agent_unavailable");
});

test("after three minutes the page stops waiting and a late yes releases nothing", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const details = challenge();
  const answer = answerChallenge(details);
  await turns(20);
  const hold = holdOf(details.requestId);
  assert.ok(hold);
  hold.painted?.();
  await turns(5);
  t.mock.timers.tick(3 * 60 * 1000);
  assert.deepEqual(await answer, {});
  const late = await decide(hold, { account: "anna", always: false });
  assert.equal(late.phase, "gave_up");
  assert.equal(asked.some((m) => m.method === "credential/release"), false);
});

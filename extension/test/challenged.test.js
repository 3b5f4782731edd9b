import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { installFakeBrowser, settle } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { answerChallenge, decide, decline, forget } = await import("../src/lib/challenged.js");
const { save } = await import("../src/lib/store.js");
const { answerTaken, askOf, dropHolds, holdOf } = await import("../src/lib/holds.js");
const { forgetDeclined, noteNavigation } = await import("../src/lib/navigation.js");
const { setOff } = await import("../src/lib/off.js");
const { setAsksInPrivate } = await import("../src/lib/private.js");
const { noteCertificate } = await import("../src/lib/trust.js");
const { forgetUnasked } = await import("../src/lib/unasked.js");

/** @type {any[]} */
let asked = [];
let nextRequest = 1;

beforeEach(async () => {
  dropHolds(7);
  dropHolds(8);
  await forgetDeclined("127.0.0.1:8080");
  for (const tabId of [7, 8]) forgetUnasked(tabId);
  await turns(3);
  Object.assign(fake, { front: undefined, incognito: false, cookieStoreId: undefined });
  busy = older = false;
  for (const port of fake.ports) if (port.open) port.die();
  asked = [];
  fake.windowsCreated = 0;
  fake.reloaded = [];
  list = readyList;
  fake.onConnect = (/** @type {any} */ port) => {
    port.onPost = (/** @type {any} */ message) => {
      asked.push(message);
      const code = busy ? "busy" : older ? "unknown_method" : "";
      const reply = code && message.method === "credential/ask" ? { error: { message: "", data: { code, message: "" } } } : { result: replyTo(message) };
      queueMicrotask(() => port.onMessage.fire({ jsonrpc: "2.0", id: message.id, ...reply }));
    };
  };
});

after(() => { for (const tabId of [7, 8]) dropHolds(tabId); }); // or their three minutes would be waited for

const readyList = {
  space: { origin: "http://127.0.0.1:8080", realm: "R", scheme: "basic" },
  accounts: [{ account: "anna", state: "ready", standing: false }], standing: [], canSave: true,
};
/** @type {any} */
let list = readyList;
/** The agent's one window is another browser's. */
let busy = false;
/** The agent is of a version before the one window. */
let older = false;

/** @param {any} message */
function replyTo({ method }) {
  if (method === "refusal/report") return { incidentId: "i1", view: { title: "t", badge: "401" } };
  if (method === "credential/list") return list;
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

/**
 * A challenge with readmit's window in front of the person.
 * @param {object} [change]
 */
async function inFront(change) {
  const details = challenge(change);
  const answer = answerChallenge(details);
  await turns(20);
  const hold = holdOf(details.requestId);
  assert.ok(hold);
  hold.painted?.();
  await turns(5);
  return { details, answer, hold };
}

/** Which rule the popup would name for the tab. */
const ruleNamed = () => fake.session["unasked:7"]?.rule;

/**
 * A page begins to load; what is known of who set it going is in `change`.
 * @param {any} details
 * @param {object} [change]
 */
function begins(details, change) {
  noteNavigation({ ...details, ...change });
}

/** A page that the person declined readmit's window for. */
async function declinedPage() {
  const { answer, hold } = await inFront();
  decline(hold);
  assert.deepEqual(await answer, {});
}

/** @param {any} answer */
async function isAsked(answer) {
  const before = fake.windowsCreated;
  await turns(20);
  const asked = fake.windowsCreated > before;
  if (!asked) assert.deepEqual(await answer, {});
  return asked;
}

const toldOutcomes = () => asked.filter((m) => m.method === "recovery/outcome").map((m) => m.params.outcome.result);

for (const [why, change] of /** @type {[string, object][]} */ ([
  ["from a proxy", { isProxy: true }],
  ["of another host than the page's", { challenger: { host: "127.0.0.2", port: 8080 } }],
  ["of another port", { challenger: { host: "127.0.0.1", port: 8081 } }],
  ["of a scheme that takes no password", { scheme: "negotiate" }],
  ["outside any tab", { tabId: -1 }],
  ["of readmit's own probe", { initiator: "chrome-extension://self", type: "xmlhttprequest" }],
  ["that others could overhear", { url: "http://intranet.example/", challenger: { host: "intranet.example", port: 80 } }],
  ["of a page loaded ahead", { documentLifecycle: "prerender" }],
])) {
  test(`a challenge ${why} goes back to the browser and reaches nobody`, async () => {
    assert.deepEqual(await answerChallenge(challenge(change)), {});
    assert.deepEqual(asked, []);
  });
}

test("of forty challenged images one is held and the others are let go", async () => {
  const images = Array.from({ length: 40 }, () => challenge({ type: "image" }));
  const answers = images.map((details) => answerChallenge(details));
  await turns(20);
  holdOf(images[0].requestId)?.painted?.();
  const others = await Promise.all(answers.slice(1));
  assert.deepEqual(new Set(others.map((o) => JSON.stringify(o))), new Set(['{"cancel":true}']));
  assert.equal(fake.windowsCreated, 1);
  assert.ok(holdOf(images[0].requestId)?.respond, "the first is still held");
});

test("where readmit cannot ask, none of forty challenged images is lost", async () => {
  fake.onConnect = (/** @type {any} */ port) => { queueMicrotask(() => port.die("Specified native messaging host not found.")); };
  const answers = await Promise.all(Array.from({ length: 40 }, () => answerChallenge(challenge({ type: "image" }))));
  assert.deepEqual(new Set(answers.map((o) => JSON.stringify(o))), new Set(["{}"]));
});

test("a part from another origin than the page's is not asked about", async () => {
  const foreign = challenge({ type: "image", url: "http://127.0.0.1:8081/i.png", challenger: { host: "127.0.0.1", port: 8081 } });
  assert.deepEqual(await answerChallenge(foreign), {});
  assert.equal(fake.windowsCreated, 0);
  assert.deepEqual(asked, []);
});

test("a challenge that cannot be read opens no window", async () => {
  list = { accounts: [], standing: [], canSave: false };
  assert.deepEqual(await answerChallenge(challenge()), {});
  assert.equal(fake.windowsCreated, 0);
});

test("a page that is loaded anew takes the question with it, and asks its own", async () => {
  const first = await inFront();
  const second = await inFront();
  assert.deepEqual(await first.answer, {});
  assert.ok(second.hold.respond);
  assert.equal(asked.some((m) => m.method === "credential/release"), false);
});

test("a request that the browser gave up ends the question", async () => {
  const { details, answer } = await inFront();
  fake.webRequest.onErrorOccurred.fire({ requestId: details.requestId, tabId: 7 });
  assert.deepEqual(await answer, {});
  assert.equal(holdOf(details.requestId), undefined);
});

test("closing the window while the answer is under way does not lose the outcome", async () => {
  const { details, answer, hold } = await inFront();
  await decide(hold, { account: "anna", always: false });
  await answer;
  decline(hold);
  fake.webRequest.onHeadersReceived.fire({ requestId: details.requestId, tabId: 7, statusCode: 200 });
  await turns(10);
  assert.deepEqual(toldOutcomes(), ["recovered"]);
  assert.equal(fake.session["tab:7"].view.closed, "recovered");
});

test("a password that was taken does not make a refused page an open one", async () => {
  const { details, answer, hold } = await inFront();
  await decide(hold, { account: "anna", always: false });
  await answer;
  fake.webRequest.onHeadersReceived.fire({ requestId: details.requestId, tabId: 7, statusCode: 403 });
  await turns(10);
  assert.deepEqual(toldOutcomes(), ["recovered"]);
  assert.equal(fake.session["tab:7"].view.closed, undefined);
  assert.equal(answerTaken(details.requestId), "basic");
});

test("a proxy that asks behind the same request says nothing about the site's password", async () => {
  const { details, answer, hold } = await inFront();
  await decide(hold, { account: "anna", always: false });
  await answer;
  assert.deepEqual(await answerChallenge({ ...details, isProxy: true, statusCode: 407 }), {});
  await turns(5);
  assert.deepEqual(toldOutcomes(), ["unseen"]);
});

test("a secret that comes after the browser was answered goes nowhere, and that is told", async () => {
  const { answer, hold } = await inFront();
  /** @type {any} */
  let late;
  const port = fake.ports.at(-1);
  port.onPost = (/** @type {any} */ message) => { asked.push(message); late ??= message; };
  const deciding = decide(hold, { account: "anna", always: false });
  await turns(2);
  dropHolds(7);
  port.onMessage.fire({ jsonrpc: "2.0", id: late.id, result: { account: "anna", secret: "s3cret" } });
  await deciding;
  assert.deepEqual(await answer, {});
  assert.deepEqual(toldOutcomes(), ["not_sent"]);
});

test("after a no, the parts that were let go load once the browser's own box has opened the first", async () => {
  const { details, answer, hold } = await inFront({ type: "image" });
  assert.deepEqual(await answerChallenge(challenge({ type: "image" })), { cancel: true });
  decline(hold);
  assert.deepEqual(await answer, {});
  assert.deepEqual(fake.reloaded, []);
  fake.webRequest.onCompleted.fire({ requestId: details.requestId, tabId: 7, statusCode: 200 });
  await turns(5);
  assert.deepEqual(fake.reloaded, [7]);
});

test("a no holds when the background has died in between", async () => {
  const details = challenge();
  await save("ended", [details.requestId]);
  assert.deepEqual(await answerChallenge(details), {});
  assert.equal(fake.windowsCreated, 0);
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
  const { details, answer, hold } = await inFront();
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

test("what was refused is sent once more only when the person says so", async () => {
  list = { ...readyList, accounts: [{ account: "anna", state: "refused", standing: false, onceMore: true }] };
  const { answer, hold } = await inFront();
  assert.equal(hold.phase, "type");
  assert.equal(asked.some((m) => m.method === "credential/release"), false);
  await decide(hold, { account: "anna", onceMore: true });
  assert.deepEqual(await answer, { authCredentials: { username: "anna", password: "s3cret" } });
  assert.deepEqual(asked.filter((m) => m.method === "credential/release").map((m) => m.params.consent), ["once_more"]);
});

test("a password that is forgotten leaves the question, and one that was gone already is no fault", async () => {
  list = { ...readyList, accounts: [{ account: "anna", state: "refused", standing: false }] };
  const { hold } = await inFront();
  const reply = fake.ports.at(-1).onPost;
  fake.ports.at(-1).onPost = (/** @type {any} */ message) => {
    if (message.method !== "credential/forget") return reply(message);
    asked.push(message);
    list = { ...readyList, accounts: [] };
    const error = { code: -32000, message: "gone", data: { code: "not_found", message: "gone" } };
    queueMicrotask(() => fake.ports.at(-1).onMessage.fire({ jsonrpc: "2.0", id: message.id, error }));
  };
  const ask = await forget(hold, "anna");
  assert.deepEqual(ask.accounts, []);
  assert.ok(hold.respond, "the request is still held");
  assert.equal(asked.some((m) => m.method === "credential/release"), false);
});

for (const remember of [true, false]) {
  test(`a helper that dies while the site answers does not lose the page${remember ? ", and what was to be kept is told as not kept" : ""}`, async () => {
    const { details, answer, hold } = await inFront();
    await decide(hold, { account: "anna", secret: "typed", remember });
    assert.ok((await answer).authCredentials);
    fake.ports.at(-1).die("Native host has exited.");
    await turns(5);
    fake.webRequest.onHeadersReceived.fire({ requestId: details.requestId, tabId: 7, statusCode: 200 });
    await turns(20);
    assert.equal(fake.session["tab:7"].view.closed, "recovered");
    assert.equal(fake.session["tab:7"].notice, remember ? "noticeNotKept" : "noticeRecovered");
    assert.equal(fake.session["tab:7"].fault, null);
  });
}

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
  const { answer } = await inFront();
  fake.ports.at(-1).die("Native host has exited.");
  assert.deepEqual(await answer, {});
  await turns(10);
  assert.equal(fake.session["tab:7"].fault.fault, "agent_unavailable");
});

test("after three minutes the page stops waiting and a late yes releases nothing", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { answer, hold } = await inFront();
  t.mock.timers.tick(3 * 60 * 1000);
  assert.deepEqual(await answer, {});
  const late = await decide(hold, { account: "anna", always: false });
  assert.equal(late.phase, "gave_up");
  assert.equal(asked.some((m) => m.method === "credential/release"), false);
});

const byScript = { initiator: "http://127.0.0.1:8080" };
const byLink = { ...byScript, requestHeaders: [{ name: "Sec-Fetch-User", value: "?1" }] };

for (const [how, change, asks] of /** @type {[string, object, boolean][]} */ ([
  ["by itself", byScript, false],
  ["from a page of no origin", { initiator: "null" }, false],
  ["from the address bar", {}, true],
  ["by a link that the person clicked", byLink, true],
  ["by a button of readmit's", { initiator: "chrome-extension://self" }, true],
])) {
  test(`what was declined is ${asks ? "" : "not "}asked again by a page that loads ${how}`, async () => {
    await declinedPage();
    const details = challenge(change);
    begins(details);
    assert.equal(await isAsked(answerChallenge(details)), asks);
    assert.equal(ruleNamed(), asks ? undefined : "declined");
  });
}

test("what was declined stays so when the background has died in between", async () => {
  await declinedPage();
  await turns(5);
  assert.deepEqual(fake.session.declined, [[7, "127.0.0.1:8080"]]);
});

test("a page in a new tab that loads by itself does not ask what was declined in another", async () => {
  await declinedPage();
  const details = challenge({ tabId: 8, ...byScript });
  begins(details);
  assert.equal(await isAsked(answerChallenge(details)), false);
});

test("a page that the person opened in another tab asks, and its yes ends the no", async () => {
  await declinedPage();
  const details = challenge({ tabId: 8 });
  begins(details);
  const answer = answerChallenge(details);
  await turns(20);
  const hold = holdOf(details.requestId);
  assert.ok(hold);
  hold.painted?.();
  await turns(5);
  await decide(hold, { account: "anna", always: false });
  await answer;
  fake.webRequest.onHeadersReceived.fire({ requestId: details.requestId, tabId: 8, statusCode: 200 });
  await turns(10);
  assert.deepEqual(fake.session.declined, []);
});

test("one window in all: a page of another host waits for nothing while readmit asks", async () => {
  await inFront();
  const other = challenge({ tabId: 8, url: "http://127.0.0.2:8080/", challenger: { host: "127.0.0.2", port: 8080 } });
  assert.deepEqual(await answerChallenge(other), {});
  assert.equal(fake.windowsCreated, 1);
});

test("while another browser asks, the page is the browser's own, and the popup says so", async () => {
  busy = true;
  assert.deepEqual(await answerChallenge(challenge()), {});
  assert.equal(fake.windowsCreated, 0);
  await turns(3);
  assert.equal(ruleNamed(), "busy");
});

test("the window is given back once the question is over", async () => {
  const { hold } = await inFront();
  decline(hold);
  await turns(10);
  const turnsTaken = asked.filter((m) => m.method === "credential/ask").map((m) => Boolean(m.params.over));
  assert.deepEqual(turnsTaken, [false, true]);
});

test("after a yes, a page of the host in another tab loads anew, unless it has gone on", async () => {
  const { details, answer, hold } = await inFront();
  for (const tabId of [8, 9]) {
    const other = challenge({ tabId });
    begins(other);
    assert.deepEqual(await answerChallenge(other), {});
  }
  begins({ requestId: "elsewhere", tabId: 9, url: "http://127.0.0.1:8080/", method: "GET" });
  await decide(hold, { account: "anna", always: false });
  await answer;
  fake.webRequest.onHeadersReceived.fire({ requestId: details.requestId, tabId: 7, statusCode: 200 });
  await turns(10);
  assert.deepEqual(fake.reloaded, [8]);
});

test("a page that answers a sent form is not loaded anew: that would send it again", async () => {
  begins({ requestId: "form", tabId: 7, url: "http://127.0.0.1:8080/form", method: "POST" });
  const { details, answer, hold } = await inFront({ type: "image" });
  assert.deepEqual(await answerChallenge(challenge({ type: "image" })), { cancel: true });
  await decide(hold, { account: "anna", always: false });
  await answer;
  fake.webRequest.onCompleted.fire({ requestId: details.requestId, tabId: 7, statusCode: 200 });
  await turns(10);
  assert.deepEqual(fake.reloaded, []);
  begins({ requestId: "after", tabId: 7, url: "http://127.0.0.1:8080/", method: "GET" });
});

test("a request that changes something and is challenged second goes to the browser, and the popup says why", async () => {
  await inFront({ type: "image" });
  assert.deepEqual(await answerChallenge(challenge({ type: "xmlhttprequest", method: "POST" })), {});
});

test("the browser's scheme and the agent's must be one", async () => {
  list = { ...readyList, space: { ...readyList.space, scheme: "digest" } };
  assert.deepEqual(await answerChallenge(challenge()), {});
  assert.equal(fake.windowsCreated, 0);
  await turns(3);
  assert.equal(ruleNamed(), "unreadable");
});

test("a site that the person wants left alone is not asked about, nor reported as a question", async () => {
  await setOff("http://127.0.0.1:8080", true);
  assert.deepEqual(await answerChallenge(challenge()), {});
  await turns(3);
  assert.equal(ruleNamed(), "off");
  assert.deepEqual(asked, []);
  await setOff("http://127.0.0.1:8080", false);
});

test("in a private window readmit asks once the person allowed it, and keeps nothing", async () => {
  fake.incognito = true;
  assert.deepEqual(await answerChallenge(challenge()), {});
  await turns(3);
  assert.equal(ruleNamed(), "private");
  await setAsksInPrivate(true);
  const { hold } = await inFront();
  await decide(hold, { account: "anna", always: true, secret: "s", remember: true });
  assert.equal(asked.find((m) => m.method === "credential/save").params.remember, false);
  assert.equal(asked.find((m) => m.method === "credential/release").params.consent, "once");
  await setAsksInPrivate(false);
});

const ofWorker = { tabId: -1, type: "xmlhttprequest", initiator: "http://127.0.0.1:8080" };

for (const [where, front, asks] of /** @type {[string, any, boolean][]} */ ([
  ["of the page that the tab in front is going to (Chromium)", { status: "loading", url: "about:blank", pendingUrl: "http://127.0.0.1:8080/page" }, true],
  ["of a page of its site in front", { status: "complete", url: "http://127.0.0.1:8080/other" }, true],
  ["of no page in front", { status: "complete", url: "http://elsewhere.example/" }, false],
  ["of a tab in front that goes elsewhere", { status: "loading", url: "about:blank", pendingUrl: "http://elsewhere.example/" }, false],
])) {
  test(`a challenge of a site's service worker ${where} is ${asks ? "" : "not "}asked about`, async () => {
    fake.front = { id: 7, active: true, windowId: 1, incognito: false, ...front };
    assert.equal(await isAsked(answerChallenge(challenge(ofWorker))), asks);
  });
}

test("a navigation through a service worker is told as a page (Firefox tells the navigation itself)", async () => {
  fake.front = { id: 7, active: true, windowId: 1, incognito: false, status: "loading", url: "about:blank" };
  begins({ requestId: "nav", tabId: 7, url: "http://127.0.0.1:8080/page", method: "GET" });
  const { details, answer, hold } = await inFront(ofWorker);
  const report = asked.find((m) => m.method === "refusal/report").params;
  assert.equal(report.refusal.resourceType, "main_frame");
  assert.equal(report.topOrigin, "http://127.0.0.1:8080");
  await decide(hold, { account: "anna", always: false });
  await answer;
  fake.webRequest.onHeadersReceived.fire({ requestId: details.requestId, tabId: -1, statusCode: 200 });
  await turns(10);
  assert.deepEqual(toldOutcomes(), ["recovered"]);
});

const standingList = { ...readyList, accounts: [{ account: "anna", state: "ready", standing: true }] };

test("always here: a main frame in front is answered without a window", async () => {
  list = standingList;
  assert.deepEqual(await answerChallenge(challenge()), { authCredentials: { username: "anna", password: "s3cret" } });
  assert.equal(fake.windowsCreated, 0);
});

test("always here does not reach into a container: there readmit asks, and offers no more than this once", async () => {
  list = standingList;
  fake.cookieStoreId = "firefox-container-1";
  const { hold } = await inFront();
  assert.equal(askOf(hold).canAlways, false);
  await decide(hold, { account: "anna", always: true });
  assert.equal(asked.find((m) => m.method === "credential/release").params.consent, "once");
});

for (const error of ["net::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT"]) {
  test(`always here is not used where the certificate was not taken at first: ${error}`, async () => {
    const secure = { url: "https://127.0.0.1:8080/page" };
    list = { ...standingList, space: { ...standingList.space, origin: "https://127.0.0.1:8080" } };
    await noteCertificate({ ...secure, tabId: 7, error });
    const { hold } = await inFront(secure);
    assert.equal(askOf(hold).canAlways, false);
    await fake.storage.local.set({ untrusted: [] });
  });
}

test("a page that failed for another reason keeps its always here", async () => {
  const failed = { url: "https://127.0.0.1:8080/page", tabId: 7 };
  await noteCertificate({ ...failed, error: "net::ERR_CONNECTION_RESET" });
  fake.incognito = true; // and of a private window nothing is kept
  await noteCertificate({ ...failed, error: "net::ERR_CERT_DATE_INVALID" });
  assert.equal((await fake.storage.local.get("untrusted")).untrusted?.length ?? 0, 0);
});

test("an agent that knows nothing of the one window is asked all the same", async () => {
  older = true;
  const { hold } = await inFront();
  assert.equal(hold.phase, "choose");
});

for (const [what, window] of /** @type {[string, object][]} */ ([
  ["that has not the focus", { focused: false, state: "normal" }],
  ["that is minimized", { focused: true, state: "minimized" }],
])) {
  test(`the active tab of a window ${what} gets the badge, not a window`, async () => {
    const { get } = fake.windows;
    fake.windows.get = async () => window;
    assert.deepEqual(await answerChallenge(challenge({ tabId: 8 })), {}); // the person was just busy with tab 7
    fake.windows.get = get;
    await turns(3);
    assert.equal(fake.windowsCreated, 0);
    assert.equal(fake.session["unasked:8"].rule, "behind");
  });
}

test("a page that takes its question away by beginning anew does not ask again and again", async () => {
  const { details, answer } = await inFront({ type: "image" });
  const anew = challenge(byScript);
  begins(anew);
  fake.webRequest.onErrorOccurred.fire({ requestId: details.requestId, tabId: 7 });
  assert.deepEqual(await answer, {});
  assert.equal(await isAsked(answerChallenge(challenge({ type: "image" }))), false);
  assert.equal(ruleNamed(), "declined");
  // Of a link that was clicked, the browser tells only with the headers.
  const clicked = challenge(byScript);
  begins(clicked);
  begins(clicked, byLink);
  assert.equal(await isAsked(answerChallenge(challenge({ type: "image" }))), true);
});

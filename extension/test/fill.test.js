import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { FakeEvent, installFakeBrowser, settle } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { fill, forgetFill, noteAnswer, noteLoaded, offerOf, readOffer, setFillWanted } = await import("../src/lib/fill.js");
const { handleForm } = await import("../src/lib/form.js");
const { setAsksInPrivate } = await import("../src/lib/private.js");
const { save } = await import("../src/lib/store.js");

const site = "https://site.example";
const login = `${site}/login`;

/** @type {"password" | "name" | null | undefined} what the form in the page asks for; undefined: it takes no script */
let form = "password";
/** @type {any[]} what reached the page */
let typed = [];
/** @type {any} how the page's line presents itself */
let sender = {};
/** @type {{method: string, params: any}[]} */
let calls = [];
/** @type {Record<string, any>} the agent's answers by method; an Error is a failure */
let answers = {};
let gone = false;

fake.onConnect = (/** @type {any} */ port) => {
  port.onPost = (/** @type {any} */ { id, method, params }) => {
    if (method !== "initialize") calls.push({ method, params });
    const result = answers[method] ?? {};
    queueMicrotask(() => port.onMessage.fire(result.code ? { id, error: { message: "no", data: result } } : { id, result }));
  };
};

// The page's side of the line: what signInForm does, without a document.
fake.scripting.executeScript = async (/** @type {any} */ { args: [, name] }) => {
  if (name && form) {
    const port = {
      name, sender: { id: "self", frameId: 0, tab: { id: 7 }, url: login, ...sender }, open: true,
      onMessage: new FakeEvent(), onDisconnect: new FakeEvent(),
      postMessage(/** @type {any} */ message) {
        if (message.account !== undefined) typed.push(message);
        if (gone && message.account !== undefined) port.onDisconnect.fire(port);
        else queueMicrotask(() => port.onMessage.fire({ kind: form }));
      },
      disconnect() { port.open = false; },
    };
    handleForm(/** @type {any} */ (port));
  }
  if (form === undefined) throw new Error("no such tab");
  return [{ result: form }];
};

beforeEach(async () => {
  mock.timers.reset();
  forgetFill(7);
  await settle();
  [form, typed, sender, calls, gone] = ["password", [], {}, [], false];
  answers = { "credential/list": { accounts: [{ account: "anna", state: "ready" }], canSave: true }, "credential/release": { account: "anna", secret: "correct horse" } };
  fake.tabs.get = async (/** @type {number} */ id) => ({ id, url: login, incognito: fake.incognito });
  await setFillWanted(true);
  await setAsksInPrivate(false);
  await refusedOn(`${site}/page`);
});

/** @param {string} url @param {object} [more] */
const refusedOn = (url, more = {}) => save("tab:7", { pageUrl: url, url, requestId: "r1", incidentId: "i1", view: { title: "t" }, private: false, ...more });

const told = () => calls.filter(({ method }) => method === "credential/filled").map(({ params }) => params.result);
const asked = (/** @type {string} */ method) => calls.filter((one) => one.method === method);

/** @param {object} details */
const answer = (details) => noteAnswer({ tabId: 7, type: "main_frame", method: "GET", statusCode: 200, url: login, ...details });

test("the form is offered on a page of the origin that refused, and filled in there", async () => {
  await readOffer(7);
  assert.deepEqual(offerOf(7, login), { kind: "password", accounts: [{ account: "anna", state: "ready" }], canKeep: true, url: login });
  assert.equal(offerOf(7, `${login}?other`), null, "a look at another page says nothing of this one");
  assert.equal(await fill(7, { account: "anna" }), true);
  assert.deepEqual(asked("credential/release").map(({ params }) => params), [{ incidentId: "i1", account: "anna", consent: "once", form: site }]);
  assert.deepEqual(typed, [{ account: "anna", secret: "correct horse" }]);
});

test("a user name alone takes no password out of the store", async () => {
  form = "name";
  assert.equal(await fill(7, { account: "anna" }), true);
  assert.deepEqual([typed, asked("credential/release"), told()], [[{ account: "anna" }], [], []]);
});

for (const [why, change] of /** @type {[string, () => unknown][]} */ ([
  ["while it is switched off", () => setFillWanted(false)],
  ["on another origin", () => { fake.tabs.get = async () => ({ id: 7, url: "https://site.example.evil.example/login" }); }],
  ["on another port", () => { fake.tabs.get = async () => ({ id: 7, url: "https://site.example:8443/login" }); }],
  ["after the page opened", () => refusedOn(`${site}/page`, { view: { closed: "recovered" } })],
  ["without the agent's incident", () => refusedOn(`${site}/page`, { incidentId: "" })],
  ["in a private window that readmit does not ask in", () => refusedOn(`${site}/page`, { private: true })],
  ["where there is no form", () => { form = null; }],
])) {
  test(`nothing is offered or filled in ${why}`, async () => {
    await change();
    await readOffer(7);
    assert.equal(offerOf(7, login), null);
    assert.equal(await fill(7, { account: "anna" }), false);
    assert.deepEqual([typed, asked("credential/release")], [[], []]);
  });
}

for (const [who, pretends] of /** @type {[string, object][]} */ ([
  ["a frame of the page", { frameId: 3 }],
  ["another tab", { tab: { id: 8 } }],
  ["a page of another origin", { url: "https://evil.example/login" }],
  ["a page of another port", { url: "https://site.example:8443/login" }],
  ["a page without an address", { url: undefined }],
  ["another extension", { id: "other" }],
])) {
  test(`${who} that answers the line gets nothing`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    sender = pretends;
    const filling = fill(7, { account: "anna" });
    for (let i = 0; i < 20; i++) await settle();
    mock.timers.tick(2000);
    assert.equal(await filling, false);
    assert.deepEqual([typed, asked("credential/release")], [[], []]);
  });
}

test("a line that nobody waits for is closed, and no other line is taken for one", () => {
  const port = { name: "form:made-up", sender: { id: "self", frameId: 0, tab: { id: 7 }, url: login }, closed: false, disconnect() { port.closed = true; } };
  assert.equal(handleForm(/** @type {any} */ (port)), true);
  assert.equal(port.closed, true);
  assert.equal(handleForm(/** @type {any} */ ({ name: "consent:1" })), false);
});

test("what the person typed is told to the agent first, and filled in as it came from there", async () => {
  const { handleKeep } = await import("../src/lib/fill.js");
  const line = (/** @type {string} */ url) => {
    const port = {
      name: "keep:7", sender: { id: "self", url }, open: true, onMessage: new FakeEvent(), said: /** @type {any[]} */ ([]),
      postMessage(/** @type {any} */ message) { port.said.push(message); }, disconnect() { port.open = false; },
    };
    assert.equal(handleKeep(/** @type {any} */ (port)), true);
    port.onMessage.fire({ n: 1, account: "bert", secret: "typed horse" });
    return port;
  };
  const foreign = line("chrome-extension://self/ui/history.html");
  assert.equal(foreign.open, false);
  const own = line("chrome-extension://self/ui/popup.html?tab=7");
  for (let i = 0; i < 20; i++) await settle();
  assert.deepEqual(own.said, [{ n: 1, reply: { filled: true } }]);
  assert.deepEqual(asked("credential/save").map(({ params }) => params), [{ incidentId: "i1", account: "bert", secret: "typed horse", remember: true, form: site }]);
  assert.deepEqual(typed, [{ account: "bert", secret: "correct horse" }]);
});

test("a user name alone is not filled in with what is to be kept", async () => {
  form = "name";
  assert.equal(await fill(7, { account: "bert", secret: "typed horse" }), false);
  assert.deepEqual([typed, asked("credential/save")], [[], []]);
});

test("a page that is gone before the password came has not got it", async () => {
  gone = true;
  assert.equal(await fill(7, { account: "anna" }), false);
  assert.deepEqual(told(), ["not_sent"]);
});

test("what the agent will not release is said, and nothing is watched", async () => {
  answers["credential/release"] = { code: "refused_before" };
  await assert.rejects(fill(7, { account: "anna" }), { code: "refused_before" });
  assert.deepEqual([typed, told()], [[], []]);
  answers["credential/release"] = { account: "anna", secret: "x" };
  assert.equal(await fill(7, { account: "anna", onceMore: true }), true);
  assert.equal(asked("credential/release").at(-1)?.params.consent, "once_more");
});

const post = { method: "POST" };
const script = { type: "xmlhttprequest", method: "POST", url: `${site}/api` };
for (const [what, happens, result] of /** @type {[string, () => unknown, string | undefined][]} */ ([
  ["the site leads on", () => { answer({ ...post, redirected: true }); answer({ url: `${site}/home` }); }, "recovered"],
  ["the page that it answers with asks for nothing more", () => { answer(post); form = null; noteLoaded(7); }, "recovered"],
  ["the page that it answers with asks again", () => { answer(post); noteLoaded(7); }, "refused"],
  ["the page that it answers with cannot be looked at", () => { answer(post); form = undefined; noteLoaded(7); }, undefined],
  ["it answers with a 401", () => answer({ ...post, statusCode: 401 }), "refused"],
  ["it answers with a 500", () => answer({ ...post, statusCode: 500 }), "unseen"],
  ["it leads on to a page that is refused", () => { answer(post); answer({ url: `${site}/page`, statusCode: 401 }); }, "unseen"],
  ["the person goes elsewhere", () => answer({ url: `${site}/help` }), "not_sent"],
  ["a form of another site is sent", () => answer({ ...post, url: "https://other.example/" }), "not_sent"],
  ["the tab is closed", () => forgetFill(7), "not_sent"],
  ["the tab is closed while the site answers", () => { answer(script); forgetFill(7); }, "unseen"],
  ["a script is answered with a 401", () => answer({ ...script, statusCode: 401 }), "refused"],
  ["a script is answered, and leads on", () => { answer(script); answer({ url: `${site}/home` }); }, "recovered"],
  ["a script is answered, and its form goes", () => { answer(script); form = null; mock.timers.tick(2000); }, "recovered"],
  ["a script is answered, and its form stays", () => { answer(script); mock.timers.tick(2000); }, undefined],
  ["another site's script is answered", () => answer({ ...script, url: "https://other.example/api", statusCode: 401 }), undefined],
  ["another tab's page is answered", () => noteAnswer({ tabId: 8, type: "main_frame", ...post, statusCode: 401, url: login }), undefined],
  ["nobody does anything for five minutes", () => mock.timers.tick(5 * 60 * 1000), "not_sent"],
])) {
  test(`filled in, then ${what}: ${result ?? "nothing is known yet"}`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    assert.equal(await fill(7, { account: "anna" }), true);
    await happens();
    for (let i = 0; i < 20; i++) await settle();
    assert.deepEqual(told(), result ? [result] : []);
  });
}

test("a script's form that stayed was not taken for sure", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  await fill(7, { account: "anna" });
  answer(script);
  mock.timers.tick(2000);
  for (let i = 0; i < 20; i++) await settle();
  answer({ url: `${site}/help` });
  assert.deepEqual(told(), ["unseen"]);
});

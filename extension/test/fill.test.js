import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { FakeEvent, installFakeBrowser, settle } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { fill, forget, forgetFill, handleKeep, noteAnswer, noteLoaded, noteSending, offerOf, readOffer, setFillWanted } = await import("../src/lib/fill.js");
const { handleForm } = await import("../src/lib/form.js");
const { setAsksInPrivate } = await import("../src/lib/private.js");
const { setTab } = await import("../src/lib/tabs.js");

const site = "https://site.example";
const login = `${site}/login`;

/** @type {"both" | "password" | "name" | null | undefined} what the form in the page asks for; undefined: it takes no script */
let form = "both";
/** @type {any[]} what reached the page */
let typed = [];
/** @type {any} how the page's line presents itself */
let sender = {};
/** @type {any} the page's end of the line */
let line;
/** @type {{method: string, params: any}[]} */
let calls = [];
/** @type {Record<string, any>} the agent's answers by method; one with a code is a failure */
let answers = {};
/** @type {"goes" | "hangs" | ""} what the page does instead of being filled in */
let page = "";
let loading = false;

fake.onConnect = (/** @type {any} */ port) => {
  port.onPost = (/** @type {any} */ { id, method, params }) => {
    if (method !== "initialize") calls.push({ method, params });
    const result = answers[method] ?? {};
    queueMicrotask(() => port.onMessage.fire(result.code ? { id, error: { message: "no", data: result } } : { id, result }));
  };
};

// The page's side of the line: what signInForm does, without a document.
fake.scripting.executeScript = async (/** @type {any} */ { args: [, name] }) => {
  if (form === undefined) throw new Error("no such tab");
  if (name && form) {
    const port = line = {
      name, sender: { id: "self", frameId: 0, tab: { id: 7 }, url: login, origin: site, ...sender }, open: true,
      onMessage: new FakeEvent(), onDisconnect: new FakeEvent(),
      postMessage(/** @type {any} */ message) {
        const fills = message.account !== undefined;
        if (fills && page === "goes") {
          port.onDisconnect.fire(port);
          return;
        }
        if (fills || message.clear) typed.push(message);
        if (!fills || page !== "hangs") queueMicrotask(() => port.onMessage.fire({ kind: form }));
      },
      disconnect() { port.open = false; },
    };
    handleForm(/** @type {any} */ (port));
  }
  return [{ result: form }];
};

beforeEach(async () => {
  mock.timers.reset();
  forgetFill(7);
  await quiet();
  [form, typed, sender, calls, page, loading] = ["both", [], {}, [], "", true];
  answers = {
    "credential/list": { accounts: [{ account: "anna", state: "ready" }], canSave: true, space: { origin: site } },
    "credential/release": { account: "anna", secret: "correct horse" },
  };
  fake.tabs.get = async (/** @type {number} */ id) => ({ id, url: login, incognito: fake.incognito, status: loading ? "loading" : "complete" });
  await setFillWanted(true);
  await setAsksInPrivate(false);
  await refusedOn(`${site}/page`);
});

/** @param {string} url @param {object} [more] */
const refusedOn = (url, more = {}) => setTab(7, /** @type {any} */ ({ pageUrl: url, url, requestId: "r1", incidentId: "i1", view: { title: "t" }, private: false, mainFrame: true, ...more }));

async function quiet() {
  for (let i = 0; i < 20; i++) await settle();
}

const told = () => calls.filter(({ method }) => method === "credential/filled").map(({ params }) => params.result);
const asked = (/** @type {string} */ method) => calls.filter((one) => one.method === method);

/** @param {object} details @param {object[]} [redirects] */
const answer = (details, redirects = []) => noteAnswer({ tabId: 7, type: "main_frame", method: "GET", statusCode: 200, url: login, ...details },
  redirects.map((hop) => ({ url: login, method: "GET", ...hop })));

test("the form is offered on a page of the origin that refused, and filled in there", async () => {
  await readOffer(7);
  assert.deepEqual(offerOf(7, login), { kind: "both", accounts: [{ account: "anna", state: "ready" }], canKeep: true, fault: "", url: login });
  assert.equal(offerOf(7, `${login}?other`), null, "a look at another page says nothing of this one");
  assert.equal(await fill(7, { account: "anna" }), true);
  assert.deepEqual(asked("credential/release").map(({ params }) => params), [{ incidentId: "i1", account: "anna", consent: "once", form: site }]);
  assert.deepEqual(typed, [{ account: "anna", secret: "correct horse" }]);
  assert.equal(offerOf(7, login)?.kind, "filled");
});

test("a user name alone takes no password out of the store", async () => {
  form = "name";
  assert.equal(await fill(7, { account: "anna" }), true);
  assert.deepEqual([typed, asked("credential/release"), told()], [[{ account: "anna" }], [], []]);
  // The password step that follows is that account's: the page may not say whose it is.
  answers["credential/list"].accounts = [{ account: "anna", state: "ready" }, { account: "bert", state: "ready" }];
  form = "password";
  await readOffer(7);
  assert.deepEqual(offerOf(7, login)?.accounts.map(({ account }) => account), ["anna"]);
});

test("a button that said user name gives out no password", async () => {
  assert.equal(await fill(7, { account: "anna", kind: "name" }), false);
  assert.deepEqual([typed, asked("credential/release")], [[], []]);
});

test("a field for a user name on any other page is none of a sign-in", async () => {
  form = "name";
  fake.tabs.get = async () => ({ id: 7, url: `${site}/news`, status: "complete" });
  await readOffer(7);
  assert.equal(offerOf(7, `${site}/news`), null);
});

test("why the accounts are not at hand is offered in their place", async () => {
  answers["credential/list"] = { code: "keyring_locked" };
  await readOffer(7);
  assert.deepEqual(offerOf(7, login), { kind: "both", accounts: [], canKeep: false, fault: "keyring_locked", url: login });
});

test("an account can be forgotten there", async () => {
  assert.equal(await forget(7, "anna"), true);
  assert.deepEqual(asked("credential/forget").map(({ params }) => params), [{ incidentId: "i1", account: "anna", form: site }]);
});

for (const [why, change] of /** @type {[string, () => unknown][]} */ ([
  ["while it is switched off", () => setFillWanted(false)],
  ["on another origin", () => { fake.tabs.get = async () => ({ id: 7, url: "https://site.example.evil.example/login" }); }],
  ["on another port", () => { fake.tabs.get = async () => ({ id: 7, url: "https://site.example:8443/login" }); }],
  ["after the page opened", () => refusedOn(`${site}/page`, { view: { closed: "recovered" } })],
  ["without the agent's incident", () => refusedOn(`${site}/page`, { incidentId: "" })],
  ["in a private window that readmit does not ask in", () => refusedOn(`${site}/page`, { private: true })],
  ["where there is no form", () => { form = null; }],
  ["where nothing may be filled in, as the agent says", () => { answers = { "credential/list": { accounts: [], canSave: false }, "credential/release": { code: "not_allowed" } }; }],
])) {
  test(`nothing is offered or filled in ${why}`, async () => {
    await change();
    await readOffer(7);
    assert.equal(offerOf(7, login), null);
    assert.equal(await fill(7, { account: "anna" }).catch(() => false), false);
    assert.deepEqual(typed, []);
  });
}

for (const [who, pretends] of /** @type {[string, object][]} */ ([
  ["a frame of the page", { frameId: 3 }],
  ["another tab", { tab: { id: 8 } }],
  ["a page of another origin", { url: "https://evil.example/login" }],
  ["a page of another port", { url: "https://site.example:8443/login" }],
  ["a page without an address", { url: undefined }],
  ["a sandboxed page of this very address", { origin: "null" }],
  ["another extension", { id: "other" }],
])) {
  test(`${who} that answers the line gets nothing`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    sender = pretends;
    const filling = fill(7, { account: "anna" });
    await quiet();
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
  const line = (/** @type {string} */ url) => {
    const port = {
      name: "keep:7", sender: { id: "self", url }, open: true, onMessage: new FakeEvent(), said: /** @type {any[]} */ ([]),
      postMessage(/** @type {any} */ message) { port.said.push(message); }, disconnect() { port.open = false; },
    };
    assert.equal(handleKeep(/** @type {any} */ (port)), true);
    port.onMessage.fire({ n: 1, url: login, kind: "both", account: "bert", secret: "typed horse" });
    return port;
  };
  const foreign = line("chrome-extension://self/ui/history.html");
  assert.equal(foreign.open, false);
  const own = line("chrome-extension://self/ui/popup.html?tab=7");
  await quiet();
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
  page = "goes";
  assert.equal(await fill(7, { account: "anna" }), false);
  assert.deepEqual([typed, told()], [[], ["not_sent"]]);
  assert.equal(offerOf(7, login)?.kind, "both", "it is offered anew");
});

test("a page too busy to answer has it all the same", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  page = "hangs";
  const filling = fill(7, { account: "anna" });
  await quiet();
  mock.timers.tick(2000);
  assert.equal(await filling, true);
  assert.deepEqual([typed.length, told()], [1, []]);
  forgetFill(7);
  await quiet();
  assert.deepEqual(told(), ["not_sent"]);
});

test("what happens before the password is there ends nothing", async () => {
  const filling = fill(7, { account: "anna" });
  await settle();
  answer({ type: "xmlhttprequest", method: "POST", statusCode: 401 });
  assert.equal(await filling, true);
  assert.deepEqual(told(), []);
});

test("what the agent will not release is said, and nothing is watched", async () => {
  answers["credential/release"] = { code: "refused_before" };
  await assert.rejects(fill(7, { account: "anna" }), { code: "refused_before" });
  assert.deepEqual([typed, told(), line.open], [[], [], false]);
  answers["credential/release"] = { account: "anna", secret: "x" };
  assert.equal(await fill(7, { account: "anna", onceMore: true }), true);
  assert.equal(asked("credential/release").at(-1)?.params.consent, "once_more");
});

const post = { method: "POST" };
const script = { type: "xmlhttprequest", method: "POST", url: `${site}/api` };
const event = (/** @type {string} */ name) => line.onMessage.fire({ event: name });
const leave = () => line.onDisconnect.fire(line);
const request = (/** @type {string} */ url) => noteSending({ tabId: 7, url, method: "POST" });
const send = () => { event("sent"); request(login); leave(); };
const load = async () => { loading = false; noteLoaded(7); await quiet(); };
const opens = (/** @type {object} */ more = {}) => refusedOn(`${site}/page`, { view: { closed: "recovered" }, ...more });

for (const [what, happens, result] of /** @type {[string, () => unknown, string | undefined][]} */ ([
  ["sent, and the page opens", async () => { send(); answer({}, [post]); await opens(); }, "recovered"],
  ["sent by a script, and the page opens", async () => { answer(script); leave(); await opens(); }, "recovered"],
  ["sent by a form that says nothing of it, and the page opens", async () => { request(login); leave(); answer({}, [post]); await opens(); }, "recovered"],
  ["sent by a form that says nothing of it, and asked again", async () => { request(login); leave(); answer(post); await load(); }, "unseen"],
  ["sent, and another refused page opens", async () => { send(); answer({}, [post]); await opens({ incidentId: "i2" }); }, undefined],
  ["sent, and a page opens whose part was refused", async () => { send(); answer({}, [post]); await opens({ url: `${site}/api` }); }, undefined],
  ["only another site was told something, and the page opens", async () => { answer({ ...script, url: "https://count.example/" }); leave(); await opens(); }, "unseen"],
  ["something was sent, and the person signs in at another site", async () => { answer(script); leave(); answer({ url: "https://id.example/" }); await quiet(); }, "unseen"],
  ["sent, and the page that comes asks for nothing more", async () => { send(); answer({ url: `${site}/home` }, [post]); form = null; await load(); }, undefined],
  ["sent, and the page that comes asks again", async () => { send(); answer(post); await load(); }, "refused"],
  ["sent, and the page that comes has a field like a user name's", async () => { send(); answer(post); form = "name"; await load(); }, undefined],
  ["sent, and a later page has a sign-in form", async () => { send(); answer({ url: `${site}/home` }, [post]); form = null; await load(); form = "both"; await load(); }, undefined],
  ["sent, and the popup finds the form again, drawn by a script", async () => { send(); answer(post); form = null; await load(); form = "both"; await readOffer(7); }, "unseen"],
  ["sent, and the page that it is led on to asks again", async () => { send(); answer({ url: `${site}/login?error` }, [post]); await load(); }, "refused"],
  ["sent, and asked again by a page that told of itself too early", async () => { send(); loading = false; answer(post); await quiet(); }, "refused"],
  ["sent, and the page that comes cannot be looked at", async () => { send(); answer(post); form = undefined; await load(); }, undefined],
  ["sent, and answered with a 401", () => { send(); answer({ ...post, statusCode: 401 }); }, "refused"],
  ["sent, and led on to a 401 or 403", async () => { send(); answer({ url: `${site}/page`, statusCode: 403 }, [post]); await quiet(); }, "unseen"],
  ["sent, and answered with a 403, as for an old form", async () => { send(); answer({ ...post, statusCode: 403 }); form = null; await load(); }, undefined],
  ["left", leave, "not_sent"],
  ["the tab is closed", () => forgetFill(7), "not_sent"],
  ["sent, and the tab is closed", () => { event("sent"); forgetFill(7); }, "unseen"],
  ["sent to a script that is answered with a 401", () => { event("sent"); answer({ ...script, statusCode: 401 }); }, "refused"],
  ["sent, and a script that only asks is answered with a 401", () => { event("sent"); answer({ ...script, method: "GET", statusCode: 401 }); }, undefined],
  ["sent and taken, and a script of the next page is answered with a 401", async () => { send(); answer({ url: `${site}/home` }, [post]); answer({ ...script, statusCode: 401 }); await quiet(); }, undefined],
  ["there is no form that could say so, and the person leaves", () => { event("formless"); leave(); forgetFill(7); }, "unseen"],
  ["a script of the page is refused before anybody sends it", () => answer({ ...script, statusCode: 401 }), undefined],
  ["a script of the page was answered, and the person leaves", () => { answer(script); leave(); forgetFill(7); }, "unseen"],
  ["sent to another site's script, and left", () => { answer({ ...script, url: "https://api.example/session", statusCode: 401 }); leave(); forgetFill(7); }, "unseen"],
  ["another password is typed over it", () => event("changed"), "not_sent"],
  ["sent, and another password is typed", () => { event("sent"); event("changed"); }, "unseen"],
  ["another tab's page is answered", () => noteAnswer({ tabId: 8, type: "main_frame", ...post, statusCode: 401, url: login }), undefined],
])) {
  test(`filled in, then ${what}: ${result ?? "nothing is known yet"}`, async () => {
    assert.equal(await fill(7, { account: "anna" }), true);
    await happens();
    await quiet();
    assert.deepEqual(told(), result ? [result] : []);
  });
}

test("a form that nobody sends is emptied after four minutes, and counts for nothing", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  await fill(7, { account: "anna" });
  mock.timers.tick(4 * 60 * 1000);
  await quiet();
  assert.deepEqual([typed.at(-1), told()], [{ clear: true }, ["not_sent"]]);
});

test("a form that is sent while it is being emptied was sent", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  await fill(7, { account: "anna" });
  const { postMessage } = line;
  line.postMessage = (/** @type {any} */ message) => {
    event("sent");
    postMessage(message);
  };
  mock.timers.tick(4 * 60 * 1000);
  await quiet();
  assert.deepEqual(told(), ["unseen"]);
});

test("nothing is filled in on another page than the person was told of", async () => {
  assert.equal(await fill(7, { account: "anna", url: `${site}/other` }), false);
  assert.deepEqual([typed, asked("credential/release")], [[], []]);
  assert.equal(await fill(7, { account: "anna", url: login }), true);
});

test("the account of the first step counts for its own site alone", async () => {
  form = "name";
  await fill(7, { account: "anna" });
  await refusedOn("https://other.example/page");
  fake.tabs.get = async (/** @type {number} */ id) => ({ id, url: "https://other.example/login", status: "complete" });
  answers["credential/list"].accounts = [{ account: "bert", state: "ready" }];
  form = "password";
  await readOffer(7);
  assert.deepEqual(offerOf(7, "https://other.example/login")?.accounts.map(({ account }) => account), ["bert"]);
});

test("a form that was sent, and nobody saw what came of it, is unseen after four minutes", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  await fill(7, { account: "anna" });
  event("sent");
  mock.timers.tick(4 * 60 * 1000);
  await quiet();
  assert.deepEqual([typed.length, told()], [1, ["unseen"]]);
});

test("what could not be kept is told on the page that opened", async () => {
  answers["credential/filled"] = { notKept: true };
  await fill(7, { account: "anna", secret: "typed horse" });
  send();
  await opens();
  await quiet();
  const { load: read } = await import("../src/lib/store.js");
  assert.equal(/** @type {any} */ (await read("tab:7")).notice, "noticeNotKept");
});

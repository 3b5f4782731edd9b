import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { isSigningIn, pageOpened } = await import("../src/lib/recover.js");
const { load, save } = await import("../src/lib/store.js");

const site = "https://site.example";
/** @type {string[]} */
let opened = [];

beforeEach(async () => {
  opened = [];
  fake.tabs.update = async (/** @type {number} */ _, /** @type {{url?: string}} */ { url }) => { if (url) opened.push(url); };
  await signingIn(`${site}/users/sign_in`);
});

/**
 * The person pressed "Sign in again" on a refused page.
 * @param {string} at the page that this opened
 */
function signingIn(at) {
  return save("tab:7", {
    pageUrl: `${site}/orders?page=2`, url: `${site}/orders?page=2`, requestId: "r1", mainFrame: true, view: { title: "t" },
    running: { action: "login_again", n: 1, stage: "signing_in", since: Date.now(), at },
  });
}

/** @typedef {{url: string, sent?: boolean}} Stop */

for (const [story, at, stops, returns] of /** @type {[string, string, Stop[], boolean][]} */ ([
  ["the sign-in page that readmit opened, whatever its name", "/users/sign_in", [{ url: "/users/sign_in" }], false],
  ["a sign-in page of a name nobody knows", "/hello", [{ url: "/hello" }], false],
  ["the first page, where no sign-in was found", "/", [{ url: "/" }, { url: "/session/new" }], false],
  ["a wrong password, asked again", "/users/sign_in", [{ url: "/users/sign_in" }, { url: "/users/sign_in?error=1", sent: true }], false],
  ["a second factor", "/login", [{ url: "/login" }, { url: "/2fa", sent: true }], false],
  ["a word like a sign-in in another word", "/login", [{ url: "/login" }, { url: "/authors/1", sent: true }], true],
  ["a form that was taken", "/users/sign_in", [{ url: "/users/sign_in" }, { url: "/dashboard", sent: true }], true],
  ["a form on the first page that was taken", "/", [{ url: "/" }, { url: "/", sent: true }], true],
  ["a look at another page in between", "/users/sign_in", [{ url: "/users/sign_in" }, { url: "/help" }], false],
  ["a sign-in service", "/sso/start", [{ url: "https://id.example/authorize" }, { url: "https://id.example/password", sent: true }], false],
  ["back from a sign-in service", "/sso/start", [{ url: "https://id.example/authorize" }, { url: "/home" }], true],
])) {
  test(`on the way of a sign-in, ${story}: ${returns ? "back to the refused page" : "left alone"}`, async () => {
    await signingIn(site + at);
    for (const { url, sent = false } of stops) await pageOpened(7, new URL(url, site).href, sent);
    assert.deepEqual(opened, returns ? [`${site}/orders?page=2`] : []);
  });
}

test("a refused password is the sign-in's own matter; another refused page is not", async () => {
  const record = /** @type {any} */ (await load("tab:7"));
  assert.equal(isSigningIn(record, `${site}/users/sign_in`, "POST"), true);
  assert.equal(isSigningIn(record, `${site}/sessions`, "POST"), true);
  assert.equal(isSigningIn(record, `${site}/admin`, "GET"), false);
  assert.equal(isSigningIn(record, `${site}/orders?page=2`, "GET"), false, "the page itself, refused again");
});

test("the address of a refused form that shows the empty form has not recovered", async () => {
  const form = { pageUrl: `${site}/ask`, url: `${site}/ask`, requestId: "r1", mainFrame: true, method: "POST", view: { title: "t" }, running: null };
  await save("tab:7", form);
  await pageOpened(7, `${site}/ask`, false);
  assert.equal(await load("tab:7"), undefined);
  await save("tab:7", form);
  await pageOpened(7, `${site}/ask`, false, "POST");
  assert.equal(/** @type {any} */ (await load("tab:7")).view.closed, "recovered");
});

test("after a sign-in nobody is sent back to the address of a form: that would not send it", async () => {
  const record = /** @type {any} */ (await load("tab:7"));
  await save("tab:7", { ...record, method: "POST" });
  await pageOpened(7, `${site}/home`, true);
  assert.deepEqual(opened, []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { installFakeBrowser, settle } from "./lib/fake-browser.js";

installFakeBrowser();
const { noteRedirect, noteResponse } = await import("../src/lib/observe.js");
const { forgetSignIn, forgetSignIns, isSignInPath, knownSignIn, rememberSignIn, signInOf } = await import("../src/lib/signin.js");

const site = "https://site.example";

for (const [story, headers, wanted] of /** @type {[string, [string, string][], string | undefined][]} */ ([
  ["nothing", [["server", "nginx"]], undefined],
  ["Location, with its query", [["Location", "/login?next=%2Forders"]], `${site}/login?next=%2Forders`],
  ["a Link of relation authenticate", [["Link", '</style.css>; rel=preload, </signin>; title="a, b"; rel="help authenticate"']], `${site}/signin`],
  ["a Link of another relation", [["Link", "</signin>; rel=next"], ["Link", '</x>; title="rel=authenticate"']], undefined],
  ["SharePoint's header", [["X-Forms_Based_Auth_Required", `${site}/_forms/default.aspx?ReturnUrl=/x`]], `${site}/_forms/default.aspx?ReturnUrl=/x`],
  ["Location before the others", [["X-Forms_Based_Auth_Required", "/forms"], ["Location", "/login"]], `${site}/login`],
  ["another site by https", [["Location", "https://id.example/authorize?client=7"]], "https://id.example/authorize?client=7"],
  ["another site without TLS", [["Location", "http://id.example/"]], undefined],
  ["a script", [["Location", "javascript:alert(1)"]], undefined],
  ["an address with a password in it", [["Location", "https://a:b@site.example/login"]], undefined],
  ["one that cannot be used beside one that can", [["Location", "data:text/html,x"], ["Link", "</signin>; rel=authenticate"]], `${site}/signin`],
])) {
  test(`where to sign in, from ${story}`, () => {
    const responseHeaders = headers.map(([name, value]) => ({ name, value }));
    assert.equal(signInOf({ url: `${site}/orders`, responseHeaders }), wanted);
  });
}

test("a Link line made to take long does not", () => {
  const begun = performance.now();
  signInOf({ url: site, responseHeaders: [{ name: "link", value: "<".repeat(1000) + "<a>" + ";a=b ".repeat(200_000) }] });
  assert.ok(performance.now() - begun < 1000);
});

test("a sign-in page is remembered without query values, by the application that led to it", async () => {
  rememberSignIn(`${site}/jira/board`, `${site}/jira/login.jsp?os_destination=secret`);
  rememberSignIn(`${site}/wiki/page`, `${site}/wiki/login?token=secret`);
  await settle();
  assert.equal(await knownSignIn(`${site}/jira/issue/7`), `${site}/jira/login.jsp`);
  assert.equal(await knownSignIn(`${site}/wiki/`), `${site}/wiki/login`);
  assert.equal(await knownSignIn(`${site}/`), `${site}/wiki/login`, "the newest where none is nearer");
  assert.equal(await knownSignIn("https://other.example/jira/"), undefined);
  await forgetSignIn(`${site}/wiki/`, `${site}/wiki/login?x`);
  assert.equal(await knownSignIn(`${site}/wiki/`), `${site}/jira/login.jsp`);
});

test("a sign-in page of another site is remembered only where it may be opened", async () => {
  rememberSignIn("https://a.example/", "http://id.example/login");
  rememberSignIn("https://b.example/", "https://id.example/login");
  await settle();
  assert.equal(await knownSignIn("https://a.example/"), undefined);
  assert.equal(await knownSignIn("https://b.example/"), "https://id.example/login");
});

test("where to sign in is forgotten of one origin, or of all", async () => {
  for (const origin of [site, "https://b.example", "https://c.example"]) rememberSignIn(`${origin}/x`, `${origin}/login`);
  await forgetSignIns(site);
  assert.equal(await knownSignIn(`${site}/x`), undefined);
  assert.equal(await knownSignIn("https://b.example/x"), "https://b.example/login");
  await forgetSignIns();
  assert.equal(await knownSignIn("https://b.example/x"), undefined);
  assert.equal(await knownSignIn("https://c.example/x"), undefined);
});

test("what is remembered stays bounded, the newest stay", async () => {
  for (let i = 0; i < 250; i++) rememberSignIn(`https://s${i}.example/`, `https://s${i}.example/login`);
  for (let i = 0; i < 6; i++) rememberSignIn(`${site}/app${i}/x`, `${site}/app${i}/login`);
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.equal(await knownSignIn("https://s0.example/"), undefined);
  assert.equal(await knownSignIn("https://s249.example/"), "https://s249.example/login");
  assert.notEqual(await knownSignIn(`${site}/app0/x`), `${site}/app0/login`);
});

test("the ways of a sign-in are told from words that only look like one", () => {
  for (const path of ["/login", "/users/sign_in", "/adfs/ls", "/oauth2/start", "/wp-login.php"]) assert.equal(isSignInPath(site + path), true, path);
  for (const path of ["/", "/authors/1", "/blogs", "/design/in"]) assert.equal(isSignInPath(site + path), false, path);
});

/**
 * The browser opens a page, perhaps by way of others.
 * @param {{url: string, method?: string}[]} way the last one opened
 * @param {object} [change]
 */
async function opens(way, change) {
  const requestId = crypto.randomUUID();
  const details = { requestId, type: "main_frame", tabId: 7, frameId: 0, method: "GET", statusCode: 200, ...change };
  for (const hop of way.slice(0, -1)) noteRedirect({ ...details, ...hop, statusCode: 302 });
  noteResponse({ ...details, ...way.at(-1) });
  await settle();
  await settle();
}

test("a page that sent the person to its sign-in is learned from; in a private window nothing is", async () => {
  await opens([{ url: "https://one.example/orders" }, { url: "https://one.example/users/sign_in?return=x" }]);
  assert.equal(await knownSignIn("https://one.example/orders"), "https://one.example/users/sign_in");
  await opens([{ url: "https://two.example/orders" }, { url: "https://two.example/login" }], { incognito: true });
  assert.equal(await knownSignIn("https://two.example/orders"), undefined);
});

test("of a way through a sign-in service the site's own address is kept", async () => {
  await opens([{ url: "https://three.example/" }, { url: "https://three.example/sso/start?to=%2F" }, { url: "https://id.example/login?client=7" }]);
  assert.equal(await knownSignIn("https://three.example/x"), "https://three.example/sso/start");
});

test("a sign-in form that the site took is learned, one that it refused is not", async () => {
  await opens([{ url: "https://four.example/account/login" }]);
  await opens([{ url: "https://four.example/account/login", method: "POST" }, { url: "https://four.example/account/login?error=1" }]);
  assert.equal(await knownSignIn("https://four.example/"), undefined);
  await opens([{ url: "https://four.example/account/login", method: "POST" }, { url: "https://four.example/home" }]);
  assert.equal(await knownSignIn("https://four.example/"), "https://four.example/account/login");
});

// A kept account is filled into a site's own sign-in form: only once the person
// switched that on, only by their click, only in the top frame of the origin
// that refused them. readmit never sends the form.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { axe, overflowAt } from "./lib/look.js";
import { allText, popupSaying, press, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { send, startStage } from "./lib/stage.js";

/** @typedef {import("puppeteer-core").Page} Page */

const readmit = fileURLToPath(new URL("../../../bin/readmit", import.meta.url));
const user = '<input name="user" autocomplete="username">';
const password = '<input name="password" type="password">';
const button = '<button id="in">Sign in</button>';

/** @type {Record<string, (elsewhere: string) => string>} forms by path */
const forms = {
  "/login": () => `<form method="post">${user}${password}${button}</form>`,
  "/login-steps": () => `<form method="post" action="/login/name">${user}${button}</form>`,
  // As frameworks do: the element gets a setter of its own, and what was typed is what an input event tells.
  "/login-script": () => `<form id="form">${user}${password}${button}</form><script>
    const typed = {};
    for (const field of document.querySelectorAll("input")) {
      let kept = "";
      Object.defineProperty(field, "value", { get: () => kept, set() { throw new Error("set past the framework"); } });
      const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      field.addEventListener("input", () => { kept = typed[field.name] = own.get.call(field); });
    }
    form.onsubmit = (event) => {
      event.preventDefault();
      fetch("/api", { method: "POST", body: new URLSearchParams(typed) }).then((r) => { if (r.ok) location = "/page"; else form.append("Not so"); });
    };</script>`,
  "/elsewhere": (elsewhere) => `<form method="post" action="${elsewhere}">${user}${password}${button}</form>`,
  "/button": (elsewhere) => `<form method="post">${user}${password}<button id="in" formaction="${elsewhere}">Sign in</button></form>`,
  "/apart": (elsewhere) => `<form id="apart" method="post">${user}${password}</form><button id="in" form="apart" formaction="${elsewhere}">Sign in</button>`,
  "/window": () => `<form method="post" target="_blank">${user}${password}${button}</form>`,
  "/sandboxed": () => `<form method="post">${user}${password}${button}</form>`,
  "/unseen": () => `<form method="post">${user}<input name="password" type="password" style="position: absolute; left: -9999px" aria-hidden="true"><input name="more" value="">${button}</form>`,
  "/folded": () => `<form method="post"><div style="max-height: 0; overflow: hidden">${user}${password}</div>${button}</form>`,
  "/code": () => `<form method="post">${user}<input name="otp" id="otp" type="password"><input name="password" type="hidden">${button}</form>`,
  "/register": () => `<form method="post" action="/register">${user}${password}${button}</form>`,
  "/named": (elsewhere) => `<form method="post" action="${elsewhere}">${user}${password}<input type="hidden" name="action" value="/login"><input type="hidden" name="getAttribute">${button}</form>`,
  "/framed": () => '<iframe title="in a frame" src="/login" width="400" height="200"></iframe>',
  "/change": () => `<form method="post">${user}${password}<input name="again" type="password">${button}</form>`,
  "/new": () => `<form method="post">${user}<input name="password" type="password" autocomplete="new-password">${button}</form>`,
  "/search": () => '<form><input name="q"><button>Search</button></form>',
};

inEachBrowser("filling in a form", (name) => {
  /** @type {import("./lib/each.js").World} */ let world;
  /** @type {import("./lib/stage.js").Stage} */ let stage;
  const secret = "correct horse";
  /** @type {{host: string, path: string, user: string, password: string}[]} */
  let posts = [];

  before(async () => {
    world = await openWorld(name);
    stage = await startStage(async (request, response, url) => {
      const host = url.hostname;
      const html = (/** @type {string} */ body) => {
        response.writeHead(200, {
          "content-type": "text/html", "cache-control": "no-store",
          // As hosts serve what others have uploaded: it is no page of theirs.
          ...(url.pathname === "/sandboxed" && { "content-security-policy": "sandbox allow-scripts allow-forms" }),
        });
        response.end(`<!doctype html><title>Sign in</title><h1>Sign in, please</h1>${body}`);
      };
      if (request.method === "POST") {
        let body = "";
        for await (const chunk of request) body += chunk;
        const sent = new URLSearchParams(body);
        const one = { host, path: url.pathname, user: sent.get("user") ?? "", password: sent.get("password") ?? "" };
        posts.push(one);
        const right = one.password === secret && (one.user === "anna" || url.pathname === "/login/password");
        const cookie = right ? { "set-cookie": "inside=1; Path=/" } : undefined;
        if (url.pathname === "/login/name") html(`<form method="post" action="/login/password">${password}${button}</form>`);
        else if (url.pathname === "/api") response.writeHead(right ? 204 : 401, cookie).end();
        else if (right) response.writeHead(303, { location: "/home", ...cookie }).end();
        else html(`Not so. ${forms["/login"]("")}`);
        return;
      }
      const form = forms[url.pathname];
      if (form) html(form(stage.url("/login", "127.0.0.1")));
      else if (url.pathname !== "/page") send(response, 200, "Inside");
      else if ((request.headers.cookie ?? "").includes("inside=1")) send(response, 200, "The very page");
      else send(response, 401, "Closed");
    });
  });
  after(async () => {
    await world?.close();
    await stage?.close();
  });

  /** As a person or their helpdesk does once. @param {string} host @param {string} kept */
  function keep(host, kept) {
    const { status, stderr } = spawnSync(readmit, ["credential", "add", stage.url("", host), "--account", "anna", "--stdin", "--replace"],
      { env: world.desktop.env, input: `${kept}\n`, encoding: "utf8", timeout: 20_000 });
    assert.equal(status, 0, stderr);
  }

  /**
   * Be refused by a site and go on to a page of it, as "Sign in" does.
   * @param {string} host
   * @param {string} path
   */
  async function turnedAway(host, path) {
    const page = await world.browser.newPage();
    await world.browser.goto(page, stage.url("/page", host));
    await until("the badge", async () => (await world.browser.toolbar(page)).badge === "401");
    const popup = await world.browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#main"));
    // A sign-in is under way from here on; where it is, the person knows.
    await popup.evaluate("new Promise((done) => chrome.runtime.sendMessage({ type: 'popup/act', tabId: " + world.browser.tabOf(page) + ", action: 'login_again', step: 0 }, done))");
    await popup.close();
    await page.bringToFront();
    await world.browser.goto(page, stage.url(path, host));
    return page;
  }

  /** @param {Page} page */
  const offer = async (page) => {
    const popup = await world.browser.popupFor(page);
    await until("the offer", () => textOf(popup, "#form-accounts"));
    return popup;
  };

  /** @param {Page} page @param {string} [label] of the button */
  async function fillIn(page, label = "") {
    const popup = await offer(page);
    if (label) assert.equal(await textOf(popup, "#form-accounts button"), label);
    await new Promise((resolve) => { setTimeout(resolve, 600); }); // buttons that just appeared take no press
    await press(popup, "#form-accounts button");
    await popup.close().catch(() => {});
    await page.bringToFront();
  }

  /** @param {string} host */
  const forgetSession = (host) => world.browser.control.evaluate(
    `(globalThis.browser ?? chrome).cookies.remove({ url: ${JSON.stringify(stage.url("/", host))}, name: "inside" }).then(() => {})`);

  /** readmit has seen the page open, which a tab that is closed at once would keep from it. @param {Page} page */
  const back = async (page) => {
    await shows(page, /The very page/);
    await (await popupSaying(world.browser, page, /You are back/)).close();
  };

  const posted = () => posts.map((one) => one.password);

  /** What the person sees in the form. @param {Page} page @param {string} field */
  const holds = (page, field) => page.evaluate(`Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").get.call(document.querySelector("[name=${field}]"))`);

  test("nothing is offered until the person switches it on", async () => {
    keep("one.localhost", secret);
    const page = await turnedAway("one.localhost", "/login");
    const popup = await world.browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#main"));
    await press(popup, "#settings > summary");
    assert.equal(await popup.evaluate("document.querySelector('#fill').checked"), false);
    assert.equal(await textOf(popup, "#form"), "");
    await press(popup, "#fill");
    await until("the offer", async () => /anna/.test(await textOf(popup, "#form-accounts")));
    await press(popup, "#keep > summary");
    await popup.setViewport({ width: 400, height: 900 });
    assert.deepEqual(await axe(popup), []);
    assert.deepEqual(await overflowAt(popup, 320), []);
    await popup.setViewport({ width: 400, height: 900 });
    await popup.evaluate("document.querySelector('#form').scrollIntoView({ block: 'center' })");
    await world.browser.screenshot(popup, "fill");
    await popup.close();
    await page.close();
  });

  test("both fields are filled in by the click, the person sends them, and is back at the very page", async () => {
    const page = await turnedAway("one.localhost", "/login");
    await fillIn(page);
    await until("the fields", async () => await holds(page, "password") === secret);
    assert.equal(await holds(page, "user"), "anna");
    assert.deepEqual(posts, [], "readmit sends nothing");
    await page.keyboard.press("Enter"); // the focus stands in the form
    await shows(page, /The very page/);
    assert.deepEqual(posted(), [secret]);
    await page.close();
  });

  test("a form that was left unsent counts for nothing", async () => {
    const page = await turnedAway("two.localhost", "/search");
    keep("two.localhost", secret);
    for (let round = 0; round < 2; round++) {
      await world.browser.goto(page, stage.url("/login", "two.localhost"));
      await fillIn(page, "Fill in anna");
      await until("the field", async () => await holds(page, "password") === secret);
      await world.browser.goto(page, stage.url("/search", "two.localhost"));
    }
    await page.close();
  });

  test("a password that the site did not take is not filled in again, but once more when the person says so", async () => {
    posts = [];
    keep("three.localhost", "old horse");
    const page = await turnedAway("three.localhost", "/login");
    await fillIn(page);
    await until("the field", async () => await holds(page, "password") === "old horse");
    await page.click("#in");
    await shows(page, /Not so/);
    const other = await turnedAway("three.localhost", "/login");
    const popup = await offer(other);
    await shows(popup, /kept for anna was not accepted before/);
    assert.equal(await textOf(popup, "#form-accounts button"), "The helpdesk unlocked it: try once");
    await popup.close();
    await fillIn(other);
    await until("the field", async () => await holds(other, "password") === "old horse");
    await other.click("#in");
    await shows(other, /Not so/);
    const spent = await offer(other);
    await shows(spent, /not accepted before/);
    assert.equal(await textOf(spent, "#form-accounts button"), "Forget this password", "once more is once");
    await new Promise((resolve) => { setTimeout(resolve, 600); });
    await press(spent, "#form-accounts button");
    await shows(spent, /No account is kept/);
    assert.equal(posts.length, 2);
    for (const one of [spent, other, page]) await one.close();
  });

  test("a site that asks for the user name first gets it first, and no password with it", async () => {
    posts = [];
    keep("four.localhost", secret);
    const page = await turnedAway("four.localhost", "/login-steps");
    await fillIn(page);
    await until("the user name", async () => await holds(page, "user") === "anna");
    await page.click("#in");
    await until("the second step", () => page.evaluate("Boolean(document.querySelector('[name=password]'))"));
    assert.deepEqual(posted(), [""]);
    await fillIn(page);
    await until("the password", async () => await holds(page, "password") === secret);
    await page.click("#in");
    await shows(page, /The very page/);
    await page.close();
  });

  test("a form that scripts run hears of what was filled in, as of typing; what they were answered counts", async () => {
    keep("five.localhost", "old horse");
    const page = await turnedAway("five.localhost", "/login-script");
    await fillIn(page);
    await until("the field", async () => await holds(page, "password") === "old horse");
    await page.click("#in");
    await shows(page, /Not so/);
    const popup = await offer(page);
    await shows(popup, /not accepted before/);
    await popup.close();
    keep("five.localhost", secret);
    await fillIn(page);
    await until("the field", async () => await holds(page, "password") === secret);
    await page.click("#in");
    await back(page);
    await page.close();
    await forgetSession("five.localhost");
    const again = await turnedAway("five.localhost", "/login-script");
    await fillIn(again, "Fill in anna"); // the site took it: the page opened
    await again.close();
  });

  test("an account typed in the popup is filled in, and kept once the site has taken it", async () => {
    for (const [typed, kept] of [["wrong horse", false], [secret, true]]) {
      const page = await turnedAway("seven.localhost", "/login");
      const popup = await world.browser.popupFor(page);
      await until("the offer", () => textOf(popup, "#keep"));
      assert.equal(await textOf(popup, "#form-accounts button"), "");
      await press(popup, "#keep > summary");
      await popup.focus("#keep-user");
      await popup.keyboard.type("anna");
      await popup.keyboard.press("Tab");
      await popup.keyboard.type(String(typed));
      await popup.keyboard.press("Enter");
      await until("the field", async () => await holds(page, "password") === typed);
      await popup.close().catch(() => {});
      await page.bringToFront();
      await page.click("#in");
      await (kept ? back(page) : shows(page, /Not so/));
      await page.close();
    }
    await forgetSession("seven.localhost");
    const again = await turnedAway("seven.localhost", "/login");
    const popup = await offer(again);
    assert.equal(await textOf(popup, "#form-accounts button"), "Fill in anna");
    for (const one of [popup, again]) await one.close();
  });

  test("no form that leads elsewhere, stands in a frame or a sandbox, is not seen, or is for something else is offered anything", async () => {
    posts = [];
    keep("six.localhost", secret);
    const page = await turnedAway("six.localhost", "/login");
    for (const path of Object.keys(forms).filter((path) => !path.startsWith("/login"))) {
      await world.browser.goto(page, stage.url(path, "six.localhost"));
      const popup = await world.browser.popupFor(page);
      const tab = world.browser.tabOf(page);
      // The same question that the popup asks, until its answer stands.
      await until("the look to be over", () => popup.evaluate(`new Promise((done) => {
        chrome.runtime.sendMessage({ type: "popup/setting", tabId: ${tab}, name: "fill", value: true }, (state) => done(Boolean(state.settings.fill)));
      })`));
      assert.equal(await textOf(popup, "#form"), "", `offered on ${path}: ${await allText(popup)}`);
      const { filled } = /** @type {{filled: boolean}} */ (await popup.evaluate(`new Promise((done) => {
        chrome.runtime.sendMessage({ type: "popup/fill", tabId: ${tab}, account: "anna", onceMore: false }, done);
      })`));
      assert.equal(filled, false, path);
      await popup.close();
      if (path !== "/framed" && path !== "/search" && path !== "/code") assert.equal(await holds(page, "password"), "", path);
      await page.bringToFront();
    }
    // The other name of this very site is another origin: nothing is kept for it.
    await world.browser.goto(page, stage.url("/login", "eight.localhost"));
    const popup = await world.browser.popupFor(page);
    await until("the popup", () => textOf(popup, "#title"));
    assert.equal(await textOf(popup, "#form"), "");
    assert.deepEqual(posts, []);
  });
});

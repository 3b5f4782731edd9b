// "Sign in again" knows where: the page that this site sent the person to
// before, what the refusal names by header, the root. Never a link of the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { press, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { send, startStage } from "./lib/stage.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("sign in again", (name) => {
  /** @type {import("./lib/each.js").World} */ let world;
  /** @type {import("./lib/stage.js").Stage} */ let stage;
  let elsewhere = 0;

  const trap = '<a href="/trap/login">Sign in</a> <a href="https://trap.example/">Sign in here</a>';

  before(async () => {
    world = await openWorld(name);
    stage = await startStage((request, response, url) => {
      const signedIn = (request.headers.cookie ?? "").includes("inside=1");
      switch (url.pathname) {
        case "/": send(response, 200, "The start page"); return;
        case "/app/": response.writeHead(302, { location: "/app/signin?return=secret" }).end(); return;
        case "/app/signin": case "/named/enter":
          if (request.method === "POST") response.writeHead(303, { location: "/app/home", "set-cookie": "inside=1; Path=/" }).end();
          else {
            response.writeHead(200, { "content-type": "text/html", "cache-control": "no-store" });
            response.end(`<!doctype html><title>Sign in</title><h1>Sign in, please</h1><form method="post"><button id="in">In</button></form>`);
          }
          return;
        case "/app/home": send(response, 200, "Inside"); return;
        case "/trap/login": elsewhere++; send(response, 200, "A trap"); return;
        case "/app/page":
          if (signedIn) send(response, 200, "The very page");
          else send(response, 401, `Closed ${trap}`);
          return;
        case "/named/page":
          if (signedIn) send(response, 200, "The very page");
          else send(response, 403, `Closed ${trap}`, { "x-forms_based_auth_required": "/named/enter?page=1" });
          return;
        case "/away/page":
          send(response, 401, `Closed ${trap}`, { link: `<http://foreign.example/>; rel=authenticate, <${stage.url("/", "127.0.0.1").replace("127.0.0.1", "id.localhost")}idp>; rel="authenticate"` });
          return;
        case "/idp": elsewhere++; send(response, 200, "Another site signs in here"); return;
        case "/bare/page": send(response, 401, `Closed ${trap}`); return;
        default: response.writeHead(404).end();
      }
    });
  });
  after(async () => {
    await world?.close();
    await stage?.close();
  });

  /**
   * Press "Sign in" on a refused page, wherever the popup offers it.
   * @param {Page} page
   * @param {string} url
   */
  async function signInFrom(page, url) {
    await world.browser.goto(page, url);
    await until("the badge", async () => /^40[13]$/.test((await world.browser.toolbar(page)).badge));
    const popup = await world.browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#main"));
    const button = /** @type {string} */ (await popup.evaluate(`(() => {
      const all = [...document.querySelectorAll("button[data-place]")];
      const found = all.find((b) => b.checkVisibility() && /^(Sign in|Renew)/.test(b.innerText));
      if (!found) return "";
      found.dataset.test = "sign-in";
      return found.innerText;
    })()`));
    assert.ok(button, "a sign-in is offered");
    return { popup, button, go: () => press(popup, "[data-test=sign-in]") };
  }

  /** @param {Page} page @param {string} url */
  const arrives = (page, url) => until(`the way to ${url}`, async () => await world.browser.addressOf(page) === url);

  test("the page that this site sent the person to before, and back to the very page", async () => {
    const page = await world.browser.newPage();
    await world.browser.goto(page, stage.url("/app/", "one.localhost"));
    await shows(page, /Sign in, please/);
    const { go } = await signInFrom(page, stage.url("/app/page?view=7", "one.localhost"));
    await go();
    await arrives(page, stage.url("/app/signin", "one.localhost"));
    await page.bringToFront();
    await page.click("#in");
    await arrives(page, stage.url("/app/page?view=7", "one.localhost"));
    await shows(page, /The very page/);
  });

  test("what the refusal names by header", async () => {
    const page = await world.browser.newPage();
    const { go } = await signInFrom(page, stage.url("/named/page", "two.localhost"));
    await go();
    await arrives(page, stage.url("/named/enter?page=1", "two.localhost"));
  });

  test("another site is named beside the button, and opened by the click alone", async () => {
    const page = await world.browser.newPage();
    const before = elsewhere;
    const { button, go } = await signInFrom(page, stage.url("/away/page", "three.localhost"));
    assert.match(button, /Opens id\.localhost/);
    assert.equal(elsewhere, before, "nothing opens by itself");
    await go();
    await arrives(page, stage.url("/idp", "id.localhost"));
  });

  test("a link of the page is never taken: the start page is opened instead", async () => {
    const page = await world.browser.newPage();
    const before = elsewhere;
    const { button, go } = await signInFrom(page, stage.url("/bare/page", "four.localhost"));
    assert.doesNotMatch(button, /Opens/);
    await go();
    await arrives(page, stage.url("/", "four.localhost"));
    assert.equal(elsewhere, before);
  });
});

// What a person typed comes first when a form is refused: the way back to it is
// the first step, and nothing is sent or loaded again before they chose it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { press, readPopup, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { send, startStage } from "./lib/stage.js";

/** @typedef {import("puppeteer-core").Page} Page */

const typed = "It's Anna's turn; she wrote this for an hour.";

const stale = { status: 403, text: "Forbidden (403) CSRF verification failed. Request aborted." };
const firewall = { status: 403, text: "The requested URL was rejected. Please consult with your administrator. Your support ID is: 8301537732516648237" };
const over = { status: 401, text: "Your session has expired. Please sign in." };
const silent = { status: 403, text: "Forbidden" };

inEachBrowser("text first", (name) => {
  /** @type {import("./lib/each.js").World} */ let world;
  /** @type {import("./lib/stage.js").Stage} */ let stage;
  /** @type {string[]} */
  let asked = [];

  before(async () => {
    world = await openWorld(name);
    stage = await startStage((request, response, url) => {
      if (url.pathname === "/favicon.ico") {
        response.writeHead(404).end();
        return;
      }
      asked.push(`${request.method} ${url.pathname}`);
      const answers = /** @type {Record<string, typeof stale>} */ ({ "/stale": stale, "/firewall": firewall, "/over": over, "/silent": silent });
      if (request.method === "POST") {
        const { status, text } = answers[url.pathname] ?? silent;
        send(response, status, text);
        return;
      }
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8", "set-cookie": "desk_session=1; Path=/",
        "cache-control": url.searchParams.has("no-store") ? "no-store" : "no-cache",
      });
      response.end(`<!doctype html><html lang="en"><title>Form</title><body><h1>A form</h1>
        <form method="post" action="${url.searchParams.get("to") ?? ""}"><textarea name="text"></textarea><button id="send">Send</button></form></body></html>`);
    });
  });
  after(async () => {
    await world?.close();
    await stage?.close();
  });

  /**
   * Type into a form, send it, be refused, and open the popup.
   * @param {string} path
   * @param {string} host
   */
  async function sent(path, host) {
    const page = await world.browser.newPage();
    await world.browser.goto(page, stage.url(path, host));
    await page.bringToFront();
    await page.focus("textarea");
    await page.keyboard.type(typed);
    await page.click("#send");
    await until("the badge", async () => /^40[13]$/.test((await world.browser.toolbar(page)).badge));
    asked = [];
    const popup = await world.browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#main"));
    return { page, popup };
  }

  const sentAgain = () => asked.filter((line) => line.startsWith("POST"));

  /** @param {Page} page */
  const text = (page) => page.evaluate("document.querySelector('textarea')?.value ?? null");

  for (const [what, path] of /** @type {[string, string][]} */ ([
    ["a stale form", "/stale"], ["a firewall", "/firewall"], ["a session that is over", "/over"], ["a site that gives no reason", "/silent"],
  ])) {
    test(`${what}: the first step is back to the text, which is there, and nothing is sent again`, async () => {
      const { page, popup } = await sent(`/form?to=${path}`, "text.localhost");
      // The page's own text has been read by then.
      await until("the step", async () => await textOf(popup, "#main") === "Go back to my text");
      assert.deepEqual(asked, [], "before the person chose, nothing");
      const said = await readPopup(popup);
      assert.doesNotMatch(`${said.main} ${said.second} ${said.other}`, /Reload page|Try once more|Clear/);
      await press(popup, "#main");
      await until("the text", async () => await text(page) === typed);
      assert.deepEqual(sentAgain(), []);
    });
  }

  test("a form that sends to its own address: the form is back, and it has not recovered", async () => {
    const { page, popup } = await sent("/silent", "self.localhost");
    await press(popup, "#main");
    await until("the text", async () => await text(page) === typed);
    assert.doesNotMatch(await textOf(popup, "#title"), /You are back/);
    assert.deepEqual(sentAgain(), []);
  });

  test("a page that the browser may not store: it is said that the text may be gone", async () => {
    const { page, popup } = await sent("/form?no-store&to=/stale", "store.localhost");
    await until("the page's own text", async () => /^This form was open for too long/.test(await textOf(popup, "#title")));
    assert.match(await textOf(popup, "#summary"), /may still be on the page before/);
    await press(popup, "#main");
    await shows(page, /A form/);
    // Firefox drops what was typed into a page that says no-store.
    if (name === "firefox") assert.equal(await text(page), "");
    assert.deepEqual(sentAgain(), []);
  });

  test("a fresh form is opened, and the old one not sent again", async () => {
    const { page, popup } = await sent("/form?to=/stale", "fresh.localhost");
    await until("the page's own text", async () => /^This form was open for too long/.test(await textOf(popup, "#title")));
    assert.match(await textOf(popup, "#second"), /Open a fresh form/);
    await press(popup, "#second");
    await until("the form to be asked for", async () => asked.includes("GET /form"));
    await shows(page, /A form/);
    assert.deepEqual(sentAgain(), []);
  });
});

// readmit's own pages and what the popup says of pages that were not refused.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { allText, popupSaying, press, readPopup, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("pages of readmit's", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name); });
  after(() => world?.close());

  for (const [path, title, main] of /** @type {[string, RegExp, RegExp][]} */ ([
    ["/status/404", /This address may not be right/, /start page/],
    ["/status/418", /This page did not open/, /Reload/],
    ["/status/419", /This form was open for too long/, /Go back to my text/],
    ["/status/429?retry-after=600", /The site asks you to wait/, /Try once more/],
    ["/status/440", /You have been signed out/, /Sign in/],
    ["/status/500", /The website has a fault/, /Report it/],
    ["/status/502", /not working right now/, /Try once more/],
    ["/status/200", /This page opened normally/, /^$/],
  ])) {
    test(`${path} is explained to who asks, and announced to nobody`, async () => {
      const { browser, site } = world;
      const page = await browser.newPage();
      await browser.goto(page, site.url(path));
      const popup = await popupSaying(world.browser, page, title);
      const said = await readPopup(popup);
      assert.match(said.main, main);
      if (path.includes("retry-after")) assert.match(said.summary, /open again at \d/);
      assert.equal((await browser.toolbar(page)).badge, "");
      assert.equal(await page.evaluate("Boolean(document.querySelector('readmit-banner'))"), false);
      await popup.close();
      await page.close();
    });
  }

  test("none of these answers is in the history", async () => {
    const history = await world.browser.openExtensionPage("ui/history.html");
    await until("the history", () => textOf(history, "#said"));
    assert.match(await textOf(history, "#said"), /Nothing is kept/);
  });

  test("the history shows how a refusal ended, finds it, and forgets one, a site, all", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    for (const host of ["a.localhost", "b.localhost", "c.localhost"]) {
      await browser.goto(page, site.url("/plain403/", host));
      await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
    }
    await browser.goto(page, site.url("/stale/visit", "a.localhost"));
    await browser.goto(page, site.url("/stale/page", "a.localhost"));
    const popup = await popupSaying(world.browser, page, /^Old site data is in the way/);
    await press(popup, "#main");
    await press(popup, "#clearing-go");
    await shows(page, /The shop is open/);
    await browser.goto(page, site.url("/role/admin?salary=s3cret", "c.localhost"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "401");
    const history = await browser.openExtensionPage("ui/history.html");
    const listed = () => /** @type {Promise<number>} */ (history.evaluate("document.querySelectorAll('#list > li').length"));
    await until("five lines", async () => await listed() === 5);
    const text = await allText(history);
    assert.match(text, /Old site data is in the way\. Clearing old site data helped\./);
    assert.match(text, /still closed/);
    assert.doesNotMatch(text, /s3cret/);
    await browser.screenshot(history, "history");

    await history.focus("#search");
    await history.keyboard.type("HELPED a.local");
    await until("the one that is looked for", async () => await listed() === 1);
    await history.keyboard.type(" nowhere");
    await until("nothing to be found", async () => /Nothing matches/.test(await textOf(history, "#said")));
    await history.evaluate("document.querySelector('#search').select()");
    await history.keyboard.press("Backspace");
    await until("all of them", async () => await listed() === 5);

    await forget("#list > li:first-child button:first-of-type", 4);
    await forget("#list > li:last-child button:last-of-type", 2); // both of a.localhost
    assert.doesNotMatch(await allText(history), /a\.localhost/);
    await press(history, "#clear-all");
    await press(history, "#sure-no");
    assert.equal(await listed(), 2, "kept");
    await forget("#clear-all", 0);
    await world.desktop.signal("readmit-agent", "SIGTERM");
    await until("the agent to end", () => world.desktop.pids("readmit-agent").length === 0);
    const anew = await browser.openExtensionPage("ui/history.html");
    await until("the history", async () => /Nothing is kept/.test(await textOf(anew, "#said")));

    /**
     * @param {string} button
     * @param {number} left
     */
    async function forget(button, left) {
      await press(history, button);
      await press(history, "#sure-yes");
      await until(`${left} lines`, async () => await listed() === left);
    }
  });

  test("what else was refused of a page is a line in the popup, and nothing on the toolbar", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/parts/"));
    await until("the count", async () => {
      const popup = await popupSaying(world.browser, page, /opened normally/);
      const line = await textOf(popup, "#parts");
      await popup.close();
      return /images 3, files 0, requests 0/.test(line);
    });
    assert.equal((await browser.toolbar(page)).badge, "");
    await page.bringToFront();
    await page.evaluate("(() => { const a = document.querySelector('a'); a.download = 'photos.zip'; a.click(); })()");
    await until("the file to be counted", async () => {
      const popup = await popupSaying(world.browser, page, /opened normally/);
      const line = await textOf(popup, "#parts");
      await popup.close();
      return /files 1,/.test(line);
    });
    await browser.goto(page, site.url("/"));
    assert.equal(await textOf(await popupSaying(world.browser, page, /opened normally/), "#parts"), "", "another page, another count");
  });

  test("\"Tell me when this page lets me in\" asks when the site says, without cookies, and tells on the toolbar", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await site.reset();
    await browser.goto(page, site.url("/stale/visit", "down.localhost")); // there are cookies that could be sent
    await browser.goto(page, site.url("/down/", "down.localhost"));
    const popup = await popupSaying(world.browser, page, /not working right now/);
    await press(popup, "#watch");
    await until("the watch to be told", async () => /looks again at/.test(await textOf(popup, "#watching-text")));
    await browser.stopBackground();
    await until("the toolbar to tell", async () => (await browser.toolbar(page)).badge === "open", { timeout: 90_000 });
    assert.match((await browser.toolbar(page)).title, /opens now/);
    const asked = (await site.counts()).paths["/down/"];
    assert.deepEqual([asked.requests, asked.withCookies], [3, 1], "cookies went with the person's own request alone");
    await press(popup, "#main");
    await shows(page, /timetable is back/);
    await popupSaying(world.browser, page, /You are back/);
  });

  test("the watch ends with the tab", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await site.reset();
    await browser.goto(page, site.url("/status/503"));
    const popup = await popupSaying(world.browser, page, /not working right now/);
    await press(popup, "#watch");
    await until("an alarm", async () => (await alarms()).length === 1);
    await page.close();
    await until("no alarm", async () => (await alarms()).length === 0);
  });

  /** @returns {Promise<string[]>} */
  async function alarms() {
    return /** @type {any} */ (await world.browser.control.evaluate("(globalThis.browser ?? chrome).alarms.getAll().then((all) => all.map((a) => a.name))"));
  }

  test("the first-run page shows a test refusal that asks nobody, and pauses readmit", async () => {
    const { browser, site } = world;
    const welcome = await browser.openExtensionPage("ui/welcome.html");
    await until("the keys", async () => /Alt\+Shift\+E/.test(await textOf(welcome, "#reach-keys")));
    await press(welcome, "#example");
    const example = await browser.extensionPage("ui/popup.html?example");
    await until("the test", async () => /signed out/.test(await textOf(example, "#title")));
    await press(example, "#main");
    await until("the test to say so", async () => /This is a test/.test(await textOf(example, "#notice")));
    await press(welcome, "#pause");
    await until("the pause", async () => /paused/.test(await textOf(welcome, "#said")));
    const page = await browser.newPage();
    await browser.goto(page, site.url("/plain403/"));
    await popupSaying(world.browser, page, /paused/);
    await press(welcome, "#resume");
    await until("readmit to be on", async () => /is on/.test(await textOf(welcome, "#said")));
  });
});

inEachBrowser("a proxy that wants a sign-in", (name) => {
  test("is explained, and never answered", async () => {
    let answered = 0;
    const proxy = createServer((request, response) => {
      if (request.headers["proxy-authorization"]) answered++;
      response.writeHead(407, { "Proxy-Authenticate": 'Basic realm="Gateway"', "Content-Type": "text/html" });
      response.end("<h1>Proxy sign-in</h1>");
    });
    await new Promise((resolve) => { proxy.listen(0, "127.0.0.1", () => resolve(undefined)); });
    const { port } = /** @type {import("node:net").AddressInfo} */ (proxy.address());
    const world = await openWorld(name, { proxy: port });
    try {
      const { browser } = world;
      const page = await browser.newPage();
      await browser.begin(page, "http://intranet.example/");
      const popup = await browser.popupFor(page);
      await until("the explanation", async () => /Your network wants a sign-in first/.test(await textOf(popup, "#title")));
      assert.match((await readPopup(popup)).summary, /never answers it/);
      assert.equal(answered, 0);
      const shown = await Promise.all((await browser.browser.pages()).map((one) => browser.addressOf(one).catch(() => "")));
      assert.ok(!shown.some((address) => address.includes("ui/consent.html")));
    } finally {
      await world.close();
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});

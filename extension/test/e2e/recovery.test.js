// Refusals other than a password prompt: explained, and opened again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { allText, challenged, fillSiteForm, popupSaying, press, readPopup, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("recovery", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name); });
  after(() => world?.close());

  test("session over: sign in again, back on the very page, closed as recovered", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/session/login"));
    await fillSiteForm(page);
    await shows(page, /You are signed in/);
    await browser.goto(page, site.url("/session/page?view=7"));
    await shows(page, /the very page/);
    await site.expireSessions();
    await browser.goto(page, site.url("/session/page?view=7"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "401");
    const popup = await popupSaying(world.browser, page, /^You have been signed out/);
    const said = await readPopup(popup);
    assert.match(said.main, /Sign in again/);
    assert.match(said.help, /Get help/);
    await popup.setViewport({ width: 400, height: 640 });
    await browser.screenshot(popup, "popup-session");
    await press(popup, "#main");
    await until("the sign-in page", async () => (await browser.addressOf(page)).endsWith("/session/login"));
    await fillSiteForm(page);
    await until("the way back", async () => (await browser.addressOf(page)).endsWith("/session/page?view=7"));
    await shows(page, /the very page/);
    await popupSaying(world.browser, page, /You are back/);
    assert.equal((await browser.toolbar(page)).badge, "");
  });

  test("stale cookie: cleared for this site alone, opened, and put back by undo", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const neighbour = await browser.newPage();
    for (const [tab, host] of /** @type {[Page, string][]} */ ([[neighbour, "b.localhost"], [page, "a.localhost"]])) {
      await browser.goto(tab, site.url("/stale/visit", host));
    }
    await page.bringToFront();
    await browser.goto(page, site.url("/stale/page", "a.localhost"));
    const popup = await popupSaying(world.browser, page, /^Old site data is in the way/);
    const said = await readPopup(popup);
    assert.match(said.main, /Clear a\.localhost.*reload/);
    assert.match(said.notes, /sign/i);
    assert.match(said.notes, /port/i);
    await popup.setViewport({ width: 400, height: 720 });
    await browser.screenshot(popup, "popup-stale");
    await press(popup, "#main");
    assert.equal((await cookies("a.localhost")).length, 3, "nothing goes before the person said how much");
    await press(popup, "#clearing-go");
    await shows(page, /The shop is open/);
    assert.deepEqual(await cookies("a.localhost"), []);
    assert.equal((await cookies("b.localhost")).length, 3);
    await popup.bringToFront();
    await press(popup, "#undo");
    await until("the cookies to be back", async () => (await cookies("a.localhost")).length === 3);
    assert.deepEqual((await cookies("a.localhost")).sort(), (await cookies("b.localhost")).sort());
  });

  /**
   * Everything of a host's cookies but the host, as the browser keeps it.
   * @param {string} host
   * @returns {Promise<string[]>}
   */
  async function cookies(host) {
    return JSON.parse(/** @type {string} */ (await world.browser.control.evaluate(`(globalThis.browser ?? chrome).cookies.getAll({ domain: ${JSON.stringify(host)}, partitionKey: {} })
      .then((all) => JSON.stringify(all.map((c) => [c.name, c.value, c.path, c.httpOnly, c.secure, c.sameSite, c.hostOnly, Math.round((c.expirationDate ?? 0) / 60)].join(" "))))`)));
  }

  test("stale cookie behind an address that may be a key: looked for on the person's click alone", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/stale/visit", "k.localhost"));
    await browser.goto(page, site.url("/stale/page?ticket=1", "k.localhost"));
    const popup = await popupSaying(world.browser, page, /said no/);
    await press(popup, "#look");
    await popupSaying(world.browser, page, /^Old site data is in the way/);
    await until("the offer to go", async () => await textOf(popup, "#look") === "");
  });

  test("no permission: says that signing in will not help and gives a code and a report to copy", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/role/login"));
    await fillSiteForm(page);
    await shows(page, /signed in to payroll/);
    await browser.goto(page, site.url("/role/admin?salary=s3cret"));
    const popup = await popupSaying(world.browser, page, /does not have access/);
    const said = await readPopup(popup);
    assert.match(said.summary, /Signing in again/);
    assert.doesNotMatch(`${said.main} ${said.second}`, /clear/i);
    await press(popup, "#help");
    await until("the support code", () => textOf(popup, "#code"));
    const report = /** @type {string} */ (await popup.evaluate("document.querySelector('#report-body').value"));
    assert.match(report, /403/);
    assert.doesNotMatch(report, /s3cret|payroll_session=/);
    await browser.screenshot(popup, "popup-permission");
  });

  for (const [path, title] of /** @type {[string, RegExp][]} */ ([["/waf/", /filter|blocked|stopped/i], ["/bot/", /human/i]])) {
    test(`${path} is told as what it is, and never to sign in`, async () => {
      const { browser, site } = world;
      const page = await browser.newPage();
      await browser.goto(page, site.url(path));
      const said = await readPopup(await popupSaying(world.browser, page, title));
      assert.doesNotMatch(`${said.main} ${said.second} ${said.other}`, /sign in/i);
    });
  }

  test("a background request with an old token is noticed and the working page left alone", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/token/works/"));
    await until("the toolbar to notice", async () => (await browser.toolbar(page)).badge !== "");
    await popupSaying(world.browser, page, /Part of this page has stopped working/);
    assert.notEqual((await browser.toolbar(page)).badge, "401");
    assert.equal(await hasBanner(page), false);
  });

  test("a page left empty by it is treated as refused", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/token/empty/"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "401");
    await until("the banner", () => hasBanner(page));
    await popupSaying(world.browser, page, /Part of this page has stopped working|page/);
  });

  test("the banner stands above a refused page, takes no focus and closes with Esc", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/plain403/"));
    await until("the banner", () => hasBanner(page));
    assert.equal(await page.evaluate("document.activeElement === document.body"), true);
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await browser.setMedia(page, { colorScheme });
      await browser.screenshot(page, `banner-${colorScheme}`);
    }
    await page.bringToFront();
    await page.keyboard.press("Escape");
    await until("the banner to go", async () => !await hasBanner(page));
  });

  test("what is known of a tab survives the background's death", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/waf/"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
    await browser.stopBackground();
    await popupSaying(world.browser, page, /filter|blocked|stopped/i);
    const next = await browser.newPage();
    await browser.goto(next, site.url("/bot/"));
    await until("the next refusal", async () => (await browser.toolbar(next)).badge === "403");
  });

  test("a hostile realm stays the site's words", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const consent = await challenged(browser, page, site.url("/hostile/"));
    const title = await textOf(consent, "#title");
    assert.doesNotMatch(title, /Google Chrome security/);
    assert.match(await textOf(consent, "#realm"), /^The site says: /);
    assert.ok((await textOf(consent, "#realm")).length < 120);
    assert.equal(await consent.evaluate("document.querySelectorAll('#realm b, #realm img').length"), 0);
    await browser.screenshot(consent, "consent-hostile");
    await press(consent, "#browser");
  });

  /** @param {Page} page */
  async function hasBanner(page) {
    const shown = /** @type {number} */ (await page.evaluate("document.documentElement ? document.documentElement.querySelectorAll('[data-readmit], readmit-banner').length : 0"));
    return shown > 0;
  }

  test("a page that works is shown as such", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/"));
    const popup = await popupSaying(world.browser, page, /opened|normal|nothing/i);
    assert.match(await allText(popup), /401/);
  });
});

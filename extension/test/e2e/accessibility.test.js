// For everyone who cannot see, or does not use a mouse: axe without findings,
// the order of the focus, narrow windows, and keys that must not decide early.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { axe, focusOrder, overflowAt } from "./lib/look.js";
import { challenged, confirm, press, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("accessibility", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name); });
  after(() => world?.close());

  /**
   * Look at a page as it stands, light and dark, and keep the pictures.
   * @param {Page} page
   * @param {string} title
   */
  async function examine(page, title) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await world.browser.setMedia(page, { colorScheme, reducedMotion: true }); // colours that are still changing have no contrast of their own
      assert.deepEqual(await axe(page), [], `${title}, ${colorScheme}`);
      await world.browser.screenshot(page, `${title}-${colorScheme}`);
    }
    await world.browser.setMedia(page, { colorScheme: "light", forcedColors: true });
    await world.browser.screenshot(page, `${title}-forced-colors`);
    await world.browser.setMedia(page, { colorScheme: "light", reducedMotion: true });
    assert.deepEqual(await overflowAt(page, 320), [], `${title} at 320 pixels`);
    await page.setViewport({ width: 400, height: 700 });
  }

  test("the popup: findings, order of the focus, 320 pixels", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/plain403/"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
    const popup = await browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#main"));
    await popup.setViewport({ width: 400, height: 700 });
    assert.equal(await popup.evaluate("document.activeElement.id"), "title", "the heading has the focus");
    const order = (await focusOrder(popup, 8)).map((name) => name.replace(new URL(site.site).host, "{site}"));
    assert.deepEqual(order, [
      'heading "{site} said no, without saying why."', 'button "Reload page"', 'button "Go to the {site} start page"', 'button "Ask for access"',
      'button "Sign in"', 'button "Tell me when this page lets me in"', 'button "Get help"', 'button "What do 401 and 403 mean?"',
    ]);
    await examine(popup, "popup");
    await press(popup, "#help");
    await until("the support code", () => textOf(popup, "#code"));
    await examine(popup, "popup-report");
  });

  test("the popup of a site that is left to the browser, its settings unfolded: findings, 320 pixels", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/", "quiet.localhost"));
    const popup = await browser.popupFor(page);
    await until("the popup", () => textOf(popup, "#title"));
    await press(popup, "#settings summary");
    await press(popup, "#off-here");
    await until("the popup to say so", async () => /stays out/.test(await textOf(popup, "#title")));
    await popup.setViewport({ width: 400, height: 900 });
    await examine(popup, "popup-off-settings");
  });

  test("the history: findings, order of the focus, 320 pixels", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/waf/", "history.localhost"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
    const history = await browser.openExtensionPage("ui/history.html");
    await until("an incident", () => textOf(history, "#list h2"));
    assert.equal(await history.evaluate("document.activeElement.id"), "title", "the heading has the focus");
    const order = await focusOrder(history, 5);
    assert.deepEqual(order.slice(0, 3), ['heading "Pages that said no"', 'searchbox "Search"', 'button "Forget all"']);
    assert.match(order[3], /^button "Forget this: /);
    assert.match(order[4], /^button "Forget this site: /);
    await press(history, "#clear-all");
    await until("the question", () => textOf(history, "#sure"));
    await examine(history, "history");
  });

  test("the first-run page and its test refusal: findings, order of the focus, 320 pixels", async () => {
    const { browser } = world;
    const welcome = await browser.openExtensionPage("ui/welcome.html");
    await until("the keys", () => textOf(welcome, "#reach-keys"));
    assert.deepEqual(await focusOrder(welcome, 3), ['heading "readmit is ready."', 'button "Show me a test"', 'button "Pause until I switch it on"']);
    await examine(welcome, "welcome");
    const example = await browser.openExtensionPage("ui/popup.html?example=1");
    await until("the test", () => textOf(example, "#main"));
    await examine(example, "popup-example");
  });

  test("readmit's window: findings, focus on the heading, 320 pixels", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const consent = await challenged(browser, page, site.url("/basic/"));
    assert.equal(await consent.evaluate("document.activeElement.id"), "title", "the heading has the focus");
    await examine(consent, "consent");
    await press(consent, "#browser");
  });

  test("the keyboard alone signs in; Enter in flight does not", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const consent = await challenged(browser, page, site.url("/basic/", "keys.localhost"));
    await consent.keyboard.press("Enter"); // meant for another window
    assert.match(await textOf(consent, "#type"), /Password/);
    const order = await tabTo(consent, "user");
    assert.ok(order < 6, "the user name is near");
    await consent.keyboard.type("anna");
    await tabTo(consent, "password");
    await consent.keyboard.type("correct horse");
    await confirm(consent, "#submit", () => consent.keyboard.press("Enter"));
    await shows(page, /You are in/);
  });

  /**
   * Press Tab until an element has the focus.
   * @param {Page} page
   * @param {string} id
   * @returns {Promise<number>} how often
   */
  async function tabTo(page, id) {
    for (let presses = 0; presses < 20; presses++) {
      if (await page.evaluate("document.activeElement.id") === id) return presses;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to #${id}`);
  }
});

// The plan walks: one step after another, each checked by what the site says
// next, none offered twice in vain, and what helped comes first the next time.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { allText, fillSiteForm, popupSaying, press, readPopup, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("the plan walks", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name); });
  after(() => world?.close());

  /**
   * Press "Sign in" on the popup of a refused page, and sign in on the site.
   * @param {Page} page
   * @param {RegExp} title
   * @param {string} back where readmit brings the person
   */
  async function signInBy(page, title, back) {
    const popup = await popupSaying(world.browser, page, title);
    assert.match(await textOf(popup, "#main"), /Sign in/);
    await press(popup, "#main");
    await until("the sign-in page", async () => (await world.browser.addressOf(page)).endsWith("/login"));
    await fillSiteForm(page);
    await until("the way back", async () => (await world.browser.addressOf(page)).endsWith(back));
    await popup.close();
  }

  test("signing in helped three times here, and the fourth time says so", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/session/login"));
    await fillSiteForm(page);
    await shows(page, /You are signed in/);
    for (let times = 0; times < 3; times++) {
      await site.expireSessions();
      await browser.goto(page, site.url("/session/page"));
      await signInBy(page, /You have been signed out/, "/session/page");
      await shows(page, /the very page/);
      await until("the toolbar to be quiet", async () => (await browser.toolbar(page)).badge === "");
    }
    await site.expireSessions();
    await browser.goto(page, site.url("/session/page"));
    const popup = await popupSaying(world.browser, page, /You have been signed out/);
    assert.match(await textOf(popup, "#why-lines"), /^Signing in again helped here 3 of 3 times\./);
    await popup.setViewport({ width: 400, height: 640 });
    await browser.screenshot(popup, "popup-helped-before");
  });

  test("a sign-in that leads back is not offered a third time, and neither on the next page", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const where = (/** @type {string} */ path) => site.url(path, "loop.localhost");
    await browser.goto(page, where("/circle/page"));
    await signInBy(page, /./, "/circle/page");
    let popup = await popupSaying(world.browser, page, /./);
    await until("the step that failed to be told", async () => /stayed closed/.test(await textOf(popup, "#why-lines")));
    const after = await readPopup(popup);
    assert.doesNotMatch(`${after.main} ${after.second} ${after.other}`, /Sign in/, "not again by itself");
    await popup.close();
    // The person does it once more, without readmit.
    await browser.goto(page, where("/circle/login"));
    await fillSiteForm(page);
    await shows(page, /Nothing of this sign-in is kept/);
    await browser.goto(page, where("/circle/page"));
    popup = await popupSaying(world.browser, page, /^Signing in leads back here/);
    const said = await readPopup(popup);
    assert.match(said.summary, /signed in twice/);
    assert.doesNotMatch(`${said.main} ${said.second} ${said.other}`, /Sign in/);
    await popup.setViewport({ width: 400, height: 640 });
    await browser.screenshot(popup, "popup-loop");
    // An agent that starts anew knows it too.
    await world.desktop.signal("readmit-agent", "SIGTERM");
    await until("the agent to end", () => world.desktop.pids("readmit-agent").length === 0);
    const next = await browser.newPage();
    await browser.goto(next, where("/circle/other"));
    const other = await readPopup(await popupSaying(world.browser, next, /./));
    assert.doesNotMatch(`${other.main} ${other.second} ${other.other}`, /Sign in/);
  });

  test("nothing left: get help, with what was tried", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/plain403/", "walk.localhost"));
    let popup = await popupSaying(world.browser, page, /./);
    for (let step = 0; step < 6; step++) {
      const { main } = await readPopup(popup);
      if (/Get help/.test(main)) break;
      const refused = (await site.counts()).paths["/plain403/"]?.requests ?? 0;
      await press(popup, "#main");
      if (/start page/.test(main)) {
        await shows(page, /Pages that turn you away/);
        await browser.goto(page, site.url("/plain403/", "walk.localhost"));
      } else if (/Ask for access/.test(main)) {
        break;
      }
      await until("the page to be asked for again", async () => (await site.counts()).paths["/plain403/"].requests > refused);
      await popup.close();
      popup = await popupSaying(world.browser, page, /./);
      await until("the step to be told as tried", async () => /stayed closed/.test(await textOf(popup, "#why-lines")));
      assert.notEqual((await readPopup(popup)).main, main, "a step that did not help is not offered again");
    }
    await press(popup, "#help");
    await until("the report", () => popup.evaluate("document.querySelector('#report-body').value"));
    assert.match(/** @type {string} */ (await popup.evaluate("document.querySelector('#report-body').value")), /Tried: reload_page: refused/);
  });

  test("\"Not now\" quiets the page, and the explanation is still there for who asks", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/session/page", "later.localhost"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "401");
    const popup = await popupSaying(world.browser, page, /./);
    assert.match(await textOf(popup, "#second"), /Not now/);
    await press(popup, "#second");
    await until("the toolbar to be quiet", async () => (await browser.toolbar(page)).badge === "");
    await until("the banner to go", async () => !await page.evaluate("Boolean(document.querySelector('readmit-banner'))"));
    await browser.goto(page, site.url("/session/page", "later.localhost"));
    const again = await popupSaying(world.browser, page, /sign/i);
    assert.match(await textOf(again, "#main"), /Sign in/);
    assert.equal((await browser.toolbar(page)).badge, "");
  });

  test("a site that is left to the browser stays silent until it is taken back", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const url = site.url("/plain403/", "off.localhost");
    await browser.goto(page, url);
    await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
    const popup = await popupSaying(world.browser, page, /said no/);
    await press(popup, "#settings summary");
    await press(popup, "#off-here");
    await until("the popup to say so", async () => /stays out of this site/.test(await textOf(popup, "#title")));
    await until("the toolbar to be quiet", async () => (await browser.toolbar(page)).badge === "");
    await popup.setViewport({ width: 400, height: 640 });
    await browser.screenshot(popup, "popup-off");
    await popup.close();
    await browser.goto(page, url);
    await popupSaying(world.browser, page, /stays out of this site/);
    assert.equal((await browser.toolbar(page)).badge, "");
    // Another site is explained as before.
    const other = await browser.newPage();
    await browser.goto(other, site.url("/plain403/", "on.localhost"));
    await until("its badge", async () => (await browser.toolbar(other)).badge === "403");
    await page.bringToFront();
    const back = await popupSaying(world.browser, page, /stays out/);
    await press(back, "#settings summary");
    await press(back, "#off-here");
    await until("the switch to be taken back", async () => !/stays out/.test(await textOf(back, "#title")));
    await browser.goto(page, url);
    await until("the badge again", async () => (await browser.toolbar(page)).badge === "403");
  });

  test("readmit paused: the toolbar shows it, nothing is explained or asked, until it is switched on", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/plain403/", "pause.localhost"));
    const popup = await popupSaying(world.browser, page, /said no/);
    await press(popup, "#settings summary");
    await press(popup, "#pause-hour");
    await until("the popup to say so", async () => /paused/.test(await textOf(popup, "#title")));
    assert.match(await allText(popup), /until \d/);
    assert.match((await browser.toolbar(page)).badge, /off/);
    await browser.stopBackground();
    await browser.goto(page, site.url("/bot/"));
    await browser.goto(page, site.url("/basic/", "pause.localhost"));
    assert.deepEqual(await windows(), [], "no window asks");
    assert.match((await browser.toolbar(page)).title, /paused/);
    await press(popup, "#resume");
    await until("readmit to be back", async () => !/paused/.test(await textOf(popup, "#title")));
    await browser.goto(page, site.url("/bot/"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
  });

  /** @returns {Promise<string[]>} addresses of readmit's own sign-in windows */
  async function windows() {
    const shown = await Promise.all((await world.browser.browser.pages()).map((page) => world.browser.addressOf(page).catch(() => "")));
    return shown.filter((address) => address.includes("ui/consent.html"));
  }
});

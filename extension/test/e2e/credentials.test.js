// A page that asks for a name and password: typed, remembered, used again,
// always used, withdrawn, wrong, declined. A fresh profile stands for another
// day: browsers remember a sign-in until they are closed.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { launch } from "./lib/browser.js";
import { startDesktop } from "./lib/desktop.js";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { allText, challenged, escape, press, shows, textOf, typeSignIn, useStored, windowGone } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { startSite } from "./lib/site.js";

const inside = /You are in/;

for (const [scheme, path] of [["Basic", "/basic/"], ["Digest", "/digest/"]]) {
  inEachBrowser(`${scheme} credentials`, (name) => {
    /** @type {import("./lib/desktop.js").Desktop} */
    let desktop;
    /** @type {import("./lib/site.js").Site} */
    let site;
    /** @type {import("./lib/browser.js").Browser} */
    let browser;
    /** @type {import("puppeteer-core").Page} */
    let page;

    before(async () => {
      desktop = await startDesktop();
      site = await startSite();
    });
    after(async () => {
      await browser?.close();
      await site?.close();
      await desktop?.close();
    });
    async function nextDay() {
      await browser?.close();
      browser = await launch(name, desktop);
      page = await browser.newPage();
    }

    test("nothing stored: the window takes a typed sign-in, the page opens, it is remembered", async () => {
      await nextDay();
      const consent = await challenged(browser, page, site.url(path));
      const words = await allText(consent);
      assert.match(words, new RegExp(new URL(site.site).host));
      assert.match(words, /The site says: .*Sample/);
      await browser.screenshot(consent, `consent-type-${scheme.toLowerCase()}`);
      await typeSignIn(consent, { user: "anna", password: "correct horse", remember: true });
      await opened(browser, page);
    });

    test("stored: the window names the account and asks once", async () => {
      await nextDay();
      const consent = await challenged(browser, page, site.url(path));
      await until("the account", async () => /anna/.test(await textOf(consent, "#use")));
      await useStored(consent);
      await opened(browser, page);
    });

    test("always here: the next visit is silent", async () => {
      await nextDay();
      const consent = await challenged(browser, page, site.url(path));
      await useStored(consent, { always: true });
      await opened(browser, page);
      await nextDay();
      await browser.goto(page, site.url(path));
      await opened(browser, page);
      await windowGone(browser);
    });

    test("withdrawn in the popup: the next visit asks again", async () => {
      const popup = await browser.popupFor(page);
      await press(popup, "#always-title");
      await until("the standing consent", async () => /anna/.test(await textOf(popup, "#standing")));
      await press(popup, "#standing button");
      await until("it to go", async () => !/anna/.test(await textOf(popup, "#standing")));
      await nextDay();
      const consent = await challenged(browser, page, site.url(path));
      await until("the account", async () => /anna/.test(await textOf(consent, "#use")));
    });

    test("Esc hands back to the browser, and the popup offers the way in again", async () => {
      await nextDay();
      const consent = await challenged(browser, page, site.url(path));
      await escape(consent);
      await windowGone(browser);
      const popup = await browser.popupFor(page);
      await until("the explanation", async () => /Sign in/.test(await textOf(popup, "#title")));
      await press(popup, "#main");
      const again = await browser.consentWindow();
      await press(again, "#browser");
      await windowGone(browser);
    });

    test("a wrong stored password is sent once; the new one is kept after the site took it", async () => {
      await site.setPassword("new horse");
      await nextDay();
      const before = await sends(site);
      const consent = await challenged(browser, page, site.url(path));
      await useStored(consent);
      await shows(consent, /not accepted/);
      assert.equal((await sends(site)).refused - before.refused, 1);
      await browser.screenshot(consent, `consent-refused-${scheme.toLowerCase()}`);
      await typeSignIn(consent, { password: "new horse", remember: true });
      await opened(browser, page);
      await nextDay();
      await useStored(await challenged(browser, page, site.url(path)));
      await opened(browser, page);
      assert.equal((await sends(site)).refused - before.refused, 1);
      await site.setPassword("correct horse");
    });
  });
}

inEachBrowser("whom readmit asks, and when", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name); });
  after(() => world?.close());
  beforeEach(() => world.site.reset());

  test("a background tab gets the badge, not a window", async () => {
    const { browser, site } = world;
    const behind = await browser.newPage();
    const front = await browser.newPage();
    await browser.goto(front, site.url("/"));
    void browser.begin(behind, site.url("/basic/"));
    await until("the badge", async () => (await browser.toolbar(behind)).badge === "401");
    await windowGone(browser);
    assert.equal(await front.evaluate("document.visibilityState"), "visible");
  });

  test("a picture of another site that asks opens no window", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    void browser.begin(page, site.url("/wrong-origin/"));
    await shows(page, /that site asks for a password/);
    await until("the challenge", async () => (await site.counts()).cases["wrong-origin"].requests >= 2);
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    await windowGone(browser);
  });

  test("a page that is loaded anew takes its window with it, and asks again", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const first = await challenged(browser, page, site.url("/basic/", "anew.localhost"));
    await page.bringToFront();
    await browser.enter(page, site.url("/basic/", "anew.localhost"));
    const second = await browser.consentWindow(20_000, [first]);
    await until("the first window to close", async () => !await browser.addressOf(first).catch(() => ""));
    await typeSignIn(second, { user: "anna", password: "correct horse" });
    await opened(browser, page);
    assert.equal((await sends(site)).accepted, 1);
  });

  test("a right password that opens nothing is told as a missing right", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await typeSignIn(await challenged(browser, page, site.url("/basic/board", "board.localhost")), { user: "anna", password: "correct horse" });
    await shows(page, /403 Forbidden/);
    await windowGone(browser);
    await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
    const popup = await browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#title"));
    assert.match(await textOf(popup, "#title"), /does not have access/);
    assert.doesNotMatch(await allText(popup), /You are back|Sign in to see/);
  });

  test("whoever is impatient while the site thinks still gets in, and the password is kept", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const consent = await challenged(browser, page, site.url("/slow/", "slow.localhost"));
    await typeSignIn(consent, { user: "anna", password: "correct horse", remember: true });
    await escape(consent);
    await shows(page, /It opened in the end/);
    await windowGone(browser);
    await browser.close();
    world.browser = await launch(name, world.desktop);
    const again = await challenged(world.browser, await world.browser.newPage(), site.url("/slow/", "slow.localhost"));
    await until("the account", async () => /anna/.test(await textOf(again, "#use")));
    await world.browser.close();
  });
});

inEachBrowser("forty challenged requests at once", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  after(() => world?.close());

  test("one window, one send, and all forty after the right one", async () => {
    world = await openWorld(name);
    const { browser, site } = world;
    let page = await browser.newPage();
    await typeSignIn(await challenged(browser, page, site.url("/basic/")), { user: "anna", password: "correct horse", remember: true });
    await opened(browser, page);
    await site.setPassword("new horse");
    await browser.close();
    world.browser = await launch(name, world.desktop);
    page = await world.browser.newPage();

    const before = await sends(site);
    const consent = await challenged(world.browser, page, site.url("/forty/"));
    await useStored(consent);
    await shows(consent, /not accepted/);
    assert.equal((await sends(site)).refused - before.refused, 1);
    const second = await world.browser.newPage();
    await world.browser.goto(second, site.url("/"));
    assert.match(await allText(second), /turn you away/);
    await typeSignIn(consent, { password: "new horse" });
    await until("all forty pictures", () => page.evaluate("[...document.images].filter((i) => i.naturalWidth > 0).length === 40"));
    assert.equal((await sends(site)).refused - before.refused, 1);
    await world.browser.close();
  });
});

/**
 * The page is open, and readmit has seen that it is: a send whose outcome was
 * not seen, because the browser was closed too soon, is not repeated.
 * @param {import("./lib/browser.js").Browser} browser
 * @param {import("puppeteer-core").Page} page
 */
async function opened(browser, page) {
  await shows(page, inside);
  await windowGone(browser);
}

/**
 * All refused and accepted sends of the site so far.
 * @param {import("./lib/site.js").Site} site
 */
async function sends(site) {
  /** @type {{refusedSends: number, acceptedSends: number}[]} */
  const cases = Object.values((await site.counts()).cases);
  return {
    refused: cases.reduce((sum, c) => sum + c.refusedSends, 0),
    accepted: cases.reduce((sum, c) => sum + c.acceptedSends, 0),
  };
}

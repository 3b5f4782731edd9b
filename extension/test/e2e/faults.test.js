// What breaks in the middle of a sign-in: the browser, the background. Nothing
// is sent twice, and the next page is handled as if nothing had been.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./lib/browser.js";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { challenged, press, shows, textOf, typeSignIn, useStored, windowGone } from "./lib/person.js";
import { signal, until } from "./lib/processes.js";

inEachBrowser("faults", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name); });
  after(() => world?.close());

  test("the background killed while readmit's window is open: the page goes on, and the next question is asked", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    const url = site.url("/basic/", "killed.localhost");
    const lost = await challenged(browser, page, url);
    await browser.stopBackground();
    await shows(lost, /browser/i);
    assert.equal(await textOf(lost, "#use"), "");
    assert.equal((await site.counts()).cases.basic.withAuthorization, 0);
    // One window in all: the one that lost its question makes room.
    const consent = await challenged(browser, page, url, [lost]);
    await until("the lost window to close", async () => !await browser.addressOf(lost).catch(() => ""));
    await typeSignIn(consent, { user: "anna", password: "correct horse" });
    await shows(page, /You are in/);
    await windowGone(browser);
    await page.close();
  });

  test("the popup opened while the background sleeps says what it said", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/waf/"));
    await until("the badge", async () => (await browser.toolbar(page)).badge === "403");
    const popup = await browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#summary"));
    const said = await textOf(popup, "#title");
    await popup.close();
    await browser.stopBackground();
    const later = await browser.popupFor(page);
    await until("the same again", async () => await textOf(later, "#title") === said);
    await later.close();
    await page.close();
  });

  test("the browser killed between release and answer: never sent again by itself, and the person is told", async () => {
    const { site, desktop } = world;
    let page = await world.browser.newPage();
    const url = site.url("/slow/", "slow.localhost");
    await typeSignIn(await challenged(world.browser, page, url), { user: "anna", password: "correct horse", remember: true });
    await shows(page, /It opened in the end/);
    await windowGone(world.browser);
    await world.browser.close();
    world.browser = await launch(name, desktop);
    page = await world.browser.newPage();
    await useStored(await challenged(world.browser, page, url), { always: true });
    // The site thinks for three seconds about a password; it has it now.
    await until("readmit to have sent it", async () => (await world.browser.extensionPage("ui/consent.html", 1000).then((p) => textOf(p, "#title"), () => "gone")) !== "");
    signal(world.browser.pid, "SIGKILL");
    await until("the browser to be gone", () => !world.browser.browser.connected);
    await until("the send to be counted", async () => (await site.counts()).cases.slow.withAuthorization === 2);
    world.browser = await launch(name, desktop);
    page = await world.browser.newPage();
    const consent = await challenged(world.browser, page, url);
    assert.equal(await textOf(consent, "#use"), "");
    assert.match(await textOf(consent, "#account-why"), /anna/);
    assert.equal((await site.counts()).cases.slow.withAuthorization, 2);
    await press(consent, "#browser");
    await windowGone(world.browser);
  });
});

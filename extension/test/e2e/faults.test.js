// What breaks in the middle of a sign-in: the browser, the background. Nothing
// is sent twice, and the next page is handled as if nothing had been.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./lib/browser.js";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { challenged, press, shows, textOf, typeSignIn, useStored, windowGone } from "./lib/person.js";
import { signal, until } from "./lib/processes.js";
import { account, startTrap } from "./lib/trap.js";

inEachBrowser("faults", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  /** @type {import("./lib/trap.js").Trap} */
  let trap;
  before(async () => {
    trap = await startTrap();
    world = await openWorld(name);
  });
  after(async () => {
    await world?.close();
    await trap?.close();
  });

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
    const { desktop } = world;
    let page = await world.browser.newPage();
    const url = trap.url("/thinks/", { host: "thinks.localhost" });
    await typeSignIn(await challenged(world.browser, page, url), { ...account, remember: true });
    await shows(page, /You are in/);
    await windowGone(world.browser);
    await nextDay();
    page = await world.browser.newPage();
    trap.forget();
    trap.go();
    await useStored(await challenged(world.browser, page, url), { always: true });
    await until("the site to have it", () => trap.sends().length === 1);
    signal(world.browser.pid, "SIGKILL");
    await until("the browser to be gone", () => !world.browser.browser.connected);
    world.browser = await launch(name, desktop);
    page = await world.browser.newPage();
    const consent = await challenged(world.browser, page, url);
    assert.equal(await textOf(consent, "#use"), "");
    assert.match(await textOf(consent, "#account-why"), /anna/);
    assert.equal(trap.sends().length, 1);
    await press(consent, "#browser");
    await windowGone(world.browser);
  });

  async function nextDay() {
    await world.browser.close();
    world.browser = await launch(name, world.desktop);
  }
});

// One question at a time: whatever a page, some tabs, two windows or two
// browsers do, a person sees one window of readmit's, and what they declined
// is over until they start a page again.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { launch } from "./lib/browser.js";
import { inEachBrowser, names, openWorld } from "./lib/each.js";
import { allText, challenged, escape, notAsked, press, shows, textOf, typeSignIn, windowGone } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { account, startTrap } from "./lib/trap.js";

/** @typedef {import("puppeteer-core").Page} Page */

/**
 * readmit's windows in a browser.
 * @param {import("./lib/browser.js").Browser} browser
 */
async function windows(browser) {
  const shown = await Promise.all((await browser.browser.pages()).map((page) => browser.addressOf(page).catch(() => "")));
  return shown.filter((address) => address.includes("ui/consent.html")).length;
}

inEachBrowser("one question", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  /** @type {import("./lib/trap.js").Trap} */
  let trap;
  let hosts = 0;
  /** A host that was not signed in to yet: browsers remember a sign-in. */
  const fresh = () => `q${++hosts}.localhost`;

  before(async () => {
    trap = await startTrap();
    world = await openWorld(name);
  });
  after(async () => {
    await world?.close();
    await trap?.close();
  });
  beforeEach(() => trap.forget());

  test("three tabs of one host: one window, and after the yes all are open", async () => {
    const { browser } = world;
    const host = fresh();
    const tabs = [await browser.newPage(), await browser.newPage(), await browser.newPage()];
    const consent = await challenged(browser, tabs[2], trap.url("/basic/2", { host }));
    // Each its own address: for the same one Chromium waits for the first answer.
    for (const [i, tab] of tabs.slice(0, 2).entries()) void browser.begin(tab, trap.url(`/basic/${i}`, { host }));
    for (const tab of tabs.slice(0, 2)) await notAsked(browser, tab, /already asking/, [consent]);
    assert.equal(await windows(browser), 1);
    await typeSignIn(consent, { ...account });
    for (const tab of tabs) await shows(tab, /You are in/);
    await windowGone(browser);
    for (const tab of tabs) await browser.closePage(tab);
  });

  test("two windows and two hosts: one window, the other page is the browser's own", async () => {
    const { browser } = world;
    const first = await browser.newPage();
    const consent = await challenged(browser, first, trap.url("/basic/", { host: fresh() }));
    const second = await browser.newWindow();
    const host = fresh();
    void browser.begin(second, trap.url("/basic/", { host }));
    await notAsked(browser, second, /already asking/, [consent]);
    assert.equal(await windows(browser), 1);
    await first.bringToFront();
    await typeSignIn(consent, { ...account });
    await shows(first, /You are in/);
    await windowGone(browser);
    // The question is over: the other page may ask now.
    await escape(await challenged(browser, second, trap.url("/basic/", { host })));
    await windowGone(browser);
    await browser.closePage(second);
  });

  test("what was declined is not asked again by a page that begins anew by itself, even after the background died", async () => {
    const { browser } = world;
    const host = fresh();
    const page = await browser.newPage();
    const consent = await challenged(browser, page, trap.url("/nag/", { host }));
    await escape(consent);
    await windowGone(browser);
    trap.go(); // the browser's own box, which a driven browser shows to nobody, does not keep it from that
    await until("the page to begin anew", () => trap.requests("/nag/").length > 4);
    await browser.stopBackground();
    const before = trap.requests("/image/").length;
    await until("the page to go on", () => trap.requests("/image/").length > before + 2);
    // The popup of a test is a tab: a page that went on behind it would ask out of sight.
    await trap.rest();
    await notAsked(browser, page, /chose not to/);
    assert.equal(await windows(browser), 0);
    trap.forget();
    // The person asks for the page: so they are asked.
    const again = await challenged(browser, page, trap.url("/nag/", { host }));
    await escape(again);
    await windowGone(browser);
    await browser.closePage(page);
  });

  test("a request that sends something is neither dropped nor sent twice, nor is the page of a sent form", async () => {
    const { browser } = world;
    const host = fresh();
    const page = await browser.newPage();
    await browser.goto(page, trap.url("/form/", { host }));
    await press(page, "#send");
    const consent = await browser.consentWindow();
    await typeSignIn(consent, { ...account });
    await windowGone(browser);
    assert.equal(trap.requests("/form/").filter((one) => one.method === "POST").length, 1);
    const other = fresh();
    const calling = await challenged(browser, page, trap.url("/with-fetch/?method=POST", { host: other, of: "/basic/call" }));
    await typeSignIn(calling, { ...account });
    await shows(page, /got 200/);
    const sent = trap.requests("/basic/call").filter((one) => one.scheme !== "");
    assert.deepEqual(sent.map((one) => one.method), ["POST"]);
    await windowGone(browser);
    await browser.closePage(page);
  });

  test("a navigation through a site's service worker is recognised as a page", async () => {
    const { browser } = world;
    const host = "localhost";
    const page = await browser.newPage();
    await browser.goto(page, trap.url("/worker/", { host }));
    await shows(page, /ready/);
    const consent = await challenged(browser, page, trap.url("/basic/by-worker", { host }));
    assert.match(await textOf(consent, "#site"), /localhost/);
    await typeSignIn(consent, { ...account });
    await shows(page, /You are in/);
    await windowGone(browser);
    await browser.closePage(page);
  });

  test("never on this site: said in the window, kept, shown and taken back in the popup", async () => {
    const { browser } = world;
    const host = fresh();
    const url = trap.url("/basic/", { host });
    const page = await browser.newPage();
    await press(await challenged(browser, page, url), "#never");
    await windowGone(browser);
    await browser.goto(page, "about:blank");
    void browser.begin(page, url);
    await notAsked(browser, page, /leave .* alone/);
    const popup = await browser.popupFor(page);
    await press(popup, "#off-title");
    await until("the site", async () => (await textOf(popup, "#off-list")).includes(host));
    await browser.screenshot(popup, "popup-never-asks");
    await press(popup, "#off-list button");
    await until("it to go", async () => !(await textOf(popup, "#off-list")).includes(host));
    await popup.close();
    const consent = await challenged(browser, page, url);
    await escape(consent);
    await windowGone(browser);
    await browser.closePage(page);
  });

  test("a certificate that the browser did not take is remembered: always here is not used there", async () => {
    const { browser } = world;
    const page = await browser.newPage();
    const url = trap.url("/basic/", { host: "certificate.localhost", secure: true });
    await browser.begin(page, url);
    await until("it to be noted", async () => /** @type {string} */ (await browser.control.evaluate(
      "(globalThis.browser ?? chrome).storage.local.get('untrusted').then((kept) => JSON.stringify(kept))")).includes(new URL(url).host));
    assert.deepEqual(trap.requests("/basic/"), []);
    await browser.closePage(page);
  });

  test("a flood (1,000 refusals, 40 pictures, 50 frames of 50 sites) meets one window and one badge", async () => {
    const { browser, desktop } = world;
    const host = fresh();
    const page = await browser.newPage();
    const consent = await challenged(browser, page, trap.url("/flood/", { host }));
    trap.go();
    await shows(page, /1000 done/);
    assert.equal(await windows(browser), 1);
    assert.equal(trap.requests("/no/").length, 1000);
    const kept = /** @type {string[]} */ (await browser.control.evaluate(
      "(globalThis.browser ?? chrome).storage.session.get(null).then((all) => Object.entries(all).filter(([, v]) => JSON.stringify(v).length > 20000).map(([k]) => k))"));
    assert.deepEqual(kept, []);
    assert.ok(desktop.residentKiB("readmit-agent") < 64 * 1024);
    await until("one badge", async () => ["401", "•"].includes((await browser.toolbar(page)).badge));
    await typeSignIn(consent, { ...account });
    await until("all forty pictures", () => page.evaluate("[...document.images].filter((i) => i.naturalWidth > 0).length === 40"));
    assert.deepEqual(new Set(trap.sends().map((one) => one.host)), new Set([`${host}:${trap.port}`]));
    await windowGone(browser);
    await browser.closePage(page);
  });
});

test("two browsers on one desktop: one window in all", { timeout: 300_000 }, async () => {
  const [name] = names;
  const other = name === "chromium" ? "firefox" : "chromium";
  const trap = await startTrap();
  const world = await openWorld(name);
  const second = await launch(other, world.desktop);
  try {
    const page = await world.browser.newPage();
    const consent = await challenged(world.browser, page, trap.url("/basic/", { host: "b1.localhost" }));
    const far = await second.newPage();
    void second.begin(far, trap.url("/basic/", { host: "b2.localhost" }));
    await notAsked(second, far, /already asking/);
    assert.deepEqual([await windows(world.browser), await windows(second)], [1, 0]);
    await typeSignIn(consent, { ...account });
    await shows(page, /You are in/);
    await windowGone(world.browser);
    const now = await challenged(second, far, trap.url("/basic/", { host: "b2.localhost" }));
    await typeSignIn(now, { ...account });
    await shows(far, /You are in/);
    assert.match(await allText(page), /You are in/);
  } finally {
    await second.close();
    await world.close();
    await trap.close();
  }
});

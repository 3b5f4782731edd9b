// Private windows: nothing is asked there unless the person lets readmit, and
// whatever happens there is in no journal and no password store.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { allText, challenged, notAsked, press, shows, textOf, typeSignIn, windowGone } from "./lib/person.js";
import { until } from "./lib/processes.js";

inEachBrowser("private windows", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name, { incognito: true }); });
  after(() => world?.close());

  test("not asked at first, asked once it is allowed, and never kept", async () => {
    const { browser, site, desktop } = world;
    const url = site.url("/basic/", "private.localhost");
    const page = await browser.newWindow({ incognito: true });
    void browser.begin(page, url);
    await notAsked(browser, page, /private window/);

    const popup = await browser.popupFor(page);
    await press(popup, "#settings summary");
    await press(popup, "#ask-private");
    await until("it to be kept", () => popup.evaluate("(globalThis.browser ?? chrome).storage.local.get('askInPrivate').then((kept) => kept.askInPrivate === true)"));
    await popup.close();
    await page.bringToFront();

    const consent = await challenged(browser, page, url);
    assert.match(await allText(consent), /nothing is kept/);
    for (const offered of ["#remember-box", "#typed-always-box", "#never"]) assert.equal(await textOf(consent, offered), "", offered);
    await typeSignIn(consent, { user: "anna", password: "correct horse" });
    await shows(page, /You are in/);
    await windowGone(browser);
    await page.close();

    // No file knows of it, though an ordinary page is noted at once ...
    const ordinary = await browser.newPage();
    await press(await challenged(browser, ordinary, site.url("/basic/", "ordinary.localhost")), "#browser");
    await windowGone(browser);
    const state = /** @type {string} */ (desktop.env.READMIT_STATE_DIR);
    const kept = () => readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      .map(({ parentPath, name: file }) => readFileSync(join(parentPath, file), "latin1")).join("");
    await until("the ordinary page to be noted", () => kept().includes("ordinary.localhost"));
    assert.equal(kept().includes("private.localhost"), false);
    // ... and an ordinary window is offered nothing from it.
    const again = await challenged(browser, ordinary, url);
    assert.equal(await textOf(again, "#use"), "");
    await press(again, "#browser");
    await windowGone(browser);
  });
});

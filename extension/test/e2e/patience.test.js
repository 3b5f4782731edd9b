// Nobody waits for a machine: whatever part of readmit is dead, stopped,
// locked or absent, the browser goes on by itself, the popup says what is
// wrong, and once it is mended the next refusal is handled.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { challenged, press, readPopup, shows, textOf, typeSignIn, windowGone } from "./lib/person.js";
import { signal, until } from "./lib/processes.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("patience", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name); });
  after(() => world?.close());

  let host = 0;
  /** A page of a protection space that was not used yet: browsers remember a sign-in. */
  const fresh = () => world.site.url("/basic/", `p${++host}.localhost`);

  /** @param {Page} page @param {RegExp} fault */
  async function popupNames(page, fault) {
    const popup = await world.browser.popupFor(page);
    await until(`the popup to name ${fault}`, async () => fault.test(await textOf(popup, "main")))
      .catch(async (error) => { throw new Error(`${error.message}\nit says: ${await textOf(popup, "main")}`); });
    assert.match((await readPopup(popup)).help, /Get help/);
    await popup.close();
  }

  /** The next challenge is answered as if nothing had been. */
  async function worksAgain() {
    const page = await world.browser.newPage();
    await typeSignIn(await challenged(world.browser, page, fresh()), { user: "anna", password: "correct horse" });
    await shows(page, /You are in/);
  }

  test("agent killed while the window is open", async () => {
    const page = await world.browser.newPage();
    const consent = await challenged(world.browser, page, fresh());
    await textOf(consent, "#title");
    await world.desktop.signal("readmit-agent", "SIGKILL");
    await windowGone(world.browser);
    await popupNames(page, /Part of readmit is not running/);
    await worksAgain();
  });

  test("host killed while the window is open", async () => {
    const page = await world.browser.newPage();
    await challenged(world.browser, page, fresh());
    await world.desktop.signal("readmit-host", "SIGKILL");
    await windowGone(world.browser);
    await popupNames(page, /Part of readmit is not running/);
    await worksAgain();
  });

  test("agent stopped before the challenge", async () => {
    const stopped = await world.desktop.signal("readmit-agent", "SIGSTOP");
    const page = await world.browser.newPage();
    await loadEnds(page, fresh());
    await popupNames(page, /Part of readmit is not running/);
    for (const pid of stopped) signal(pid, "SIGCONT");
    await worksAgain();
  });

  test("agent stopped while the window is open", async () => {
    const page = await world.browser.newPage();
    const consent = await challenged(world.browser, page, fresh());
    const stopped = await world.desktop.signal("readmit-agent", "SIGSTOP");
    await typeSignIn(consent, { user: "anna", password: "correct horse" });
    await windowGone(world.browser);
    await popupNames(page, /Part of readmit is not running/);
    for (const pid of stopped) signal(pid, "SIGCONT");
    await worksAgain();
  });

  for (const state of /** @type {const} */ (["locked", "absent"])) {
    test(`keyring ${state}`, async () => {
      await world.desktop.setKeyring(state);
      const page = await world.browser.newPage();
      await loadEnds(page, fresh());
      await popupNames(page, state === "locked" ? /locked/i : /password store/i);
      await world.desktop.setKeyring("unlocked");
      await worksAgain();
    });
  }

  test("keyring that does not answer", async () => {
    const goOn = world.desktop.stopKeyring();
    const page = await world.browser.newPage();
    await loadEnds(page, fresh());
    await popupNames(page, /password store/i);
    goOn();
    await worksAgain();
  });

  test("while the window is open a second tab on the same host loads", async () => {
    const page = await world.browser.newPage();
    const url = fresh();
    const consent = await challenged(world.browser, page, url);
    const second = await world.browser.newPage();
    await world.browser.goto(second, new URL("/", url).href);
    await shows(second, /turn you away/);
    await press(consent, "#browser");
  });

  /** @param {Page} page @param {string} url */
  async function loadEnds(page, url) {
    let ended = false;
    void world.browser.begin(page, url).then(() => { ended = true; });
    await until("the page to stop waiting", () => ended);
  }
});

inEachBrowser("helper missing", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name, { host: false }); });
  after(() => world?.close());

  test("the popup explains all the same, without a command in the person's face", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/waf/"));
    await until("the badge", async () => (await browser.toolbar(page)).badge !== "");
    const popup = await browser.popupFor(page);
    await until("the fault", async () => /Part of readmit is not running/.test(await textOf(popup, "main")));
    const main = await textOf(popup, "main");
    assert.doesNotMatch(main, /readmit (install|doctor)/);
    assert.match(await textOf(popup, "#help"), /Get help|Tell the helpdesk/);
    await browser.screenshot(popup, "popup-helper-missing");
    await press(popup, "#for-it summary");
    await until("the command for IT", async () => /readmit (install|doctor)/.test(await textOf(popup, "#for-it-lines")));
  });

  test("once installed it works without restarting the browser", async () => {
    const { browser, site } = world;
    browser.installHost();
    const page = await browser.newPage();
    await typeSignIn(await challenged(browser, page, site.url("/basic/")), { user: "anna", password: "correct horse" });
    await shows(page, /You are in/);
  });
});

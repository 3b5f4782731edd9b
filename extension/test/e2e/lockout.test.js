// A password that was not accepted is never sent again by itself: not in
// another tab, not by another browser, not after a restart. readmit's window
// says so and offers what a person can do about it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./lib/browser.js";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { axe, overflowAt } from "./lib/look.js";
import { challenged, confirm, press, shows, textOf, typeSignIn, useStored, windowGone } from "./lib/person.js";
import { until } from "./lib/processes.js";

const inside = /You are in/;
const onceMore = "#spent .once-more";
const forget = "#spent .forget";

inEachBrowser("the lockout guard", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  /** @type {import("puppeteer-core").Page} */
  let page;
  before(async () => {
    world = await openWorld(name);
    page = await world.browser.newPage();
  });
  after(() => world?.close());

  /** Another day: browsers remember a sign-in until they are closed. @param {"chromium" | "firefox"} [which] */
  async function nextDay(which = name) {
    await world.browser.close();
    world.browser = await launch(which, world.desktop);
    page = await world.browser.newPage();
  }

  /** @returns {Promise<number>} how often the site refused a password so far */
  const refused = async () => {
    const cases = /** @type {{refusedSends: number}[]} */ (Object.values((await world.site.counts()).cases));
    return cases.reduce((sum, c) => sum + c.refusedSends, 0);
  };

  const ask = (path = "/basic/") => challenged(world.browser, page, world.site.url(path));

  /** @param {import("puppeteer-core").Page} consent */
  async function offersAll(consent) {
    await until("the offers", () => textOf(consent, "#spent"));
    const offers = await Promise.all(["#spent .retype", onceMore, forget, "#another"].map((selector) => textOf(consent, selector)));
    assert.deepEqual(offers, ["Type a new password", "The helpdesk unlocked it: try once", "Forget this password", "Use another account"]);
  }

  async function remember() {
    await typeSignIn(await ask(), { user: "anna", password: "correct horse", remember: true });
    await opened();
  }

  async function opened() {
    await shows(page, inside);
    await windowGone(world.browser);
  }

  test("refused once: other tabs, another browser and a new agent send nothing", async () => {
    await remember();
    await world.site.setPassword("new horse");
    await nextDay();
    const consent = await ask();
    await useStored(consent);
    await shows(consent, /not accepted/);
    await offersAll(consent);
    assert.deepEqual([await axe(consent), await overflowAt(consent, 320)], [[], []]);
    await world.browser.screenshot(consent, "consent-lockout");
    assert.equal(await refused(), 1);
    await press(consent, "#browser");
    await windowGone(world.browser);
    const popup = await world.browser.popupFor(page);
    await until("the popup to say so", async () => /was not accepted/.test(await textOf(popup, "#title")));
    await until("the reason", async () => /stopped sending it/.test(await textOf(popup, "#summary")));
    assert.match(await textOf(popup, "#main"), /Type a new password/);
    await popup.close();

    page = await world.browser.newPage();
    const inAnotherTab = await ask("/basic/board");
    await offersAll(inAnotherTab);
    assert.equal(await textOf(inAnotherTab, "#use"), "", "the kept password is not offered as it stands");
    await press(inAnotherTab, "#browser");
    await windowGone(world.browser);

    for (const pid of await world.desktop.signal("readmit-agent", "SIGKILL")) {
      await until("the agent to end", () => !world.desktop.pids("readmit-agent").includes(pid));
    }
    await nextDay(name === "chromium" ? "firefox" : "chromium");
    await offersAll(await ask());
    assert.equal(await refused(), 1, "the site counts one send");
  });

  test("the helpdesk unlocked it: one send, and a second refusal closes it again", async () => {
    await nextDay();
    const consent = await ask();
    await confirm(consent, onceMore);
    await until("the second refusal", async () => await refused() === 2);
    await shows(consent, /not accepted/);
    assert.equal(await textOf(consent, onceMore), "", "once is once");
    assert.equal(await textOf(consent, forget), "Forget this password");
    assert.equal(await refused(), 2);
  });

  test("the helpdesk unlocked it: once accepted it is a kept password like others", async () => {
    await world.site.setPassword("correct horse");
    await nextDay();
    await confirm(await ask("/basic/later"), onceMore); // this page's incident has not used it
    await opened();
    await nextDay();
    await useStored(await ask());
    await opened();
    assert.equal(await refused(), 2);
  });

  test("forgotten: the window asks for a name and password, and keeps no account", async () => {
    await world.site.setPassword("new horse");
    await nextDay();
    const consent = await ask();
    await useStored(consent);
    await shows(consent, /not accepted/);
    await confirm(consent, forget);
    await until("the words for it", async () => /anna is forgotten/.test(await textOf(consent, "#said")));
    await typeSignIn(consent, { user: "anna", password: "new horse" });
    await opened();
    await nextDay();
    assert.equal(await textOf(await ask(), "#spent"), "");
  });

  test("another account: the form is empty, and the refused one is left as it is", async () => {
    await world.site.setPassword("correct horse");
    await nextDay();
    await remember();
    await world.site.setPassword("new horse");
    await nextDay();
    const consent = await ask();
    await useStored(consent);
    await shows(consent, /not accepted/);
    await press(consent, "#another");
    assert.equal(await consent.evaluate("document.querySelector('#user').value + document.activeElement.id"), "user");
    await press(consent, "#spent .retype");
    assert.equal(await consent.evaluate("document.querySelector('#user').value + document.activeElement.id"), "annapassword");
    await world.site.setPassword("correct horse");
  });

  test("an agent that dies while the site answers: the page opens, the old password stays, and that is told", async () => {
    await world.site.setPassword("new horse");
    await nextDay();
    const consent = await challenged(world.browser, page, world.site.url("/slow/", "slow.localhost"));
    await typeSignIn(consent, { user: "anna", password: "new horse", remember: true });
    await world.desktop.signal("readmit-agent", "SIGKILL");
    await shows(page, /It opened in the end/);
    await windowGone(world.browser);
    const popup = await world.browser.popupFor(page);
    await until("the popup to say so", async () => /could not be remembered/.test(await textOf(popup, "main")));
    await nextDay();
    const again = await challenged(world.browser, page, world.site.url("/slow/", "slow.localhost"));
    assert.equal(await textOf(again, "#use"), "", "nothing is kept of it");
    await world.site.setPassword("correct horse");
  });

  test("a Digest answer to an old question is no refusal: nobody is asked again", async () => {
    await nextDay();
    const consent = await ask("/digest/");
    const before = await refused();
    await world.site.expireNonces(); // while the window was open
    await typeSignIn(consent, { user: "anna", password: "correct horse", remember: true });
    await opened();
    assert.equal(await refused(), before);
    await nextDay();
    const again = await ask("/digest/");
    await until("the account", async () => /anna/.test(await textOf(again, "#use")));
    await world.site.expireNonces();
    await useStored(again);
    await opened();
    assert.equal(await refused(), before);
  });
});

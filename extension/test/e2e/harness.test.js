// The harness itself: what the other browser tests take for granted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { axe } from "./lib/look.js";
import { until } from "./lib/processes.js";

inEachBrowser("the harness", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  before(async () => { world = await openWorld(name, { keyring: "absent" }); });
  after(() => world?.close());

  test("a page of the sample site loads and belongs to a tab", async () => {
    const { browser, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/"));
    assert.equal(await browser.addressOf(page), site.url("/"));
    assert.deepEqual(await axe(page), []);
    const popup = await browser.popupFor(page);
    assert.match(await browser.addressOf(popup), new RegExp(`\\?tab=${browser.tabOf(page)}$`));
  });

  test("a refused page starts a host and an agent of this desktop", async () => {
    const { browser, desktop, site } = world;
    const page = await browser.newPage();
    await browser.goto(page, site.url("/plain403"));
    const [host] = await until("the host", () => desktop.pids("readmit-host").length > 0 && desktop.pids("readmit-host"));
    const [agent] = await until("the agent", () => desktop.pids("readmit-agent").length > 0 && desktop.pids("readmit-agent"));
    assert.notEqual(host, agent);
  });
});

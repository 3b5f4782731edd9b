// The window has three real minutes; then the page stops waiting, and a later
// yes releases nothing. Both browsers wait at the same time.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { names, openWorld } from "./lib/each.js";
import { challenged, press, shows, textOf, typeSignIn } from "./lib/person.js";
import { until } from "./lib/processes.js";

/** @type {import("./lib/each.js").World[]} */
const worlds = [];
after(async () => { for (const world of worlds) await world.close(); });

test("a yes after more than three minutes releases nothing and offers a reload", { timeout: 600_000 }, async () => {
  const started = [];
  for (const name of names) {
    const world = await openWorld(name);
    worlds.push(world);
    const page = await world.browser.newPage();
    const consent = await challenged(world.browser, page, world.site.url("/basic/"));
    started.push({ world, page, consent });
  }
  for (const { world, page, consent } of started) {
    await until("the window to say that the page gave up", async () => /gave up|waiting/i.test(await textOf(consent, "main")) && textOf(consent, "#reload"), { timeout: 240_000, every: 1000 });
    const counts = await world.site.counts();
    assert.equal(counts.cases.basic.withAuthorization, 0);
    await world.browser.screenshot(consent, "consent-gave-up");
    await press(consent, "#reload");
    await typeSignIn(await world.browser.consentWindow(), { user: "anna", password: "correct horse" });
    await shows(page, /You are in/);
  }
});

test("a yes in the third minute still opens the page", { timeout: 600_000 }, async () => {
  const started = [];
  for (const world of worlds) {
    const page = await world.browser.newPage();
    started.push({ page, consent: await challenged(world.browser, page, world.site.url("/basic/", "later.localhost")) });
  }
  await new Promise((resolve) => { setTimeout(resolve, 125_000); });
  for (const { page, consent } of started) {
    await typeSignIn(consent, { user: "anna", password: "correct horse" });
    await shows(page, /You are in/);
  }
});

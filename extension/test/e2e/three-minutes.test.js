// The window has three real minutes; then the page stops waiting, and a later
// yes releases nothing. All wait at the same time, each on a desktop of its
// own: on one there is one question at a time.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { names, openWorld } from "./lib/each.js";
import { challenged, press, shows, textOf, typeSignIn } from "./lib/person.js";
import { until } from "./lib/processes.js";

/** @type {import("./lib/each.js").World[]} */
const worlds = [];
after(async () => { for (const world of worlds) await world.close(); });

test("a yes in the third minute opens the page; one after it releases nothing and offers a reload", { timeout: 900_000 }, async () => {
  const started = [];
  for (const name of names) {
    const [world, second] = [await openWorld(name), await openWorld(name)];
    worlds.push(world, second);
    const [slow, slower] = [await second.browser.newPage(), await world.browser.newPage()];
    const consent = await challenged(world.browser, slower, world.site.url("/basic/"));
    const other = await challenged(second.browser, slow, second.site.url("/digest/"));
    started.push({ world, slow, slower, consent, other });
  }
  await new Promise((resolve) => { setTimeout(resolve, 125_000); });
  for (const { slow, other } of started) {
    await typeSignIn(other, { user: "anna", password: "correct horse" });
    await shows(slow, /You are in/);
  }
  for (const { world, slower, consent } of started) {
    await until("the window to offer a reload", () => textOf(consent, "#reload"), { timeout: 240_000, every: 1000 });
    assert.match(await textOf(consent, "main"), /waiting/i);
    assert.equal((await world.site.counts()).cases.basic.withAuthorization, 0);
    await world.browser.screenshot(consent, "consent-gave-up");
    await press(consent, "#reload");
    await typeSignIn(await world.browser.consentWindow(20_000, [consent]), { user: "anna", password: "correct horse" });
    await shows(slower, /You are in/);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

installFakeBrowser();
const { setOff } = await import("../src/lib/off.js");
const { endedPause, isPaused, isSilent, pausedUntil, setPause } = await import("../src/lib/pause.js");

test("a pause of an hour ends by itself, and is told once", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  await setPause("hour");
  assert.equal(await pausedUntil(), 1_000_000 + 3_600_000);
  t.mock.timers.tick(3_600_000);
  assert.equal(await isPaused(), false);
  assert.deepEqual([await endedPause(), await endedPause()], [true, false]);
});

test("a pause without an end lasts until readmit is switched on", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  await setPause("on");
  t.mock.timers.tick(365 * 24 * 3_600_000);
  assert.equal(await pausedUntil(), 0);
  await setPause("off");
  assert.equal(await pausedUntil(), null);
});

test("readmit is silent everywhere while it is paused, and on a site that is left alone", async () => {
  await setOff("https://a.example", true);
  const silent = () => Promise.all(["https://a.example", "https://b.example"].map(isSilent));
  assert.deepEqual(await silent(), [true, false]);
  await setPause("on");
  assert.deepEqual(await silent(), [true, true]);
});

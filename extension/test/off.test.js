import assert from "node:assert/strict";
import { test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { isOff, setOff } = await import("../src/lib/off.js");
const { endedPause, isPaused, isSilent, pausedUntil, setPause } = await import("../src/lib/pause.js");

test("a site is off until it is taken back, and no other is", async () => {
  await Promise.all([setOff("https://a.example", true), setOff("https://b.example", true)]);
  assert.deepEqual(await Promise.all(["https://a.example", "https://b.example", "https://a.example:8443"].map(isOff)), [true, true, false]);
  await setOff("https://a.example", false);
  assert.deepEqual(await Promise.all(["https://a.example", "https://b.example"].map(isOff)), [false, true]);
});

test("the list of sites is bounded, and what was kept in another shape is none", async () => {
  for (let i = 0; i < 510; i++) await setOff(`https://${i}.example`, true);
  assert.deepEqual(await Promise.all(["https://0.example", "https://509.example"].map(isOff)), [false, true]);
  await fake.storage.local.set({ "setting:off": "nonsense" });
  assert.equal(await isOff("https://509.example"), false);
});

test("a pause of an hour ends by itself, and is told once", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  await setPause("hour");
  assert.equal(await pausedUntil(), 1_000_000 + 3_600_000);
  assert.equal(await isSilent("https://a.example"), true);
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

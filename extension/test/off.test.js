import assert from "node:assert/strict";
import { test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { isOff, offOrigins, setOff } = await import("../src/lib/off.js");

test("a site is left alone until that is taken back, and no other origin with it", async () => {
  assert.equal(await isOff("https://a.example"), false);
  await setOff("https://a.example", true);
  await setOff("https://a.example", true);
  assert.deepEqual(await offOrigins(), ["https://a.example"]);
  for (const other of ["http://a.example", "https://a.example:8443", "https://b.a.example"]) assert.equal(await isOff(other), false, other);
  await setOff("https://a.example", false);
  assert.deepEqual(await offOrigins(), []);
});

test("two changes at once are both kept", async () => {
  await Promise.all([setOff("https://a.example", true), setOff("https://b.example", true)]);
  assert.deepEqual(await offOrigins(), ["https://a.example", "https://b.example"]);
});

test("the list has an end: the oldest goes first", async () => {
  for (let i = 0; i < 510; i++) await setOff(`https://s${i}.example`, true);
  const kept = await offOrigins();
  assert.equal(kept.length, 500);
  assert.equal(kept.at(-1), "https://s509.example");
});

test("what somebody else wrote there is not taken for a list", async () => {
  await fake.storage.local.set({ off: { "https://a.example": true } });
  assert.deepEqual(await offOrigins(), []);
  await fake.storage.local.set({ off: ["https://a.example", 7, null] });
  assert.deepEqual(await offOrigins(), ["https://a.example"]);
});

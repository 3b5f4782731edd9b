import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesOf, notesOf, sharingLines } from "../../src/ui/grades.js";

/** @typedef {import("../../src/ui/types.js").Inventory} Inventory */

const t = (/** @type {string} */ key, /** @type {string[]} */ ...values) => [key, ...values].join(" ");

/**
 * @param {Partial<Inventory>} change
 * @returns {Inventory}
 */
const found = (change = {}) => ({
  site: "shop.example:8443", host: "shop.example", chosen: "page", cache: true,
  cookies: { count: 3, elsewhere: 0, below: false }, shared: { count: 0, parents: [], sites: [], more: 0 },
  storage: true, stored: { entries: 1, databases: 2, caches: 3, workers: 4 }, ...change,
});

/** @param {Partial<Inventory>} [change] */
const byGrade = (change) => Object.fromEntries(choicesOf(found(change), t).map((choice) => [choice.grade, choice]));

test("the grades stand in the order of what they cost", () => {
  assert.deepEqual(choicesOf(found(), t).map(({ grade }) => grade), ["page", "cache", "cookies", "shared", "storage", "all"]);
});

test("each says before what is lost, with its counts", () => {
  const { cookies, storage, all } = byGrade();
  assert.equal(cookies.label, "gradeCookies shop.example 3");
  assert.equal(cookies.loss, "lossCookies shop.example:8443");
  assert.equal(storage.loss, "countStored 1 2 3 4 lossDrafts");
  assert.equal(all.loss, "lossAll shop.example:8443 lossDrafts");
});

test("what this browser cannot do is said, and not offered", () => {
  const { cache, storage, all } = byGrade({ cache: false, storage: false, stored: null });
  assert.deepEqual([cache.offered, cache.loss], [false, "cannotCache"]);
  assert.deepEqual([storage.offered, storage.loss], [false, "cannotStorage"]);
  assert.equal(all.loss, "lossAll shop.example:8443", "drafts stay where they cannot be cleared");
});

test("what cannot be counted can still be cleared where the browser does it alone", () => {
  const { storage } = byGrade({ stored: null });
  assert.deepEqual([storage.offered, storage.loss], [true, "countUnknown lossDrafts"]);
});

test("shared cookies name their domain before, and the sites that lose them", () => {
  const shared = { count: 2, parents: ["example"], sites: ["mail.example"], more: 5 };
  assert.equal(byGrade({ shared }).shared.loss, "lossShared shop.example:8443 example");
  assert.equal(byGrade().shared.offered, false);
  assert.deepEqual(sharingLines(shared, t), ["mail.example", "sharedMore 5", "sharedAll example"]);
});

test("other ports, hosts below and other sites are mentioned where they lose something", () => {
  assert.ok(notesOf(found(), t).includes("clearingPorts shop.example"));
  const wide = notesOf(found({ cookies: { count: 3, elsewhere: 1, below: true } }), t);
  assert.ok(wide.includes("clearingBelow shop.example") && wide.includes("clearingElsewhere 1"));
  assert.ok(!notesOf(found(), t).some((note) => /Below|Elsewhere/.test(note)));
});

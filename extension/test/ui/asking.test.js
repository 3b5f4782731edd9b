import assert from "node:assert/strict";
import { test } from "node:test";
import { sheetOf } from "../../src/ui/asking.js";

/** @typedef {import("../../src/ui/types.js").Ask} Ask */

/** @param {string} key @param {...string} values */
const t = (key, ...values) => [`<${key}>`, ...values].join(" ");

/**
 * @param {Partial<Ask>} change
 * @returns {Ask}
 */
const askOf = (change) => ({
  id: "1", phase: "choose", host: "wiki.example.org", port: "", realm: "Staff",
  accounts: [{ account: "anna", state: "ready", standing: false }], canSave: true, canAlways: true, canNever: true, private: false,
  fault: null, ...change,
});

const refused = /** @type {const} */ ({ account: "old", state: "refused", standing: false });

test("a stored account is offered, one whose password was refused is not", () => {
  const sheet = sheetOf(askOf({ accounts: [{ account: "anna", state: "ready", standing: false }, refused] }), null, t);
  assert.equal(sheet.form, "choose");
  assert.deepEqual(sheet.accounts, ["anna"]);
});

test("with nothing that may be sent, the person types", () => {
  const sheet = sheetOf(askOf({ accounts: [refused] }), "choose", t);
  assert.equal(sheet.form, "type");
  assert.equal(sheet.why, "<accountRefused> old");
});

test("a password whose outcome nobody saw is typed again, and not called wrong", () => {
  const sheet = sheetOf(askOf({ phase: "type", accounts: [{ ...refused, state: "unseen" }] }), null, t);
  assert.deepEqual([sheet.form, sheet.accounts, sheet.known, sheet.why], ["type", [], "old", "<accountUnseen> old"]);
});

test("each password that was not accepted may be typed anew, forgotten, or sent once more where the agent allows it", () => {
  const unseen = /** @type {const} */ ({ account: "older", state: "unseen", standing: false, onceMore: true });
  const sheet = sheetOf(askOf({ phase: "type", accounts: [refused, unseen] }), null, t);
  assert.deepEqual(sheet.spent, [
    { account: "old", why: "<accountRefused> old", onceMore: false },
    { account: "older", why: "<accountUnseen> older", onceMore: true },
  ]);
  assert.deepEqual(sheetOf(askOf({ accounts: [{ account: "anna", state: "ready", standing: false }, unseen] }), null, t).spent, [],
    "nothing of it while a kept password may be used");
  assert.deepEqual(sheetOf(askOf({ phase: "sending", accounts: [unseen] }), null, t).spent, []);
});

test("the user name whose password was refused need not be typed again", () => {
  const again = sheetOf(askOf({ phase: "refused", accounts: [refused] }), null, t);
  assert.deepEqual([again.known, again.why], ["old", ""], "the heading says why");
  assert.equal(sheetOf(askOf({ accounts: [refused, { ...refused, account: "older" }] }), "type", t).known, "");
});

test("the person may turn from the stored account to typing and back", () => {
  assert.equal(sheetOf(askOf({}), "type", t).form, "type");
  assert.equal(sheetOf(askOf({ phase: "refused" }), null, t).form, "type");
  assert.equal(sheetOf(askOf({ phase: "refused" }), "choose", t).form, "choose");
});

test("a site's words are quoted and never the title", () => {
  const sheet = sheetOf(askOf({ realm: "Google Chrome security\n\u202E" }), null, t);
  assert.equal(sheet.realm, "<siteSays> Google Chrome security");
  for (const phase of /** @type {const} */ (["choose", "type", "refused", "sending", "gave_up", "error"])) {
    assert.doesNotMatch(sheetOf(askOf({ phase, realm: "Google" }), null, t).title, /Google/);
  }
});

test("no form remains once it is too late, or while something is on its way", () => {
  for (const phase of /** @type {const} */ (["sending", "gave_up", "error"])) {
    assert.equal(sheetOf(askOf({ phase }), "type", t).form, null, phase);
  }
});

test("the browser's own box is to be had until the page stopped waiting", () => {
  for (const phase of /** @type {const} */ (["choose", "type", "refused", "error"])) {
    const { canHandBack, escape } = sheetOf(askOf({ phase }), null, t);
    assert.deepEqual([canHandBack, escape], [true, "hand_back"], phase);
  }
  const late = sheetOf(askOf({ phase: "gave_up" }), null, t);
  assert.deepEqual([late.canHandBack, late.canReload, late.canClose, late.escape], [false, true, true, "close"]);
});

test("nobody turns to the browser's own box while the site is answering", () => {
  const { canHandBack, escape } = sheetOf(askOf({ phase: "sending" }), null, t);
  assert.deepEqual([canHandBack, escape], [false, "none"]);
});

test("a request that nobody knows any more cannot be reloaded from here", () => {
  const sheet = sheetOf(askOf({ phase: "gave_up", host: "", accounts: [] }), null, t);
  assert.deepEqual([sheet.canReload, sheet.canClose, sheet.showSite], [false, true, false]);
  assert.equal(sheet.text, "<consentLostText>");
});

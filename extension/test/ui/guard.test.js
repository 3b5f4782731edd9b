import assert from "node:assert/strict";
import { test } from "node:test";
import { Guard, settleTime } from "../../src/ui/guard.js";

/** A guard whose clock the test moves. */
function guardAt(now = 0) {
  const clock = { now };
  return { clock, guard: new Guard(() => clock.now) };
}

const click = { isTrusted: true };
const enter = { key: "Enter", repeat: false };

test("a window that just opened takes no yes", () => {
  const { clock, guard } = guardAt();
  clock.now = settleTime - 1;
  assert.equal(guard.accepts(click), false);
  clock.now = settleTime;
  assert.equal(guard.accepts(click), true);
});

test("a window that was disturbed takes no yes for half a second", () => {
  const { clock, guard } = guardAt();
  clock.now = 10_000;
  assert.equal(guard.accepts(click), true);
  guard.disturb();
  assert.equal(guard.left, settleTime);
  clock.now += settleTime - 1;
  assert.equal(guard.accepts(click), false);
});

test("an event that a script made is never a yes", () => {
  const { clock, guard } = guardAt();
  clock.now = 10_000;
  assert.equal(guard.accepts({ isTrusted: false }), false);
});

test("Enter and Space in flight while the window opens are swallowed", () => {
  const { guard } = guardAt();
  assert.equal(guard.swallows(enter, false), true);
  assert.equal(guard.swallows({ key: " ", repeat: false }, false), true);
});

test("Enter in a text field is swallowed as well, a typed space is not", () => {
  const { guard } = guardAt();
  assert.equal(guard.swallows(enter, true), true);
  assert.equal(guard.swallows({ key: " ", repeat: false }, true), false);
});

test("a key that is held down is swallowed however long it is held", () => {
  const { clock, guard } = guardAt();
  for (let i = 0; i < 100; i++) {
    clock.now += 33;
    // Some systems number the first repeat that a new window sees as a fresh press.
    assert.equal(guard.swallows({ key: "Enter", repeat: i % 2 === 1 }, false), true);
    guard.disturb();
  }
  clock.now += settleTime;
  assert.equal(guard.swallows(enter, false), false);
});

test("a repeated Enter is swallowed in a window that is still", () => {
  const { clock, guard } = guardAt();
  clock.now = 10_000;
  assert.equal(guard.swallows({ key: "Enter", repeat: true }, false), true);
  assert.equal(guard.swallows(enter, false), false);
});

test("Escape and Tab work at once", () => {
  const { guard } = guardAt();
  for (const key of ["Escape", "Tab", "a"]) assert.equal(guard.swallows({ key, repeat: false }, false), false);
});

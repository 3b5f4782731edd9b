import assert from "node:assert/strict";
import { test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
const { call, keepOpen } = await import("../src/lib/port.js");

const lastPort = () => fake.ports.at(-1);
/** @param {any} port @param {string} method */
const idOf = (port, method) => port.sent.find((/** @type {any} */ m) => m.method === method).id;

test("a reply finds its question, whatever the order", async () => {
  const [a, b] = [call("status", {}), call("refusal/report", {})];
  const port = lastPort();
  port.onMessage.fire({ jsonrpc: "2.0", id: idOf(port, "refusal/report"), result: { incidentId: "b" } });
  port.onMessage.fire({ jsonrpc: "2.0", id: idOf(port, "status"), result: { pid: 1 } });
  assert.deepEqual(await a, { pid: 1 });
  assert.deepEqual(await b, { incidentId: "b" });
  port.die();
});

test("an error without id fails everything that waits, with the host's code", async () => {
  const [a, b] = [call("status", {}), call("status", {})];
  lastPort().onMessage.fire({ jsonrpc: "2.0", id: null, error: { code: -32000, message: "m", data: { code: "too_large", message: "m", hint: "h" } } });
  await assert.rejects(a, { code: "too_large", hint: "h" });
  await assert.rejects(b, { code: "too_large" });
});

for (const [said, code] of [
  ["Specified native messaging host not found.", "host_missing"],
  ["No such native application io.github.readmit", "host_missing"],
  ["Access to the specified native messaging host is forbidden.", "host_missing"],
  ["Access to the native messaging host was disabled by the system administrator.", "host_missing"],
  ["Native host has exited.", "agent_unavailable"],
  [undefined, "agent_unavailable"],
]) {
  test(`a port that closes saying ${JSON.stringify(said)} means ${code}`, async () => {
    const asked = call("status", {});
    lastPort().die(said);
    await assert.rejects(asked, { code });
  });
}

test("the next question after a failure gets a new host", async () => {
  const before = fake.ports.length;
  const first = call("status", {});
  lastPort().die();
  await assert.rejects(first);
  const second = call("status", {});
  assert.equal(fake.ports.length, before + 2);
  lastPort().die();
  await assert.rejects(second);
});

test("an agent that does not answer is given up, and its late reply dropped", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = call("status", {});
  const port = lastPort();
  t.mock.timers.tick(2000);
  await assert.rejects(asked, { code: "agent_unavailable" });
  assert.equal(port.open, false);
  port.onMessage.fire({ jsonrpc: "2.0", id: idOf(port, "status"), result: {} });
});

test("one slow answer does not end what others are waiting for", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const slow = call("credential/list", {});
  const slower = call("refusal/report", {}, 10_000);
  const port = lastPort();
  port.onMessage.fire({ jsonrpc: "2.0", id: idOf(port, "initialize"), result: {} });
  t.mock.timers.tick(2000);
  await assert.rejects(slow, { code: "agent_unavailable" });
  assert.equal(port.open, true);
  port.onMessage.fire({ jsonrpc: "2.0", id: idOf(port, "refusal/report"), result: { incidentId: "a" } });
  assert.deepEqual(await slower, { incidentId: "a" });
  port.die();
});

test("an idle port is closed so that the background can sleep, but not while a person decides", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = call("status", {});
  const port = lastPort();
  port.onMessage.fire({ jsonrpc: "2.0", id: idOf(port, "initialize"), result: {} });
  port.onMessage.fire({ jsonrpc: "2.0", id: idOf(port, "status"), result: {} });
  await asked;
  const release = keepOpen(() => {});
  t.mock.timers.tick(60_000);
  assert.equal(port.open, true);
  release();
  t.mock.timers.tick(20_000);
  assert.equal(port.open, false);
});

test("whoever keeps the port open learns of its end", async () => {
  /** @type {string[]} */
  const codes = [];
  const asked = call("status", {});
  keepOpen((error) => codes.push(error.code));
  lastPort().die("Native host has exited.");
  await assert.rejects(asked);
  assert.deepEqual(codes, ["agent_unavailable"]);
});

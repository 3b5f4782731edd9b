import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { FakePort, installFakeBrowser, settle } from "../lib/fake-browser.js";

const fake = installFakeBrowser();
const { TalkError, dial } = await import("../../src/ui/talk.js");

/** @type {FakePort} */
let port;
/** @type {any[]} what was told without being asked, and "end" */
let heard = [];
/** @type {any[]} messages that every page of readmit could have heard */
let broadcast = [];

beforeEach(() => {
  port = new FakePort();
  heard = [];
  broadcast = [];
  fake.runtime.connect = (/** @type {{name: string}} */ { name }) => Object.assign(port, { name });
  fake.runtime.sendMessage = async (/** @type {any} */ message) => { broadcast.push(message); };
});

const call = () => dial("consent:1", { onPush: (message) => heard.push(message), onEnd: () => heard.push("end") });

test("what is asked goes out on the named port at once, and nowhere else", () => {
  void call().ask({ type: "consent/typed", secret: "s3cret" });
  assert.equal(/** @type {any} */ (port).name, "consent:1");
  assert.deepEqual(port.sent, [{ type: "consent/typed", secret: "s3cret", n: 1 }]);
  assert.deepEqual(broadcast, []);
});

test("readmit's window has no way to the background but its line", () => {
  const source = readFileSync(new URL("../../src/ui/consent.js", import.meta.url), "utf8");
  assert.doesNotMatch(source, /sendMessage|import \{[^}]*\bask\b[^}]*\} from "\.\/talk\.js"/);
});

test("answers find their question in whatever order they come", async () => {
  const line = call();
  const [first, second] = [line.ask({ type: "a" }), line.ask({ type: "b" })];
  port.onMessage.fire({ n: 2, reply: { to: "b" } });
  port.onMessage.fire({ n: 1, reply: { to: "a" } });
  assert.deepEqual(await Promise.all([first, second]), [{ to: "a" }, { to: "b" }]);
});

test("an answer that nobody waits for, or that comes twice, changes nothing", async () => {
  const line = call();
  const answer = line.ask({ type: "a" });
  port.onMessage.fire({ n: 7, reply: { to: "nobody" } });
  port.onMessage.fire({ n: 1, reply: { to: "a" } });
  port.onMessage.fire({ n: 1, reply: { to: "again" } });
  assert.deepEqual(await answer, { to: "a" });
  assert.deepEqual(heard, []);
});

test("an error keeps its code", async () => {
  const answer = call().ask({ type: "a" });
  port.onMessage.fire({ n: 1, error: { code: "keyring_locked", message: "locked" } });
  await assert.rejects(answer, (error) => error instanceof TalkError && error.code === "keyring_locked");
});

test("what the background tells without being asked is heard", () => {
  call();
  port.onMessage.fire({ ask: { phase: "refused" } });
  assert.deepEqual(heard, [{ ask: { phase: "refused" } }]);
});

test("when the background is gone, every question fails and the page is told once", async () => {
  const line = call();
  const answers = [line.ask({ type: "a" }), line.ask({ type: "b" })];
  port.postMessage = () => { throw new Error("Attempt to postMessage on disconnected port"); };
  port.die();
  answers.push(line.ask({ type: "c" }));
  for (const answer of answers) await assert.rejects(answer, (error) => error instanceof TalkError && error.code === "agent_unavailable");
  await settle();
  assert.deepEqual(heard, ["end"]);
});

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

installFakeBrowser();
const { forgetWalk, noteLeft, noteOpened, refusedAgain } = await import("../src/lib/walk.js");

const site = "https://site.example";
const page = `${site}/orders?page=2`;

beforeEach(() => forgetWalk(7));

/** @param {{url: string}[]} hops */
const refused = (url = page, hops = []) => refusedAgain(7, url, hops).then(({ turns }) => turns);

/**
 * @param {string} path
 * @param {{url: string, method: string}[]} hops
 * @param {string} [at]
 */
const opened = (path, hops = [], at = undefined) => noteOpened(7, site + path, hops, at);

test("a turn is a sign-in page, and the same page refused again", async () => {
  assert.equal(await refused(), 0);
  assert.equal(await refused(), 0, "a reload is no turn");
  await opened("/login");
  await opened("/home");
  assert.equal(await refused(), 1);
  await opened("/sso/start");
  assert.equal(await refused(), 2);
});

test("pages that are no sign-in make no turn", async () => {
  await refused();
  await opened("/help");
  await opened("/authors/1");
  assert.equal(await refused(), 0);
});

test("a sign-in page that readmit opened counts whatever its name", async () => {
  await refused();
  await opened("/hello", [], `${site}/hello`);
  assert.equal(await refused(), 1);
});

test("a site that bounces between its sign-in and the refusal by itself is seen by the redirects", async () => {
  const bounce = [{ url: `${site}/login`, method: "GET" }];
  assert.equal(await refused(page, bounce), 0, "the first time nothing was refused yet");
  assert.equal(await refused(page, bounce), 1);
  assert.equal(await refused(page, bounce), 2);
});

test("another page, and the page once it opened, begin anew", async () => {
  await refused();
  await opened("/login");
  assert.equal(await refused(`${site}/other`), 0);
  await refused();
  await opened("/login");
  await opened("/orders?page=2");
  assert.equal(await refused(), 0);
});

test("a step that led away from the page is known when the page says what became of it", async () => {
  const left = { incidentId: "i1", action: "return_to_text", n: 1 };
  await refused();
  await noteLeft(7, left);
  await opened("/form");
  assert.deepEqual((await refusedAgain(7, page, [])).left, left);
  assert.equal((await refusedAgain(7, page, [])).left, undefined, "told once");
  await noteLeft(7, left);
  assert.deepEqual(await opened("/thanks", [{ url: page, method: "POST" }]), left, "the form was taken");
});

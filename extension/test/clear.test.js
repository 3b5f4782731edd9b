import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { installFakeBrowser } from "./lib/fake-browser.js";

const fake = installFakeBrowser();
/** @type {any[]} */
let jar = [];
/** @type {any[]} */
let cleared = [];
/** @type {any} */
let stored = null;
let incognito = false;
Object.assign(fake, {
  cookies: {
    getAllCookieStores: async () => [{ id: "1", tabIds: [7] }],
    getAll: async (/** @type {any} */ { domain }) => jar.filter((c) => `.${c.domain.replace(/^\./, "")}`.endsWith(`.${domain}`)),
    remove: async (/** @type {any} */ { name }) => { jar = jar.filter((c) => c.name !== name); },
  },
  browsingData: { remove: async (/** @type {any} */ where, /** @type {any} */ kinds) => { cleared.push([where, Object.keys(kinds)]); } },
  scripting: { executeScript: async () => [{ result: stored }] },
});
fake.tabs.get = async (/** @type {number} */ id) => ({ id, incognito, url: "https://shop.firm.example/page" });
fake.tabs.query = async () => [{ url: "https://wiki.firm.example/" }, { url: "https://elsewhere.example/" }];
fake.tabs.update = async () => {};
const { clear, inventory } = await import("../src/lib/clear.js");
const { act } = await import("../src/lib/recover.js");
const { save } = await import("../src/lib/store.js");

/**
 * @param {string} name
 * @param {string} domain
 * @param {object} [change]
 */
const cookie = (name, domain, change) => ({ name, domain, path: "/", hostOnly: !domain.startsWith("."), secure: true, storeId: "0", ...change });

/** @param {object} [change] */
const record = (change) => /** @type {any} */ ({ url: "https://shop.firm.example/page", pageUrl: "https://shop.firm.example/page", method: "GET", requestId: "r1", mainFrame: true, view: {}, ...change });

beforeEach(() => {
  jar = [cookie("own", "shop.firm.example"), cookie("firm", ".firm.example"), cookie("deep", ".firm.example", { path: "/deep" }), cookie("mail", "mail.firm.example")];
  cleared = [];
  stored = { entries: 0, databases: 0, caches: 0, workers: 0 };
  incognito = false;
});

test("shared cookies are those that are sent here, with the sites that lose them", async () => {
  const { cookies, shared } = await inventory(7, record());
  assert.equal(cookies.count, 1);
  assert.deepEqual(shared, { count: 1, parents: ["firm.example"], sites: ["firm.example", "mail.firm.example", "wiki.firm.example"], more: 0 });
});

for (const [story, change, wanted] of /** @type {[string, object, string][]} */ ([
  ["nothing known", {}, "page"],
  ["a page that opened without cookies", { view: { clear: "cookies" } }, "cookies"],
  ["cookies went already", { view: { clear: "cookies" }, tried: ["cookies"] }, "shared"],
  ["reloaded already", { tried: ["page"] }, "cache"],
  ["a name that no grade has", { view: { clear: "everything" } }, "page"],
  ["all was tried", { tried: ["page", "cache", "cookies", "shared", "storage", "all"] }, "all"],
])) {
  test(`the cheapest that can help is chosen: ${story}`, async () => {
    assert.equal((await inventory(7, record(change))).chosen, wanted);
  });
}

test("in a private window the browser's own clearing, which means the ordinary profile, is not used", async () => {
  incognito = true;
  assert.equal((await inventory(7, record())).cache, false);
  await clear(7, record(), "all");
  assert.deepEqual(cleared, []);
});

test("what is still there after clearing is no success", async () => {
  fake.cookies.remove = async () => {};
  await assert.rejects(clear(7, record(), "cookies"), /still there/);
});

test("nothing is cleared that nobody agreed to", async () => {
  await save("tab:7", record());
  for (const how of [{}, { grade: "everything" }, { grade: "shared" }, { grade: "shared", confirmed: "yes" }]) {
    await assert.rejects(act(7, "clear_site_data", 1, how), /nobody agreed/);
  }
  assert.equal(jar.length, 4);
});

// Probes: asked while the popup is open, counted by the agent, switched off by
// the person. What they find never swaps the button that the person is on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { press, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { send, startStage } from "./lib/stage.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("probes", (name) => {
  /** @type {import("./lib/each.js").World} */ let world;
  /** @type {import("./lib/stage.js").Stage} */ let stage;
  /** Requests without a cookie, by host. @type {Map<string, string[]>} */
  const probes = new Map();
  /** Answers that are kept back. @type {(() => void)[]} */
  const heldBack = [];

  before(async () => {
    world = await openWorld(name);
    stage = await startStage((request, response, url) => {
      if (url.pathname === "/visit") {
        send(response, 200, "Welcome", { "set-cookie": "old=1; Path=/; Max-Age=3600" });
        return;
      }
      if (url.pathname === "/favicon.ico") {
        response.writeHead(404).end();
        return;
      }
      if (request.headers.cookie) {
        send(response, 403, "Refused");
        return;
      }
      probes.set(url.hostname, [...probes.get(url.hostname) ?? [], `${request.method} ${url.pathname} ${request.headers.authorization ?? ""}`]);
      const answer = () => { send(response, 200, "The page is open"); };
      if (url.hostname.startsWith("slow")) heldBack.push(answer);
      else answer();
    });
  });
  after(async () => {
    await world?.close();
    await stage?.close();
  });

  /**
   * @param {string} host
   * @param {string} path
   */
  async function refused(host, path) {
    const page = await world.browser.newPage();
    await world.browser.goto(page, stage.url("/visit", host));
    await world.browser.goto(page, stage.url(path, host));
    await until("the badge", async () => (await world.browser.toolbar(page)).badge === "403");
    const popup = await world.browser.popupFor(page);
    await until("the explanation", () => textOf(popup, "#main"));
    return { page, popup };
  }

  test("what a probe finds waits while the person is on a button, and is shown when asked for", async () => {
    const { popup } = await refused("slow.localhost", "/page");
    await until("the probe", async () => heldBack.length > 0);
    await popup.bringToFront();
    await popup.focus("#main");
    const label = await textOf(popup, "#main");
    assert.doesNotMatch(label, /Clear/);
    // The next probe is asked once the first has its answer.
    const answering = setInterval(() => { for (const answer of heldBack.splice(0)) answer(); }, 20);
    try {
      await until("the news", () => textOf(popup, "#news"));
    } finally {
      clearInterval(answering);
    }
    assert.equal(await textOf(popup, "#main"), label);
    assert.equal(await popup.evaluate("document.activeElement.id"), "main", "the focus has not moved");
    assert.match(await textOf(popup, "#notice"), /knows more/);
    await press(popup, "#show-news");
    await until("the new explanation", async () => /^Old site data is in the way/.test(await textOf(popup, "#title")));
    assert.match(await textOf(popup, "#main"), /^Clear slow\.localhost/);
    assert.equal(await popup.evaluate("document.activeElement.id"), "title");
  });

  test("a popup whose buttons nobody is on shows it at once", async () => {
    const { popup } = await refused("quick.localhost", "/page");
    await until("the new explanation", async () => /^Old site data is in the way/.test(await textOf(popup, "#title")));
    assert.equal(await textOf(popup, "#news"), "");
  });

  test("an origin is asked three times an hour, by GET and without credentials, however many pages are refused", async () => {
    for (const path of ["/a", "/b", "/c"]) {
      const { popup } = await refused("many.localhost", path);
      await until("the state to settle", async () => await popup.evaluate("document.documentElement.dataset.kind") === "refused");
      if (path !== "/c") await until("its probe", async () => /^Old site data/.test(await textOf(popup, "#title")));
    }
    const { popup } = await refused("last.localhost", "/page"); // its probes come after those of the page before
    await until("its probe", async () => /^Old site data/.test(await textOf(popup, "#title")));
    assert.deepEqual(probes.get("many.localhost"), ["GET /a ", "GET / ", "GET /b "]);
  });

  test("switched off, nothing is asked", async () => {
    const { popup } = await refused("before.localhost", "/page");
    // What the probe found moves what stands below it.
    await until("its probe", async () => /^Old site data/.test(await textOf(popup, "#title")));
    await press(popup, "#settings summary");
    await press(popup, "#probes");
    await refused("off.localhost", "/page");
    const again = await refused("off.localhost", "/page?ticket=1");
    assert.equal(await textOf(again.popup, "#look"), "", "nor offered");
    await press(again.popup, "#settings summary");
    assert.equal(await again.popup.evaluate("document.querySelector('#probes').checked"), false);
    await press(again.popup, "#probes");
    const { popup: on } = await refused("on.localhost", "/page");
    await until("its probe", async () => /^Old site data/.test(await textOf(on, "#title")));
    assert.equal(probes.get("off.localhost"), undefined);
  });
});

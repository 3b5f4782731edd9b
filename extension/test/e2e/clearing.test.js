// Clearing in grades, seen by what the site and the browser have afterwards:
// what a grade takes is gone, everything else is still there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { axe, focusOrder, overflowAt } from "./lib/look.js";
import { press, shows, textOf } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { send, startStage } from "./lib/stage.js";

/** @typedef {import("puppeteer-core").Page} Page */

const month = "Max-Age=2600000";

inEachBrowser("clearing", (name) => {
  /** @type {import("./lib/each.js").World} */ let world;
  /** @type {import("./lib/stage.js").Stage} */ let stage;
  /** @type {import("./lib/stage.js").Stage} */ let otherPort;
  /** Requests by host and path. @type {Map<string, number>} */
  const asked = new Map();
  /** What is in the way of each host's page. @type {Map<string, string>} */
  const inTheWay = new Map();

  /** @type {Parameters<typeof startStage>[0]} */
  const answer = (request, response, url) => {
    const key = url.hostname + url.pathname;
    asked.set(key, (asked.get(key) ?? 0) + 1);
    const cookies = request.headers.cookie ?? "";
    const way = inTheWay.get(url.hostname) ?? "";
    switch (url.pathname) {
      case "/visit":
        send(response, 200, "Welcome", { "set-cookie": url.searchParams.getAll("set") });
        return;
      case "/worker.js":
        response.writeHead(200, { "content-type": "text/javascript" }).end("addEventListener('fetch', () => {})");
        return;
      case "/kept": // an answer that stays in the HTTP cache
        send(response, way === "kept" ? 403 : 200, way === "kept" ? "Refused" : "The page is open", { "cache-control": "max-age=3600" });
        return;
      case "/page":
        if (way && cookies.includes(way)) send(response, 403, "Refused");
        else send(response, 200, "The page is open");
        return;
      case "/closed":
        send(response, 403, "Refused");
        return;
      case "/empty":
        response.writeHead(403, { "content-length": "0" }).end();
        return;
      default:
        response.writeHead(404).end();
    }
  };

  before(async () => {
    world = await openWorld(name);
    [stage, otherPort] = await Promise.all([startStage(answer), startStage(answer)]);
  });
  after(async () => {
    await world?.close();
    await stage?.close();
    await otherPort?.close();
  });

  /**
   * @param {string} host
   * @param {string[]} set Set-Cookie lines
   */
  const visit = (host, ...set) => stage.url(`/visit?${set.map((line) => `set=${encodeURIComponent(line)}`).join("&")}`, host);

  /**
   * All cookies of a domain and below, whole, as the browser keeps them.
   * @param {string} domain
   * @returns {Promise<string[]>}
   */
  async function cookies(domain) {
    const all = JSON.parse(/** @type {string} */ (await world.browser.control.evaluate(`(globalThis.browser ?? chrome).cookies.getAll({ domain: ${JSON.stringify(domain)}, partitionKey: {} })
      .then((all) => JSON.stringify(all.map((c) => [c.domain, c.name, c.value, c.path, c.httpOnly, c.secure, c.sameSite, c.hostOnly, c.partitionKey?.topLevelSite ?? "", Math.round((c.expirationDate ?? 0) / 60)].join(" "))))`)));
    return all.sort();
  }

  const fill = `(async () => {
    localStorage.setItem("draft", "x");
    sessionStorage.setItem("step", "2");
    await new Promise((resolve, reject) => {
      const request = indexedDB.open("db", 1);
      request.onsuccess = () => { request.result.close(); resolve(); };
      request.onerror = reject;
    });
    await (await caches.open("pages")).put("/x", new Response("y"));
    await navigator.serviceWorker.register("/worker.js");
    await navigator.serviceWorker.ready;
    await fetch("/kept");
  })()`;
  const look = `(async () => JSON.stringify({
    entries: localStorage.length, databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    kept: await fetch("/kept", { cache: "only-if-cached", mode: "same-origin" }).then(() => 1, () => 0),
  }))()`;
  const full = { entries: 1, databases: 1, caches: 1, workers: 1, kept: 1 };

  /** A page that is being reloaded answers afterwards. @param {Page} page */
  const stored = async (page) => JSON.parse(/** @type {string} */ (await until("what is stored", () => page.evaluate(look))));

  /**
   * A tab at a site that has stored something of every kind.
   * @param {string} url
   */
  async function filled(url) {
    const page = await world.browser.newPage();
    await world.browser.goto(page, url);
    await page.evaluate(fill);
    assert.deepEqual(await stored(page), full);
    return page;
  }

  /**
   * Open a refused page, and the part of its popup that clears.
   * @param {Page} page
   * @param {string} [url] the page that is open when absent
   * @param {RegExp} [title] what the popup has to say by then
   * @returns {Promise<Page>}
   */
  async function clearingFor(page, url, title = /./) {
    await page.bringToFront();
    if (url) await world.browser.goto(page, url);
    await until("the badge", async () => (await world.browser.toolbar(page)).badge === "403");
    const popup = await world.browser.popupFor(page);
    await until("the explanation", async () => title.test(await textOf(popup, "#title")) && textOf(popup, "#main"));
    await popup.setViewport({ width: 400, height: 900 });
    await press(popup, "#data summary");
    await press(popup, "#clear-open");
    await until("the grades", () => textOf(popup, "#clearing-go"));
    return popup;
  }

  /** @param {Page} popup */
  const chosen = (popup) => popup.evaluate("document.querySelector('input[name=grade]:checked').value");

  /**
   * Press the button that clears, and see the page asked for anew.
   * @param {Page} popup
   * @param {Page} page
   */
  async function clear(popup, page) {
    const tab = async () => /** @type {{url: string, status: string}} */ (JSON.parse(/** @type {string} */ (await world.browser.control.evaluate(
      `(globalThis.browser ?? chrome).tabs.get(${world.browser.tabOf(page)}).then(({ url, status }) => JSON.stringify({ url, status }))`))));
    const { hostname, pathname } = new URL((await tab()).url);
    const times = () => asked.get(hostname + pathname) ?? 0;
    const before = times();
    await press(popup, "#clearing-go");
    await until("the page to be asked for anew", async () => times() > before && (await tab()).status === "complete");
  }

  /**
   * Open the site once more after clearing, and look.
   * @param {Page} page
   * @param {string} host
   */
  async function lookAgain(page, host) {
    await world.browser.goto(page, stage.url("/visit", host));
    return stored(page);
  }

  test("past the cache: a kept refusal is asked for anew, and nothing is lost", async () => {
    const host = "kept.localhost";
    inTheWay.set(host, "kept");
    const page = await world.browser.newPage();
    await world.browser.goto(page, visit(host, `own=1; ${month}`));
    await world.browser.goto(page, stage.url("/kept", host));
    await world.browser.goto(page, stage.url("/visit", host));
    const before = await cookies(host);
    await world.browser.goto(page, stage.url("/kept", host));
    // Firefox keeps a refusal, and asks for it anew whenever it is opened.
    assert.equal(asked.get(`${host}/kept`), name === "chromium" ? 1 : 2);
    const popup = await clearingFor(page);
    assert.equal(await chosen(popup), "page");
    inTheWay.delete(host); // the site has changed its mind
    await press(popup, "#clearing-go");
    await shows(page, /The page is open/);
    assert.deepEqual(await cookies(host), before);
    assert.equal(await page.evaluate("fetch('/kept', { cache: 'only-if-cached', mode: 'same-origin' }).then((r) => r.status)"), 200, "the kept answer is the new one");
  });

  test("kept files: this origin's alone where the browser can, and said where it cannot", async () => {
    const page = await filled(visit("files.localhost", `own=1; ${month}`));
    const neighbour = await filled(stage.url("/visit", "files2.localhost"));
    const port = await filled(otherPort.url("/visit", "files.localhost"));
    const popup = await clearingFor(page, stage.url("/closed", "files.localhost"));
    if (name === "firefox") {
      assert.equal(await popup.evaluate("document.querySelector('#grade-cache').disabled"), true);
      assert.match(await textOf(popup, "#loss-cache"), /can't clear them for one site/);
      return;
    }
    await press(popup, "#grade-cache");
    await clear(popup, page);
    assert.deepEqual(await lookAgain(page, "files.localhost"), { ...full, kept: 0 });
    assert.deepEqual(await stored(neighbour), full);
    assert.deepEqual(await stored(port), full);
    assert.equal((await cookies("files.localhost")).length, 1);
  });

  test("storage and service workers: this origin's alone; cookies stay; said before", async () => {
    const host = "draft.localhost";
    const page = await filled(visit(host, `own=1; ${month}`));
    const neighbour = await filled(stage.url("/visit", `below.${host}`));
    const above = await filled(stage.url("/visit", "localhost"));
    const port = await filled(otherPort.url("/visit", host));
    const popup = await clearingFor(page, stage.url("/closed", host));
    const loss = await textOf(popup, "#loss-storage");
    assert.match(loss, /Entries: 2\. Databases: 1\. Stored pages: 1\. Helpers: 1\./);
    assert.match(loss, /Drafts kept by this site cannot be brought back/);
    await press(popup, "#grade-storage");
    assert.match(await textOf(popup, "#clearing-go"), /Clear what it stores and reload/);
    await clear(popup, page);
    const { kept, ...left } = await lookAgain(page, host);
    assert.deepEqual(left, { entries: 0, databases: 0, caches: 0, workers: 0 });
    assert.equal(kept, 1, "kept files are another grade");
    for (const other of [neighbour, above, port]) assert.deepEqual(await stored(other), full);
    assert.equal((await cookies(host)).length, 1);
  });

  test("a page without a document: what it stores is cleared where the browser can", async () => {
    const host = "blank.localhost";
    const page = await filled(visit(host));
    const popup = await clearingFor(page, stage.url("/empty", host));
    await press(popup, "#grade-storage");
    await clear(popup, page);
    const { kept: _, ...left } = await lookAgain(page, host);
    assert.deepEqual(left, { entries: 0, databases: 0, caches: 0, workers: 0 });
  });

  test("cookies of every kind go, and come back as they were; never over one that the site has set since", async () => {
    const host = "jar.localhost";
    inTheWay.set(host, "old=1");
    const page = await world.browser.newPage();
    await world.browser.goto(page, visit(host, `old=1; ${month}; HttpOnly; SameSite=Strict`, "mine=2; Path=/", `deep=3; Path=/deep; ${month}`,
      `wide=4; Domain=${host}; ${month}`, "__Host-a=5; Secure; Path=/", `part=6; Secure; SameSite=None; Partitioned; ${month}`, "quoted=\"7 8\"", "empty="));
    await world.browser.goto(page, visit(`mail.${host}`, `below=1; ${month}`));
    const all = await cookies(host);
    assert.equal(all.length, 9, all.join("\n"));
    const popup = await clearingFor(page, stage.url("/page", host), /^Old site data is in the way/);
    assert.equal(await chosen(popup), "cookies", "what the evidence points to is chosen");
    assert.match(await textOf(popup, "label[for=grade-cookies]"), new RegExp(`Cookies of ${host}: 8`));
    assert.match(await textOf(popup, "#loss-cookies"), new RegExp(`signed out of ${host}`));
    const notes = await textOf(popup, "#clearing-notes");
    assert.match(notes, /another port number/);
    assert.match(notes, new RegExp(`ends in .${host}`));
    await world.browser.screenshot(popup, "popup-clearing");
    await press(popup, "#clearing-go");
    await shows(page, /The page is open/);
    assert.deepEqual((await cookies(host)).map((line) => line.split(" ")[1]), ["below"]);
    await world.browser.goto(page, visit(host, "mine=new; Path=/"));
    await popup.bringToFront();
    await press(popup, "#undo");
    await until("the cookies to be back", async () => await textOf(popup, "#undo-box") === "");
    const back = await cookies(host);
    assert.deepEqual(back, all.map((line) => line.replace("mine 2", "mine new")).sort());
  });

  test("cookies that a parent domain shares: the sites that sign out are named first, and nothing else goes", async () => {
    const host = "shop.group.localhost";
    inTheWay.set(host, "shared=1");
    const page = await world.browser.newPage();
    await world.browser.goto(page, visit(host, `shared=1; Domain=group.localhost; ${month}`, `other=1; Domain=group.localhost; Path=/elsewhere; ${month}`));
    await world.browser.goto(page, visit("mail.group.localhost", `own=1; ${month}`));
    const tab = await world.browser.newPage();
    await world.browser.goto(tab, stage.url("/visit", "wiki.group.localhost"));
    const popup = await clearingFor(page, stage.url("/page", host), /^Data that sites share is in the way/);
    assert.equal(await chosen(popup), "shared");
    await press(popup, "#clearing-go");
    assert.equal(await popup.evaluate("document.activeElement.id"), "clearing-shared-title");
    assert.equal((await cookies("group.localhost")).length, 3, "nothing goes before the sites were named");
    const named = await textOf(popup, "#clearing-sites");
    for (const site of ["mail.group.localhost", "wiki.group.localhost", "ends in .group.localhost"]) assert.ok(named.includes(site), named);
    await world.browser.screenshot(popup, "popup-clearing-shared");
    await press(popup, "#clearing-confirm");
    await shows(page, /The page is open/);
    assert.deepEqual((await cookies("group.localhost")).map((line) => line.split(" ")[1]), ["other", "own"]);
    await popup.bringToFront();
    await press(popup, "#undo");
    await until("the cookie to be back", async () => (await cookies("group.localhost")).length === 3);
  });

  test("what did not help is not chosen again: the next grade is", async () => {
    const host = "more.localhost";
    const page = await world.browser.newPage();
    await world.browser.goto(page, visit(host, `own=1; ${month}`));
    const popup = await clearingFor(page, stage.url("/closed", host));
    await press(popup, "#grade-cookies");
    await clear(popup, page);
    assert.deepEqual(await cookies(host), []);
    await press(popup, "#clear-open");
    await until("the grades", () => textOf(popup, "#clearing-go"));
    assert.notEqual(await chosen(popup), "cookies");
  });

  test("all of it: cookies and storage, and shared cookies stay", async () => {
    const host = "all.whole.localhost";
    const page = await filled(visit(host, `own=1; ${month}`, `shared=1; Domain=whole.localhost; ${month}`));
    const popup = await clearingFor(page, stage.url("/closed", host));
    await press(popup, "#grade-all");
    await clear(popup, page);
    const { kept, ...left } = await lookAgain(page, host);
    assert.deepEqual(left, { entries: 0, databases: 0, caches: 0, workers: 0 });
    assert.equal(kept, name === "firefox" ? 1 : 0);
    assert.deepEqual((await cookies("whole.localhost")).map((line) => line.split(" ")[1]), ["shared"]);
  });

  test("keyboard, screen reader, 320 pixels; keeping it clears nothing", async () => {
    const host = "look.localhost";
    const page = await filled(visit(host, `own=1; ${month}`));
    const popup = await clearingFor(page, stage.url("/closed", host));
    assert.equal(await popup.evaluate("document.activeElement.id"), "clearing-title");
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await world.browser.setMedia(popup, { colorScheme, reducedMotion: true });
      assert.deepEqual(await axe(popup), [], colorScheme);
    }
    assert.deepEqual(await overflowAt(popup, 320), []);
    await popup.setViewport({ width: 400, height: 900 });
    const order = await focusOrder(popup, 4);
    assert.deepEqual(order, ['heading "Choose how much to clear"', 'radio "Nothing: load this page fresh"', 'button "Load the page fresh"', 'button "Keep it"']);
    await press(popup, "#clearing-keep");
    assert.equal(await textOf(popup, "#clearing"), "");
    assert.equal(await popup.evaluate("document.activeElement.id"), "title");
    assert.deepEqual(await lookAgain(page, host), full);
    assert.equal((await cookies(host)).length, 1);
  });
});

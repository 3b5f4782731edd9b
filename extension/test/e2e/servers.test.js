// Refusals of the servers that most sites run on, and of a company's proxy:
// told and got over as those of the sample site.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { challenged, popupSaying, press, readPopup, shows, typeSignIn } from "./lib/person.js";
import { account, startApache, startNginx, startNginxWithCertificates, startSquid } from "./lib/servers.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./lib/servers.js").Server} Server */

inEachBrowser("real servers", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  /** @type {Server} */ let apache;
  /** @type {Server} */ let nginx;
  /** @type {Server} */ let certificates;
  /** @type {Server} */ let squid;
  before(async () => {
    [apache, nginx, certificates, squid] = await Promise.all([startApache(), startNginx(), startNginxWithCertificates(), startSquid()]);
    world = await openWorld(name, { proxy: squid.port, insecure: true });
  });
  after(async () => {
    await world?.close();
    for (const server of [apache, nginx, certificates, squid]) await server?.close();
  });

  /**
   * Sign in by readmit's window and see the page.
   * @param {Page} page
   * @param {string} url
   * @param {RegExp} text
   */
  async function signIn(page, url, text) {
    const consent = await challenged(world.browser, page, url);
    await typeSignIn(consent, { user: account.user, password: account.password });
    await shows(page, text);
  }

  /**
   * Fill the form of a sign-in page.
   * @param {Page} page
   * @param {string} field
   * @param {string} secret
   */
  async function fill(page, field, secret) {
    await page.bringToFront();
    await page.focus(`input[name=${field}]`);
    await page.keyboard.type(account.user);
    await page.focus(`input[name=${secret}]`);
    await page.keyboard.type(account.password);
    await page.keyboard.press("Enter");
  }

  test("apache, Basic: signed in by readmit's window", async () => {
    await signIn(await world.browser.newPage(), apache.url("/basic/"), /The basic page is open/);
  });

  test("apache, Digest: signed in by readmit's window", async () => {
    await signIn(await world.browser.newPage(), apache.url("/digest/"), /The digest page is open/);
  });

  test("apache, a form: told, signed in on the page itself, closed as recovered", async () => {
    const page = await world.browser.newPage();
    await world.browser.goto(page, apache.url("/form/"));
    await popupSaying(world.browser, page, /^Sign in to see this page/);
    await fill(page, "httpd_username", "httpd_password");
    await shows(page, /The form page is open/);
    await popupSaying(world.browser, page, /You are back/);
  });

  test("apache, Require: an account that may not enter is told so", async () => {
    const page = await world.browser.newPage();
    const consent = await challenged(world.browser, page, apache.url("/admin/"));
    await typeSignIn(consent, { user: account.user, password: account.password });
    await shows(page, /permission to access this resource/);
    const popup = await popupSaying(world.browser, page, /Your account does not have access here/);
    const said = await readPopup(popup);
    assert.match(said.main, /Ask for access/);
  });

  test("apache, a folder without listing: sent to the start page", async () => {
    const page = await world.browser.newPage();
    await world.browser.goto(page, apache.url("/files/"));
    const popup = await popupSaying(world.browser, page, /does not show this address/);
    await press(popup, "#main");
    await shows(page, /The start page is open/);
  });

  test("nginx, auth_basic: signed in by readmit's window", async () => {
    await signIn(await world.browser.newPage(), nginx.url("/basic/"), /The basic page is open/);
  });

  test("nginx, auth_request: sign in, and back on the very page", async () => {
    const page = await world.browser.newPage();
    await world.browser.goto(page, nginx.url("/gate/"));
    const popup = await popupSaying(world.browser, page, /^Sign in to see this page/);
    await press(popup, "#main");
    await shows(page, /The start page is open/);
    await world.browser.goto(page, nginx.url("/login"));
    await fill(page, "account", "password");
    await shows(page, /The gate page is open/);
    await popupSaying(world.browser, page, /You are back/);
  });

  test("nginx, auth_request that refuses: nothing is made up", async () => {
    const page = await world.browser.newPage();
    await world.browser.goto(page, nginx.url("/role/"));
    const popup = await popupSaying(world.browser, page, /said no, without saying why/);
    assert.match((await readPopup(popup)).help, /Get help/);
  });

  test("nginx, a client certificate: told what it wants to see", async () => {
    const page = await world.browser.newPage();
    await world.browser.goto(page, certificates.url("/"));
    const popup = await popupSaying(world.browser, page, /^This page wants to see a certificate/);
    assert.match((await readPopup(popup)).main, /Show how to choose it/);
  });

  test("squid: the filter is named, the site is not blamed", async () => {
    const page = await world.browser.newPage();
    await world.browser.goto(page, "http://games.example/");
    const popup = await popupSaying(world.browser, page, /^A web filter stopped this page/);
    const said = await readPopup(popup);
    assert.match(said.summary, /The site itself did not answer/);
    assert.match(said.main, /Ask for it to be opened/);
  });
});

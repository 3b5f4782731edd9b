// The release rule, clause by clause: where a password may not go, nothing is
// sent and nobody is asked for it, and the popup says why.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { launch } from "./lib/browser.js";
import { inEachBrowser, openWorld } from "./lib/each.js";
import { overflowAt } from "./lib/look.js";
import { allText, challenged, confirm, escape, notAsked, shows, textOf, typeSignIn, useStored, windowGone } from "./lib/person.js";
import { until } from "./lib/processes.js";
import { account, startProxy, startTrap } from "./lib/trap.js";

/** @typedef {import("puppeteer-core").Page} Page */

inEachBrowser("the release rule", (name) => {
  /** @type {import("./lib/each.js").World} */
  let world;
  /** @type {import("./lib/trap.js").Trap} */
  let trap;
  /** @type {Awaited<ReturnType<typeof startProxy>>} */
  let proxy;
  /** @type {Page} */
  let page;
  const options = () => ({ proxy: proxy.port, insecure: true });

  before(async () => {
    trap = await startTrap();
    proxy = await startProxy(trap);
    world = await openWorld(name, options());
    page = await world.browser.newPage();
    // From here on a password is kept for this origin and realm.
    await typeSignIn(await challenged(world.browser, page, trap.url("/basic/")), { ...account, remember: true });
    await shows(page, /You are in/);
    await windowGone(world.browser);
    await nextDay();
  });
  after(async () => {
    await world?.close();
    await proxy?.close();
    await trap?.close();
  });
  beforeEach(async () => {
    trap.forget();
    trap.setRealm("Trap");
    page = await world.browser.newPage();
  });
  async function nextDay() {
    await world.browser.close();
    world.browser = await launch(name, world.desktop, options());
    page = await world.browser.newPage();
  }

  /**
   * Nothing is kept for what the window asks about: it can only be typed.
   * @param {Page} consent
   * @param {string} site as the window writes it
   */
  async function offersNothing(consent, site) {
    assert.equal((await textOf(consent, "#site")).replace(/\s/g, ""), site);
    assert.equal(await textOf(consent, "#use"), "");
    assert.equal(await consent.evaluate("document.querySelector('#user').value"), "");
    assert.doesNotMatch(await allText(consent), /anna/);
    await escape(consent);
    await windowGone(world.browser);
    assert.deepEqual(trap.sends(), []);
  }

  test("the page's own origin and realm: the account is offered (or else nothing here proves anything)", async () => {
    const consent = await challenged(world.browser, page, trap.url("/basic/"));
    assert.match(await textOf(consent, "#use"), /anna/);
    await escape(consent);
    await windowGone(world.browser);
  });

  test("a proxy is never answered", async () => {
    void world.browser.begin(page, "http://locked.example/");
    await notAsked(world.browser, page, /proxy/);
    assert.ok(proxy.asked() > 0);
    assert.equal(proxy.answered(), 0);
  });

  test("http on a network is never answered", async () => {
    void world.browser.begin(page, "http://intranet.example/basic/");
    await notAsked(world.browser, page, /not protected/);
    assert.deepEqual(trap.sends(), []);
  });

  for (const [what, source] of /** @type {[string, (far: string) => string][]} */ ([
    ["of another origin", (far) => far],
    ["that leads to another origin", (far) => trap.url("/to/", { of: far, host: "gallery.localhost" })],
  ])) {
    test(`a picture ${what} asks nobody`, async () => {
      const far = trap.url("/image/1", { other: true });
      void world.browser.begin(page, trap.url("/with-image/", { of: source(far), host: "gallery.localhost" }));
      // Both browsers give such a picture up by themselves.
      await until("the picture to fail", () => page.evaluate("document.images[0]?.complete && document.images[0].naturalWidth === 0"));
      assert.ok(trap.requests("/image/1").length > 0);
      await windowGone(world.browser);
      assert.deepEqual(trap.sends(), []);
    });
  }

  test("a frame of another origin asks nobody", async () => {
    void world.browser.begin(page, trap.url("/with-frame/", { of: trap.url("/basic/") , host: "framing.localhost" }));
    await notAsked(world.browser, page, /inside this page/);
    assert.deepEqual(trap.sends(), []);
  });

  test("a frame of the page's own origin is asked about, each time anew", async () => {
    const consent = await challenged(world.browser, page, trap.url("/with-frame/", { of: trap.url("/basic/framed", { host: "own.localhost" }), host: "own.localhost" }));
    assert.equal(await textOf(consent, "#always-box"), "");
    await typeSignIn(consent, { ...account });
    await until("the frame to open", () => trap.sends().length > 0);
    await windowGone(world.browser);
    assert.deepEqual(new Set(trap.sends().map((one) => one.path)), new Set(["/basic/framed"]));
  });

  test("a background request of another origin asks nobody", async () => {
    void world.browser.begin(page, trap.url("/with-fetch/", { of: trap.url("/basic/far"), host: "calling.localhost" }));
    // Chromium gives it up by itself, and tells no extension of the challenge.
    await shows(page, /got (opaque|failed)/);
    assert.ok(trap.requests("/basic/far").length > 0);
    await windowGone(world.browser);
    assert.deepEqual(trap.sends(), []);
  });

  test("a background request of the page's own origin is asked about", async () => {
    const consent = await challenged(world.browser, page, trap.url("/with-fetch/", { of: "/basic/called", host: "calls.localhost" }));
    assert.equal(await textOf(consent, "#always-box"), "");
    await typeSignIn(consent, { ...account });
    await shows(page, /got 200/);
  });

  test("another port is another site", async () => {
    const url = trap.url("/basic/", { other: true });
    await offersNothing(await challenged(world.browser, page, url), new URL(url).host);
  });

  test("another scheme on the same port is another site", async () => {
    const url = trap.url("/basic/", { secure: true });
    await offersNothing(await challenged(world.browser, page, url), new URL(url).host);
  });

  test("a page that leads to another origin is asked about as that origin", async () => {
    const far = trap.url("/basic/", { other: true });
    await offersNothing(await challenged(world.browser, page, trap.url("/to/", { of: far })), new URL(far).host);
  });

  for (const [what, host] of /** @type {[string, string][]} */ ([
    ["that looks like another", "\u0430nna.localhost"], // a Cyrillic letter first
    ["written from right to left", "\u05d0\u05d1\u05d2.localhost"],
    ["as long as hosts can be", `${"bank.example.".repeat(18)}localhost`.slice(-253).replace(/^\.+/, "")],
  ])) {
    test(`a host ${what} is shown whole, in the letters that are sent`, async () => {
      const url = trap.url("/basic/", { host });
      const consent = await challenged(world.browser, page, url);
      const words = await allText(consent);
      assert.match(words, /^[^\u0400-\u05ff]*$/);
      assert.equal(await consent.evaluate("document.querySelector('#site').dir"), "ltr");
      assert.deepEqual(await overflowAt(consent, 320), []);
      await world.browser.screenshot(consent, `consent-host-${what.replaceAll(" ", "-")}`);
      await offersNothing(consent, new URL(url).host);
    });
  }

  test("a user name in the address is no part of what the window shows", async () => {
    const url = trap.url("/basic/", { host: "named.localhost", user: "bank.example" });
    const consent = await challenged(world.browser, page, url);
    assert.equal((await textOf(consent, "#site")).replace(/\s/g, ""), `named.localhost:${trap.port}`);
    assert.doesNotMatch(await allText(consent), /bank\.example/);
    assert.equal(await consent.evaluate("document.querySelector('#user').value"), "");
    await escape(consent);
    await windowGone(world.browser);
  });

  for (const [what, challenges, used] of /** @type {[string, string[], string][]} */ ([
    ["Basic and Digest", ['Basic realm="b"', 'Digest realm="d", qop="auth", algorithm=MD5, nonce="n"'], "Digest"],
    ["Digest that browsers cannot answer, and Basic", ['Digest realm="d", qop="auth", algorithm=SHA-512-256, nonce="n"', 'Basic realm="b"'], "Basic"],
    ["Bearer and Basic", ['Bearer realm="t"', 'Basic realm="b"'], "Basic"],
    ["Basic and NTLM", ['Basic realm="b"', "NTLM"], "NTLM"],
  ])) {
    test(`of several challenges, ${what}, the strongest that the browser has is answered: ${used}`, async () => {
      trap.setChallenges(...challenges);
      const consent = await challenged(world.browser, page, trap.url("/several/", { host: `s${trap.port}-${challenges.join("").length}.localhost` }));
      await typeSignIn(consent, { ...account });
      await shows(page, new RegExp(`You are in by ${used}`));
      assert.deepEqual(new Set(trap.sends().map((one) => one.scheme)), new Set([used]));
      await windowGone(world.browser);
    });
  }

  test("a realm that speaks like readmit or the browser stays a quotation of 80 characters", async () => {
    const consent = await challenged(world.browser, page, world.site.url("/hostile/"));
    assert.match(await textOf(consent, "#title"), /^Sign in/);
    const said = await textOf(consent, "#realm");
    assert.match(said, /^The site says: “/);
    assert.ok(said.length <= "The site says: “”".length + 81, said);
    assert.doesNotMatch(said, /[\p{Cc}\p{Cf}]/u);
    assert.equal(await consent.evaluate("document.title"), await consent.evaluate("(globalThis.browser ?? chrome).i18n.getMessage('consentDocument')"));
    assert.equal(await consent.evaluate("document.querySelectorAll('main b, main script, #realm *, #realm img').length"), 0);
    await escape(consent);
    await windowGone(world.browser);
  });

  test("the focus begins on the heading, and neither a key meant for another window nor a script says yes", async () => {
    const consent = await challenged(world.browser, page, trap.url("/basic/"));
    await until("the account", () => textOf(consent, "#use"));
    assert.equal(await consent.evaluate("document.activeElement.id"), "title");
    await consent.evaluate("document.querySelector('#use').click()");
    await consent.evaluate("document.querySelector('#choose').requestSubmit(document.querySelector('#use'))");
    // What keeps the window from coming to rest keeps it from taking a key,
    // even on the very button.
    await consent.evaluate("globalThis.moving = setInterval(() => dispatchEvent(new Event('resize')), 50); document.querySelector('#use').focus()");
    for (const key of /** @type {const} */ (["Enter", " ", "Enter"])) await consent.keyboard.press(key);
    assert.equal(await consent.evaluate("document.documentElement.dataset.phase"), "choose");
    assert.deepEqual(trap.sends(), []);
    await consent.evaluate("clearInterval(globalThis.moving); document.querySelector('#use').focus()");
    await confirm(consent, "#use", async () => {
      await until("the window to rest", () => consent.evaluate("document.querySelector('#use').getAttribute('aria-disabled') === 'false'"));
      await consent.keyboard.press("Enter");
    });
    await shows(page, /You are in/);
    await windowGone(world.browser);
  });

  test("a scheme that got weaker is asked about anew, whatever was always allowed", async () => {
    const url = trap.url("/several/", { host: "weaker.localhost" });
    trap.setChallenges('Digest realm="Trap", qop="auth", algorithm=MD5, nonce="n"', 'Basic realm="Trap"');
    await typeSignIn(await challenged(world.browser, page, url), { ...account, remember: true, always: true });
    await shows(page, /You are in by Digest/);
    await windowGone(world.browser);
    await nextDay();
    trap.forget();
    trap.setChallenges('Basic realm="Trap"');
    await challenged(world.browser, page, url);
    assert.deepEqual(trap.sends(), []);
    await nextDay();
    trap.setChallenges('Digest realm="Trap", qop="auth", algorithm=MD5, nonce="n"', 'Basic realm="Trap"');
    await world.browser.goto(page, url);
    await shows(page, /You are in by Digest/);
    await windowGone(world.browser);
  });

  test("a realm that changed is asked about anew, whatever was always allowed", async () => {
    await nextDay();
    await useStored(await challenged(world.browser, page, trap.url("/basic/")), { always: true });
    await shows(page, /You are in/);
    await windowGone(world.browser);
    await nextDay();
    await world.browser.goto(page, trap.url("/basic/"));
    await shows(page, /You are in/);
    await windowGone(world.browser);
    await nextDay();
    trap.forget();
    trap.setRealm("Trap 2");
    await offersNothing(await challenged(world.browser, page, trap.url("/basic/")), `127.0.0.1:${trap.port}`);
  });
});

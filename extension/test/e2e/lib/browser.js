// One face for both stock browsers with readmit loaded.

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChromium } from "./chromium.js";
import { startFirefox } from "./firefox.js";
import { atExit, signal, until } from "./processes.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {{colorScheme: "light" | "dark", reducedMotion?: boolean, forcedColors?: boolean}} Media */
/**
 * @typedef {object} Engine what differs between the two
 * @property {"chromium" | "firefox"} name
 * @property {import("puppeteer-core").Browser} browser
 * @property {string} base                 root URL of the extension's pages
 * @property {string} manifestFolder       where this browser looks for native hosts
 * @property {object} manifestCallers      the manifest's list of allowed callers
 * @property {"load" | []} extensionWait   what can be waited for on the extension's pages
 * @property {"load" | []} pageWait        and on web pages
 * @property {boolean} tellsAddress        whether page.url() is right for the extension's pages
 * @property {(when: "before" | "after") => Promise<void>} allowIncognito let the extension into private windows, before or after it is installed
 * @property {() => Promise<void>} stopBackground end the worker or event page, as idleness does
 * @property {(source: string) => Promise<any>} backgroundEvaluate Chromium only
 * @property {(page: Page, media: Media) => Promise<void>} setMedia
 */
/** @typedef {{proxy?: number, insecure?: boolean}} Network proxy: port of an HTTP proxy on this computer; insecure: take any certificate */
/** @typedef {Awaited<ReturnType<typeof launch>>} Browser */

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const shipped = here("../../../src");
const screenshots = here("../../screenshots");
const bin = here("../../../../bin");

/**
 * Start a stock browser, headless, with the extension and (unless told
 * otherwise) the native host of bin/ registered for its profile alone.
 * @param {"chromium" | "firefox"} name
 * @param {import("./desktop.js").Desktop} desktop
 * @param {{host?: boolean, extension?: string, hostName?: string, hostPath?: string, incognito?: boolean} & Network} [options] incognito: readmit may see private windows
 */
export async function launch(name, desktop, options = {}) {
  const { host = true, incognito: seesPrivate = false, extension = shipped, hostName = "io.github.readmit", hostPath = join(bin, "readmit-host") } = options;
  const engine = await (name === "chromium" ? startChromium : startFirefox)(desktop, extension, options);
  const { browser } = engine;
  const pid = /** @type {number} */ (browser.process()?.pid);
  const forget = atExit(() => { signal(pid, "SIGKILL"); });
  const manifest = join(engine.manifestFolder, `${hostName}.json`);
  /** @type {WeakMap<Page, number>} */
  const tabs = new WeakMap();

  function installHost() {
    mkdirSync(engine.manifestFolder, { recursive: true, mode: 0o700 });
    writeFileSync(manifest, JSON.stringify({
      name: hostName, description: "readmit", path: hostPath, type: "stdio", ...engine.manifestCallers,
    }));
  }
  if (host) installHost();

  const extensionUrl = (/** @type {string} */ path) => engine.base + path;

  async function close() {
    await bounded(browser.close(), 8000).catch(() => signal(pid, "SIGKILL"));
    forget();
  }

  /**
   * Install the extension and open a page of it without any script of its own:
   * through it tests ask the browser about tabs without waking or disturbing
   * the extension.
   */
  async function openControl() {
    if (seesPrivate) await engine.allowIncognito("before");
    await bounded(browser.installExtension(extension), 20_000);
    // The page that readmit opens once would come in front of what a test opens.
    if (existsSync(join(extension, "ui", "welcome.html"))) await (await extensionPage("ui/welcome.html")).close();
    if (seesPrivate) await engine.allowIncognito("after");
    const [page = await browser.newPage()] = await browser.pages();
    // Let into private windows, the extension starts anew: it is not there for a moment.
    await until("the extension's pages", () => page.goto(extensionUrl("manifest.json"), { waitUntil: engine.extensionWait }).then(() => true));
    const window = /** @type {number} */ (await until("the extension's own context",
      () => page.evaluate("(globalThis.browser ?? chrome).windows.getCurrent().then((w) => w.id)")));
    // The background listens to the browser only once it has run for the first time.
    await until("the background to listen", () => page.evaluate(`(globalThis.browser ?? chrome).runtime.sendMessage({ type: "nobody" })
      .then(() => true, (error) => !/Receiving end does not exist/.test(error.message))`));
    return /** @type {const} */ ([page, window]);
  }
  // A browser that was not handed out has nobody else to end it.
  const [control, home] = await openControl().catch(async (error) => {
    await close();
    throw error;
  });

  /**
   * Open an empty tab in front, in the ordinary window: the driver's own way
   * uses the window used last, which may be readmit's.
   * @returns {Promise<Page>}
   */
  const newPage = () => openedBy(`tabs.create({ windowId: ${home}, active: true, url: "about:blank" }).then((t) => t.id)`);

  /**
   * Open an empty page in a window of its own, in front.
   * @param {{incognito?: boolean}} [options]
   */
  const newWindow = ({ incognito = false } = {}) => openedBy(
    `windows.create({ url: "about:blank", focused: true, incognito: ${incognito} }).then((w) => w.tabs[0].id)`);

  /**
   * @param {string} creating a call of the WebExtensions API that resolves with a tab's id
   * @returns {Promise<Page>}
   */
  async function openedBy(creating) {
    const before = new Set(await browser.pages());
    const id = /** @type {number} */ (await control.evaluate(`(globalThis.browser ?? chrome).${creating}`));
    const page = await until("the new tab", async () => {
      const fresh = (await browser.pages()).filter((p) => !before.has(p));
      const shown = await Promise.all(fresh.map((p) => addressOf(p).catch(() => "")));
      return fresh[shown.indexOf("about:blank")];
    });
    tabs.set(page, id);
    return page;
  }

  /**
   * Every page's address; rejects for one that is closed. The driver of Firefox
   * keeps about:blank for the extension's pages, so they are asked. Not so in
   * Chromium, where each question counts as a click of the person in that page.
   * @param {Page} page
   * @returns {Promise<string>}
   */
  async function addressOf(page) {
    if (!engine.tellsAddress) return bounded(page.evaluate("location.href"), 2000);
    if (page.isClosed()) throw new Error("the page is closed");
    return page.url();
  }

  /**
   * The page of the extension that shows the given path, once it is there. All
   * pages are asked at once: one that is held does not answer.
   * @param {string} path such as ui/consent.html
   * @param {number} [timeout]
   * @param {Page[]} [except] known ones that are not meant
   */
  async function extensionPage(path, timeout = 20_000, except = []) {
    return until(`a page with ${path}`, async () => {
      const shown = await Promise.all((await browser.pages()).map(async (page) => {
        if (engine.tellsAddress && !page.url().startsWith(extensionUrl(path))) return null;
        const address = await addressOf(page).catch(() => "");
        return address.startsWith(extensionUrl(path)) && await ready(page) ? page : null;
      }));
      return shown.find((page) => page && !except.includes(page));
    }, { timeout });
  }

  /** @param {string} path with its query */
  async function openExtensionPage(path) {
    const page = await newPage();
    await page.goto(extensionUrl(path), { waitUntil: engine.extensionWait });
    await until(`${path} to load`, async () =>
      (await addressOf(page)).startsWith(extensionUrl(path)) && ready(page));
    return page;
  }

  /** @param {Page} page */
  function tabOf(page) {
    const id = tabs.get(page);
    if (id === undefined) throw new Error("this page was not opened by newPage()");
    return id;
  }

  return {
    name,
    browser,
    engine,
    control,
    pid,
    extensionUrl,
    openExtensionPage,
    extensionPage,
    newPage,
    newWindow,

    /** Close a page as the browser's own button does. @param {Page} page */
    closePage: (page) => control.evaluate(`(globalThis.browser ?? chrome).tabs.remove(${tabOf(page)})`),
    addressOf,
    tabOf,
    installHost,
    removeHost: () => rmSync(manifest, { force: true }),
    stopBackground: engine.stopBackground,

    /**
     * Start loading and come back at once: for a request that will be held.
     * @param {Page} page
     * @param {string} url
     * @returns {Promise<void>} settles, never fails, when the load has ended one way or the other
     */
    begin(page, url) {
      return page.goto(url, { waitUntil: engine.pageWait, timeout: 0 }).then(() => {}, () => { /* what became of it, the page shows */ });
    },

    /**
     * Enter an address anew, as a person does while a page still loads: the
     * driver would wait for that first.
     * @param {Page} page
     * @param {string} url
     */
    enter: (page, url) => control.evaluate(`(globalThis.browser ?? chrome).tabs.update(${tabOf(page)}, { url: ${JSON.stringify(url)} }).then(() => {})`),

    /**
     * Load a page that nothing holds, whatever its status.
     * @param {Page} page
     * @param {string} url
     */
    async goto(page, url) {
      const went = page.goto(url, { waitUntil: engine.pageWait, timeout: 30_000 })
        .catch((/** @type {Error} */ error) => {
          // Chromium's word for a refusal with an empty body.
          if (!/ERR_HTTP_RESPONSE_CODE_FAILURE|ERR_INVALID_AUTH_CREDENTIALS/.test(error.message)) throw error;
        });
      await went;
      await until(`${url} to load`, () => ready(page));
    },

    /**
     * What the popup says about a page, opened as a tab.
     * @param {Page} page
     */
    popupFor: (page) => openExtensionPage(`ui/popup.html?tab=${tabOf(page)}`),

    /** readmit's own window that asks before a sign-in is used. */
    consentWindow: (timeout = 20_000, /** @type {Page[]} */ except = []) => extensionPage("ui/consent.html", timeout, except),

    /** What the toolbar says about a page. @param {Page} page */
    async toolbar(page) {
      const read = `(async () => {
        const { action } = globalThis.browser ?? chrome;
        const tabId = ${tabOf(page)};
        return { badge: await action.getBadgeText({ tabId }), title: await action.getTitle({ tabId }) };
      })()`;
      return /** @type {{badge: string, title: string}} */ (await control.evaluate(read));
    },

    /**
     * Show a page as a person with these settings sees it.
     * @param {Page} page
     * @param {Media} media
     */
    async setMedia(page, media) {
      await engine.setMedia(page, media);
      const { colorScheme, reducedMotion = false, forcedColors = false } = media;
      // Forced colours bring their own scheme in Firefox.
      const wanted = [forcedColors, reducedMotion, forcedColors || colorScheme === "dark"].join();
      await until(`the page to be shown with ${JSON.stringify(media)}`, async () => wanted === await page.evaluate(`[
        matchMedia("(forced-colors: active)").matches,
        matchMedia("(prefers-reduced-motion: reduce)").matches,
        ${forcedColors} || matchMedia("(prefers-color-scheme: dark)").matches,
      ].join()`));
    },

    /**
     * Keep a picture for the person who reads the test run.
     * @param {Page} page
     * @param {string} title
     */
    async screenshot(page, title) {
      mkdirSync(screenshots, { recursive: true });
      const path = /** @type {`${string}.png`} */ (join(screenshots, `${name}-${title}.png`));
      await page.screenshot({ path });
      return path;
    },

    close,
  };
}

/** @param {Page} page @returns {Promise<boolean>} */
const ready = (page) => bounded(page.evaluate("document.readyState === 'complete'"), 2000);

/**
 * The driver may wait for a page that is between two documents; a look that
 * takes long is repeated rather than waited for.
 * @template T
 * @param {Promise<T>} work
 * @param {number} limit milliseconds
 * @returns {Promise<any>}
 */
function bounded(work, limit) {
  let timer = /** @type {NodeJS.Timeout | undefined} */ (undefined);
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit);
  });
  work.catch(() => { /* it may fail after nobody waits any more */ });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

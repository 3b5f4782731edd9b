// The frame of a browser test: the same steps in both stock browsers, each with
// its own desktop and sample site, everything ended afterwards.

import { describe } from "node:test";
import { launch } from "./browser.js";
import { startDesktop } from "./desktop.js";
import { startSite } from "./site.js";

/** @typedef {"chromium" | "firefox"} Name */
/** @typedef {{desktop: import("./desktop.js").Desktop, site: import("./site.js").Site, browser: import("./browser.js").Browser, close: () => Promise<void>}} World */

/** The browsers of this run: both, or the one that --browser named. */
export const names = /** @type {Name[]} */ (process.env.READMIT_E2E_BROWSER
  ? [process.env.READMIT_E2E_BROWSER] : ["chromium", "firefox"]);

/**
 * @param {string} title
 * @param {(name: Name) => void} suite declares the tests of one browser
 */
export function inEachBrowser(title, suite) {
  for (const name of names) {
    describe(`${name}: ${title}`, { concurrency: 1, timeout: 900_000 }, () => { suite(name); });
  }
}

/**
 * A desktop, the sample site and a browser. Ask for it in before() and call
 * close() in after(): a world costs seconds, a test in it does not.
 * @param {Name} name
 * @param {{keyring?: import("./desktop.js").Keyring, host?: boolean, proxy?: number, insecure?: boolean, incognito?: boolean}} [options]
 * @returns {Promise<World>}
 */
export async function openWorld(name, { keyring = "unlocked", host = true, proxy, insecure, incognito } = {}) {
  /** @type {{close: () => Promise<void>}[]} */
  const opened = [];
  const close = async () => {
    /** @type {unknown[]} */
    const failures = [];
    for (const part of opened.splice(0).reverse()) await part.close().catch((error) => { failures.push(error); });
    if (failures.length > 0) throw failures[0];
  };
  try {
    const desktop = await startDesktop({ keyring });
    opened.push(desktop);
    const site = await startSite();
    opened.push(site);
    const browser = await launch(name, desktop, { host, proxy, insecure, incognito });
    opened.push(browser);
    return { desktop, site, browser, close };
  } catch (error) {
    await close();
    throw error;
  }
}

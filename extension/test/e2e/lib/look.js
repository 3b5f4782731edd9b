// What a person without a mouse or without sight meets on a page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @typedef {import("puppeteer-core").Page} Page */

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @param {Page} page */
async function load(page) {
  // By the debugger, which a page's content security policy does not bind.
  if (!await page.evaluate("typeof axe === 'object'")) await page.evaluate(`${source};0`);
}

/**
 * axe-core's findings, WCAG 2.2 A and AA and best practice.
 * @param {Page} page
 * @returns {Promise<string[]>} one line a finding: rule, what is wrong, where
 */
export async function axe(page) {
  await load(page);
  const found = /** @type {string} */ (await page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then((r) =>
    JSON.stringify(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + v.help + " at " + n.target.join(" ")))))`));
  return JSON.parse(found);
}

/**
 * Walk through the page with Tab, as far as it goes.
 * @param {Page} page
 * @param {number} [limit] of key presses
 * @returns {Promise<string[]>} role and accessible name of what has the focus
 *   at first (unless nothing has) and after each press, until it leaves or repeats
 */
export async function focusOrder(page, limit = 60) {
  await load(page);
  await page.bringToFront();
  const order = [];
  await page.evaluate("globalThis.focusSeen = new Set()");
  const focused = () => /** @type {Promise<string>} */ (page.evaluate(`(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return "";
    if (focusSeen.has(element)) return "";
    focusSeen.add(element);
    axe.setup(document);
    try {
      return axe.commons.aria.getRole(element) + " " + JSON.stringify(axe.commons.text.accessibleText(element));
    } finally {
      axe.teardown();
    }
  })()`));
  const first = await focused();
  if (first) order.push(first);
  while (order.length < limit) {
    await page.keyboard.press("Tab");
    const next = await focused();
    if (!next) break;
    order.push(next);
  }
  return order;
}

/**
 * Whether a page can be read without scrolling sideways at a width in CSS
 * pixels; 320 is also what 1280 pixels are at 400 % zoom.
 * @param {Page} page
 * @param {number} width
 * @returns {Promise<string[]>} what sticks out
 */
export async function overflowAt(page, width) {
  await page.setViewport({ width, height: 800 });
  return JSON.parse(/** @type {string} */ (await page.evaluate(`JSON.stringify(
    document.documentElement.scrollWidth <= innerWidth ? [] :
      [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => e.localName + (e.id && "#" + e.id)))`)));
}

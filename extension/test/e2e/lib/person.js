// What a person does and sees: in the popup, in readmit's window, on a site's
// sign-in form. Real keys and real clicks; nothing reaches past the page.

import { until } from "./processes.js";

/** @typedef {import("puppeteer-core").Page} Page */

/**
 * @param {Page} page
 * @param {string} selector
 * @returns {Promise<string>} the visible text, "" when nothing is shown there
 */
export function textOf(page, selector) {
  return /** @type {Promise<string>} */ (page.evaluate(`(() => {
    const e = document.querySelector(${JSON.stringify(selector)});
    return e && e.checkVisibility() ? e.innerText.trim() : "";
  })()`));
}

/** @param {Page} page @returns {Promise<string>} all that a page shows */
export function allText(page) {
  return /** @type {Promise<string>} */ (page.evaluate("document.body ? document.body.innerText : ''"));
}

/**
 * Wait until a page shows a text.
 * @param {Page} page
 * @param {RegExp} text
 */
export async function shows(page, text) {
  /** @type {string} */
  let last = "";
  await until(`the page to show ${text}`, async () => {
    last = await allText(page);
    return text.test(last);
  }).catch((error) => { throw new Error(`${error.message}\nit shows: ${last.slice(0, 600)}`); });
}

/**
 * Press a button once it takes presses.
 * @param {Page} page
 * @param {string} selector
 */
export async function press(page, selector) {
  await page.bringToFront();
  await until(`${selector} to take a press`, () => page.evaluate(`(() => {
    const e = document.querySelector(${JSON.stringify(selector)});
    return Boolean(e && e.checkVisibility() && !e.disabled && e.getAttribute("aria-disabled") !== "true");
  })()`));
  await page.click(selector);
}

/**
 * What the popup says.
 * @param {Page} popup
 * @returns {Promise<{title: string, summary: string, main: string, second: string, other: string, help: string, notes: string, fault: string}>}
 */
export async function readPopup(popup) {
  const [title, summary, main, second, other, help, notes, fault] = await Promise.all(
    ["#title", "#summary", "#main", "#second", "#other-steps", "#help", "#notes", "#fault"].map((selector) => textOf(popup, selector)));
  return { title, summary, main, second, other, help, notes, fault };
}

/**
 * Sign in by readmit's window with a typed name and password.
 * @param {Page} consent
 * @param {{user?: string, password: string, remember?: boolean, always?: boolean}} what user: leave as it stands when absent
 */
export async function typeSignIn(consent, { user, password, remember = false, always = false }) {
  await consent.bringToFront();
  await until("the form to type into", () => textOf(consent, "#type"));
  for (const [selector, value] of /** @type {[string, string | undefined][]} */ ([["#user", user], ["#password", password]])) {
    if (value === undefined) continue;
    await consent.focus(selector);
    await consent.evaluate(`document.querySelector(${JSON.stringify(selector)}).select()`);
    await consent.keyboard.type(value);
  }
  await tick(consent, "#remember", remember);
  await tick(consent, "#typed-always", always);
  await press(consent, "#submit");
}

/**
 * Use the stored account that readmit's window names.
 * @param {Page} consent
 * @param {{always?: boolean}} [options]
 */
export async function useStored(consent, { always = false } = {}) {
  await consent.bringToFront();
  await until("the stored account", () => textOf(consent, "#use"));
  await tick(consent, "#always", always);
  await press(consent, "#use");
}

/**
 * @param {Page} page
 * @param {string} selector
 * @param {boolean} wanted
 */
async function tick(page, selector, wanted) {
  const state = /** @type {{shown: boolean, checked: boolean}} */ (await page.evaluate(`(() => {
    const e = document.querySelector(${JSON.stringify(selector)});
    return { shown: e.checkVisibility(), checked: e.checked };
  })()`));
  if (state.shown && state.checked !== wanted) await page.click(selector);
  if (!state.shown && wanted) throw new Error(`${selector} is not offered`);
}

/**
 * Sign in on the sample site's own form.
 * @param {Page} page
 */
export async function fillSiteForm(page) {
  await until("the site's form", () => page.evaluate("Boolean(document.querySelector('input[name=password]'))"));
  await page.bringToFront();
  await page.focus("input[name=account]");
  await page.keyboard.type("anna");
  await page.focus("input[name=password]");
  await page.keyboard.type("correct horse");
  await page.keyboard.press("Enter");
}

/**
 * Open a challenged page and wait for readmit's window. A machine that was too
 * busy to show it within two seconds has handed the page back; the person
 * loads it again.
 * @param {import("./browser.js").Browser} browser
 * @param {Page} page
 * @param {string} url
 */
export async function challenged(browser, page, url) {
  for (let attempt = 1; ; attempt++) {
    await page.bringToFront();
    void browser.begin(page, url);
    try {
      return await browser.consentWindow(8000);
    } catch (error) {
      if (attempt === 3) throw error;
      await browser.goto(page, "about:blank");
    }
  }
}

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
  let looked = 0;
  await until(`${selector} to take a press`, async () => {
    // Again now and then: another window may come in front meanwhile. Not each
    // time: that alone would keep readmit's window from coming to rest.
    if (looked++ % 30 === 0) await inFront(page);
    return page.evaluate(`(() => {
      const e = document.querySelector(${JSON.stringify(selector)});
      return Boolean(e && e.checkVisibility() && !e.disabled && e.getAttribute("aria-disabled") !== "true");
    })()`);
  }).catch(async (error) => {
    const shown = await page.evaluate(`(() => {
      const e = document.querySelector(${JSON.stringify(selector)});
      return [document.hasFocus() ? "focused" : "not focused", document.visibilityState, e ? e.outerHTML.slice(0, 200) : "no such element"].join(", ");
    })()`).catch(() => "gone");
    throw new Error(`${error.message} (${shown})`);
  });
  // What stays in view at the bottom of readmit's window may lie over it.
  await page.$eval(selector, (e) => { e.scrollIntoView({ block: "center" }); }).catch(unlessClosed);
  await page.click(selector).catch(unlessClosed);
}

/**
 * Open the popup of a page and wait until it says what is expected.
 * @param {import("./browser.js").Browser} browser
 * @param {Page} page
 * @param {RegExp} title
 */
export async function popupSaying(browser, page, title) {
  const popup = await browser.popupFor(page);
  let said = "";
  await until(`the popup to say ${title}`, async () => title.test(said = await textOf(popup, "#title")))
    .catch((error) => { throw new Error(`${error.message}\nit says: ${said}`); });
  return popup;
}

/**
 * Press Escape in a window that may close before the key comes up again, of
 * which the driver then may never hear.
 * @param {Page} page
 */
export async function escape(page) {
  await inFront(page);
  const closed = new Promise((resolve) => { page.once("close", resolve); });
  await Promise.race([page.keyboard.press("Escape").catch(unlessClosed), closed]);
}

/**
 * Say yes: again, as a person would, while the window still shows the button.
 * It takes no press for half a second after it was disturbed, and a busy
 * machine tells it late that it has come to the front.
 * @param {Page} page
 * @param {string} selector
 * @param {() => Promise<void>} [say] a click unless told otherwise
 */
export async function confirm(page, selector, say = () => press(page, selector)) {
  const still = async () => Boolean(await textOf(page, selector).catch(() => ""));
  for (let attempt = 0; attempt < 5; attempt++) {
    await say().catch((error) => unlessGone(error, still));
    const end = Date.now() + 2000;
    while (Date.now() < end && await still()) await new Promise((resolve) => { setTimeout(resolve, 50); });
    if (!await still()) return;
  }
  throw new Error(`${selector} stays whatever is pressed`);
}

/**
 * @param {Error} error
 * @param {() => Promise<boolean>} still
 */
async function unlessGone(error, still) {
  if (await still()) throw error;
}

/**
 * Bring a page to the front unless it is there: that alone disturbs it.
 * @param {Page} page
 */
async function inFront(page) {
  if (!await page.evaluate("document.hasFocus()")) await page.bringToFront();
}

/** @param {Error} error */
function unlessClosed(error) {
  if (!/closed|no such frame|detached/i.test(error.message)) throw error;
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
  await inFront(consent);
  await until("the form to type into", () => textOf(consent, "#type"));
  for (const [selector, value] of /** @type {[string, string | undefined][]} */ ([["#user", user], ["#password", password]])) {
    if (value === undefined) continue;
    await consent.focus(selector);
    await consent.evaluate(`document.querySelector(${JSON.stringify(selector)}).select()`);
    await consent.keyboard.type(value);
  }
  await tick(consent, "#remember", remember);
  await tick(consent, "#typed-always", always);
  await confirm(consent, "#submit");
}

/**
 * Use the stored account that readmit's window names.
 * @param {Page} consent
 * @param {{always?: boolean}} [options]
 */
export async function useStored(consent, { always = false } = {}) {
  await inFront(consent);
  await until("the stored account", () => textOf(consent, "#use"));
  await tick(consent, "#always", always);
  await confirm(consent, "#use");
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
 * @param {Page[]} [except] windows that are open already
 */
export async function challenged(browser, page, url, except = []) {
  for (let attempt = 1; ; attempt++) {
    await page.bringToFront();
    void browser.begin(page, url);
    try {
      const consent = await browser.consentWindow(8000, except);
      await until("its question", () => consent.evaluate("Boolean(document.querySelector('form:not([hidden])'))"), { timeout: 5000 });
      return consent;
    } catch (error) {
      if (attempt === 3) throw error;
      await browser.goto(page, "about:blank");
    }
  }
}

/**
 * readmit keeps silent about a page's challenge, and the popup says why.
 * @param {import("./browser.js").Browser} browser
 * @param {Page} page
 * @param {RegExp} why the sentence
 * @param {Page[]} [except] windows that are open for another question
 */
export async function notAsked(browser, page, why, except = []) {
  const key = `unasked:${browser.tabOf(page)}`;
  // Not by the popup at first: as a tab in front it would itself be a reason.
  await until(`a reason like ${why}`, () => browser.control.evaluate(
    `(globalThis.browser ?? chrome).storage.session.get("${key}").then((kept) => Boolean(kept["${key}"]))`));
  const shown = await Promise.all((await browser.browser.pages()).map(async (one) =>
    (await browser.addressOf(one).catch(() => "")).includes("ui/consent.html") && !except.includes(one)));
  if (shown.includes(true)) throw new Error("readmit's window is open");
  const popup = await browser.popupFor(page);
  await press(popup, "#unasked summary");
  await shows(popup, why);
  await popup.close();
  await page.bringToFront();
}

/**
 * readmit's window closes by itself: the browser has taken over, or the page opened.
 * @param {import("./browser.js").Browser} browser
 */
export async function windowGone(browser) {
  await until("readmit's window to close", async () => {
    const shown = await Promise.all((await browser.browser.pages()).map((page) => browser.addressOf(page).catch(() => "")));
    return !shown.some((address) => address.includes("ui/consent.html"));
  });
}

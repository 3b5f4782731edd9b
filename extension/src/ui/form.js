// The popup's offer to fill in the site's own sign-in form: a button for each
// stored account. Buttons that just appeared take no press: it was meant for
// what was there before.

import { faultView } from "../lib/report.js";
import { byId, make, setText, t } from "./dom.js";
import { Guard, settleTime } from "./guard.js";
import { quotable } from "./site.js";

/** @typedef {NonNullable<import("./types.js").State["form"]>} Offer */
/** @typedef {Offer["accounts"][number]} Account */
/** @typedef {{fill: (account: string, offer: Offer, onceMore: boolean) => void, forget: (account: string) => void}} Acts */

const texts = /** @type {const} */ ({ both: "formText", password: "formPasswordText", name: "formNameText", filled: "formFilled" });
const guard = new Guard(() => performance.now());

let shown = "";
/** @type {string | undefined} the page that was offered last */
let about;
/** @type {Acts} */
let acts;

/** @param {Acts} does */
export function setUpForm(does) {
  acts = does;
}

/**
 * @param {Offer | null} offer
 * @returns {string} what to tell who does not see it appear
 */
export function showForm(offer) {
  const key = JSON.stringify(offer);
  const before = byId("form", HTMLElement).hidden;
  byId("form", HTMLElement).hidden = !offer;
  if (key === shown) return ""; // replaced buttons would lose the focus
  shown = key;
  setText(byId("form-text", HTMLElement), textOf(offer));
  byId("keep", HTMLElement).hidden = !offer?.canKeep;
  if (offer?.url !== about) byId("keep-form", HTMLFormElement).reset(); // what was typed was meant for another page
  about = offer?.url;
  byId("form-accounts", HTMLElement).replaceChildren(...(offer ? offer.accounts.map((account) => itemOf(account, offer)) : []));
  settle();
  return before && offer && offer.kind !== "filled" ? t("formAppeared") : "";
}

/** Not `disabled`: that would throw away the focus of a person who is on the button. */
function settle() {
  guard.disturb();
  const buttons = byId("form-accounts", HTMLElement).querySelectorAll("button");
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  setTimeout(() => { for (const button of buttons) button.removeAttribute("aria-disabled"); }, settleTime);
}

/** @param {Offer | null} offer */
function textOf(offer) {
  if (!offer) return "";
  if (offer.fault) {
    const { title, summary } = faultView(offer.fault, offer.url);
    return `${title} ${summary}`;
  }
  return t(offer.accounts.length === 0 && offer.kind !== "filled" ? "formNobody" : texts[offer.kind]);
}

/**
 * @param {Account} one
 * @param {Offer} offer
 */
function itemOf({ account, state, onceMore = false }, offer) {
  const { kind } = offer;
  const name = quotable(account);
  const item = make("li", "form-account");
  const fill = (/** @type {boolean} */ again) => () => acts.fill(account, offer, again);
  // A user name alone gives nothing away, whatever became of the password.
  if (kind === "name" || state === "ready") {
    item.append(button(t(kind === "name" ? "formNameButton" : "formButton", name), fill(false)));
    return item;
  }
  item.append(make("p", "", t(state === "unseen" ? "formUnseen" : "formRefused", name)));
  if (onceMore) item.append(button(t(state === "unseen" ? "formAgainButton" : "onceMoreButton"), fill(true), name));
  item.append(button(t("forgetButton"), () => acts.forget(account), name));
  return item;
}

/**
 * @param {string} label
 * @param {() => void} press
 * @param {string} [account] named where the label does not
 */
function button(label, press, account) {
  const element = make("button", "button quiet-button", label);
  element.type = "button";
  if (account) element.setAttribute("aria-label", `${label} (${account})`);
  element.addEventListener("click", (event) => { if (guard.accepts(event)) press(); });
  return element;
}

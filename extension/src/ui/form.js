// The popup's offer to fill in the site's own sign-in form: one button for each
// stored account. Buttons that just appeared take no press: it was meant for
// what was there before.

import { byId, make, setText, t } from "./dom.js";
import { settleTime } from "./guard.js";
import { quotable } from "./site.js";

/** @typedef {NonNullable<import("./types.js").State["form"]>} Offer */
/** @typedef {Offer["accounts"][number]} Account */

let shown = "";
let appeared = 0;

/** @param {(account: string, onceMore: boolean) => void} fill */
export function setUpForm(fill) {
  byId("form-accounts", HTMLElement).addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!pressed || !event.isTrusted || performance.now() - appeared < settleTime) return;
    fill(String(pressed.dataset.account), pressed.dataset.onceMore === "true");
  });
}

/** @param {Offer | null} offer */
export function showForm(offer) {
  const key = JSON.stringify(offer);
  byId("form", HTMLElement).hidden = !offer;
  if (key === shown) return; // replaced buttons would lose the focus
  shown = key;
  appeared = performance.now();
  setText(byId("form-text", HTMLElement), textOf(offer));
  // Without a password there is nothing to keep yet.
  byId("keep", HTMLElement).hidden = !offer?.canKeep;
  byId("form-accounts", HTMLElement).replaceChildren(...(offer?.accounts ?? []).map((account) => itemOf(account, offer?.kind)));
}

/** @param {Offer | null} offer */
function textOf(offer) {
  if (!offer) return "";
  if (offer.accounts.length === 0) return t("formNobody");
  return t(offer.kind === "name" ? "formNameText" : "formText");
}

/**
 * @param {Account} account
 * @param {Offer["kind"] | undefined} kind
 */
function itemOf({ account, state, onceMore = false }, kind) {
  const name = quotable(account);
  const item = make("li", "");
  // A user name alone gives nothing away, whatever became of the password.
  const mayFill = kind === "name" || state === "ready";
  if (!mayFill) item.append(make("p", "", t(state === "unseen" ? "formUnseen" : "formRefused", name)));
  if (!mayFill && !onceMore) return item;
  const button = make("button", "button quiet-button", mayFill ? t(kind === "name" ? "formNameButton" : "formButton", name) : t("onceMoreButton"));
  button.type = "button";
  button.dataset.account = account;
  button.dataset.onceMore = String(!mayFill);
  if (!mayFill) button.setAttribute("aria-label", t("onceMoreName", name));
  item.append(button);
  return item;
}

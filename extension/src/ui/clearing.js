// The part of the popup in which the person says how much to clear. Nothing is
// cleared before they press its button, and what other sites lose is named
// first.

import { askToClear } from "../lib/browser.js";
import { byId, make, setText, showLines, t } from "./dom.js";
import { choicesOf, notesOf, sharingLines } from "./grades.js";

/** @typedef {import("./types.js").Inventory} Inventory */
/** @typedef {import("./grades.js").Choice} Choice */
/** @typedef {{grade: import("../lib/clear.js").Grade, confirmed: boolean}} Agreed */

const section = byId("clearing", HTMLElement);
const list = byId("clearing-grades", HTMLElement);
const go = byId("clearing-go", HTMLButtonElement);
const sharing = byId("clearing-shared", HTMLElement);

/** @type {Inventory | null} */
let found = null;
/** @type {Choice[]} */
let choices = [];

/**
 * @param {(agreed: Agreed) => void} onAgreed
 * @param {() => void} onKept  the person keeps the data
 */
export function setUpClearing(onAgreed, onKept) {
  list.addEventListener("change", showChosen);
  go.addEventListener("click", () => {
    const { grade } = chosen();
    if (grade === "shared") showSharing();
    else agree(grade, false, onAgreed);
  });
  byId("clearing-confirm", HTMLElement).addEventListener("click", () => { agree("shared", true, onAgreed); });
  for (const id of ["clearing-keep", "clearing-keep-shared"]) {
    byId(id, HTMLElement).addEventListener("click", () => {
      hideClearing();
      onKept();
    });
  }
}

/**
 * @param {Agreed["grade"]} grade
 * @param {boolean} confirmed
 * @param {(agreed: Agreed) => void} onAgreed
 */
function agree(grade, confirmed, onAgreed) {
  // Asked for in the click itself: later the browser takes it for nobody's wish.
  void askToClear().catch(() => false).then(() => { onAgreed({ grade, confirmed }); });
}

/** @param {Inventory} inventory */
export function showClearing(inventory) {
  found = inventory;
  choices = choicesOf(inventory, t);
  setText(byId("clearing-text", HTMLElement), t("clearingText", inventory.site));
  list.replaceChildren(...choices.map((choice) => itemOf(choice, choice.grade === inventory.chosen)));
  showLines(byId("clearing-notes", HTMLElement), notesOf(inventory, t));
  sharing.hidden = true;
  section.hidden = false;
  showChosen();
  byId("clearing-title", HTMLElement).focus();
}

export function hideClearing() {
  section.hidden = true;
}

export function isClearingShown() {
  return !section.hidden;
}

/**
 * @param {Choice} choice
 * @param {boolean} checked
 */
function itemOf({ grade, label, loss, offered }, checked) {
  const item = make("div", "grade");
  const radio = make("input", "");
  radio.type = "radio";
  radio.name = "grade";
  radio.id = `grade-${grade}`;
  radio.value = grade;
  radio.disabled = !offered;
  radio.checked = checked && offered;
  const described = make("p", "quiet", loss);
  described.id = `loss-${grade}`;
  radio.setAttribute("aria-describedby", described.id);
  const words = make("label", "", label);
  words.htmlFor = radio.id;
  item.append(radio, words, described);
  return item;
}

function chosen() {
  const { value } = /** @type {HTMLInputElement} */ (list.querySelector("input:checked"));
  return /** @type {Choice} */ (choices.find(({ grade }) => grade === value));
}

function showChosen() {
  setText(go, chosen().go);
  sharing.hidden = true;
}

function showSharing() {
  if (!found) return;
  showLines(byId("clearing-sites", HTMLElement), sharingLines(found.shared, t));
  sharing.hidden = false;
  byId("clearing-shared-title", HTMLElement).focus();
}

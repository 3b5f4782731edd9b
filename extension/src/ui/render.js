// A Screen into the popup's document. The elements are always the same ones,
// so that focus and a screen reader's place survive a change.

import { byId, make, setText, showLines, showSite, showText } from "./dom.js";
import { safeUrl, sameButton } from "./model.js";
import { splitPort } from "./site.js";

/** @typedef {import("./types.js").Button} Button */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./model.js").Screen} Screen */

/** @type {Button[]} */
let others = [];

/**
 * @param {Screen} screen
 * @param {State} state
 * @param {(key: string, ...values: string[]) => string} t
 */
export function render(screen, state, t) {
  document.documentElement.dataset.kind = screen.kind;
  const site = byId("site", HTMLElement);
  site.hidden = !screen.site;
  const { host, port } = splitPort(screen.site);
  showSite(site, host, port);
  setText(byId("title", HTMLElement), screen.title);
  setText(byId("summary", HTMLElement), screen.summary);
  showText(byId("certainty", HTMLElement), screen.certainty);
  byId("private", HTMLElement).hidden = !state.private;

  byId("notes-box", HTMLElement).hidden = screen.notes.length === 0;
  showLines(byId("notes", HTMLElement), screen.notes);
  const main = byId("main", HTMLButtonElement);
  showStep(main, screen.main, "main", t);
  if (screen.notes.length > 0) main.setAttribute("aria-describedby", "notes");
  else main.removeAttribute("aria-describedby");
  showStep(byId("second", HTMLButtonElement), screen.second, "second", t);

  byId("why", HTMLElement).hidden = screen.why.length === 0;
  showLines(byId("why-lines", HTMLElement), screen.why);
  showOthers(screen.other, t);
  setText(byId("help", HTMLElement), screen.help);

  byId("fault", HTMLElement).hidden = !screen.faultTitle;
  setText(byId("fault-title", HTMLElement), screen.faultTitle);
  setText(byId("fault-text", HTMLElement), screen.faultSummary);
  byId("for-it", HTMLElement).hidden = screen.forIt.length === 0;
  showLines(byId("for-it-lines", HTMLElement), screen.forIt);

  byId("data", HTMLElement).hidden = !state.clearable;
  byId("look-box", HTMLElement).hidden = !state.mayLook;
  byId("watch-box", HTMLElement).hidden = !state.mayWatch || state.watchedAt !== null;
  byId("watching-box", HTMLElement).hidden = state.watchedAt === null;
  if (state.watchedAt !== null) setText(byId("watching-text", HTMLElement), t("watchingText", clock(state.watchedAt, t)));
  showText(byId("parts", HTMLElement), state.parts ? t("partsText", String(state.parts.images), String(state.parts.files), String(state.parts.calls)) : "");
  byId("undo-box", HTMLElement).hidden = !state.undo;
  if (state.undo) {
    setText(byId("undo-text", HTMLElement), t("undoText", state.undo.host, String(state.undo.count), clock(state.undo.expires, t)));
  }
  byId("banner", HTMLInputElement).checked = state.settings.banner;
  byId("probes", HTMLInputElement).checked = state.settings.probes;
  byId("ask-private", HTMLInputElement).checked = state.settings.private;
  byId("fill", HTMLInputElement).checked = state.settings.fill;
  byId("unasked", HTMLElement).hidden = !state.unasked;
  if (state.unasked) setText(byId("unasked-text", HTMLElement), t(state.unasked.text, state.unasked.host));
}

/**
 * @param {number} at epoch ms
 * @param {(key: string, ...values: string[]) => string} t
 */
function clock(at, t) {
  return new Date(at).toLocaleTimeString(t("textLanguage"), { hour: "numeric", minute: "2-digit" });
}

/**
 * @param {HTMLButtonElement} element
 * @param {Button | null} button
 * @param {string} place
 * @param {(key: string, ...values: string[]) => string} t
 */
function showStep(element, button, place, t) {
  element.hidden = !button;
  element.dataset.place = place;
  setText(/** @type {HTMLElement} */ (element.querySelector(".label")), button?.label ?? "");
  showText(/** @type {HTMLElement} */ (element.querySelector(".opens")), opensText(button?.url, t));
}

/**
 * Where a button leads when it leaves the browser's page: said beside its label.
 * @param {string | undefined} url
 * @param {(key: string, ...values: string[]) => string} t
 */
export function opensText(url, t) {
  const safe = safeUrl(url);
  return safe ? t("opensText", new URL(safe).host) : "";
}

/**
 * @param {Button[]} buttons
 * @param {(key: string, ...values: string[]) => string} t
 */
function showOthers(buttons, t) {
  byId("other", HTMLElement).hidden = buttons.length === 0;
  if (buttons.length === others.length && buttons.every((button, i) => sameButton(button, others[i]))) return;
  others = buttons;
  byId("other-steps", HTMLElement).replaceChildren(...buttons.map((button, i) => {
    const element = make("button", "button quiet-button");
    element.type = "button";
    element.append(make("span", "label"), make("span", "opens"));
    showStep(element, button, `other:${i}`, t);
    const item = make("li", "");
    item.append(element);
    return item;
  }));
}

/** The step's button that the person is on: "main", "second", "other:0" ... or "". */
export function placeOf() {
  const on = document.activeElement?.closest("[data-place]");
  return on instanceof HTMLElement && !on.hidden ? on.dataset.place ?? "" : "";
}

// Small tools of readmit's own pages: words of the catalogue, and text into
// elements. Everything is set as text; nothing here can make markup of it.

import { api } from "../lib/browser.js";
import { splitHost } from "./site.js";

/**
 * The words for `key` in the person's language.
 * @param {string} key
 * @param {...string} values what stands for $1, $2 ...
 */
export function t(key, ...values) {
  return api.i18n.getMessage(key, values) || key;
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`no ${kind.name} with id ${id}`);
  return found;
}

/** Put the catalogue's words, language and direction into the page as it was loaded. */
export function localise() {
  document.documentElement.lang = t("textLanguage");
  document.documentElement.dir = t("textDirection");
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = t(/** @type {HTMLElement} */ (element).dataset.text ?? "");
  }
}

/**
 * Set text only where it differs: a live region that is written again speaks again.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Show an element with its text, or hide it when there is none.
 * @param {HTMLElement} element
 * @param {string | undefined} text
 */
export function showText(element, text) {
  setText(element, text ?? "");
  element.hidden = !text;
}

/**
 * Replace the items of a list when they differ.
 * @param {HTMLElement} list
 * @param {string[] | undefined} lines
 */
export function showLines(list, lines) {
  const wanted = lines ?? [];
  const shown = [...list.children].map((item) => item.textContent);
  if (shown.length !== wanted.length || shown.some((line, i) => line !== wanted[i])) {
    list.replaceChildren(...wanted.map((line) => make("li", "", line)));
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

/**
 * Write a host whole, the part that its owner registered in bold, with places
 * to break a line after each dot. It is never cut.
 * @param {HTMLElement} element
 * @param {string} host
 * @param {string} port
 */
export function showSite(element, host, port) {
  const { before, owner } = splitHost(host);
  element.dir = "ltr";
  element.replaceChildren(
    ...breakable(before),
    ...(owner ? [strong(owner)] : []),
    ...(port ? [make("span", "quiet", `:${port}`)] : []),
  );
}

/** @param {string} text */
function strong(text) {
  const bold = document.createElement("strong");
  bold.append(...breakable(text));
  return bold;
}

/** @param {string} text */
function breakable(text) {
  return text.split(/(?<=\.)/).flatMap((part) => (part ? [document.createTextNode(part), document.createElement("wbr")] : []));
}

/** Resolves when what was just rendered has been painted. */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)));
  });
}

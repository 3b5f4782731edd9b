// A site's own sign-in form, as far as readmit touches it. What runs inside the
// page is one self-contained function: it looks for the fields of the form and
// sets them when told to. It reads no field, and sends nothing but what it found.

import { api } from "./browser.js";

const pageTime = 2000; // a page that answers no script is not waited for (ms)

/** @typedef {"both" | "password" | "name" | null} Kind what the form asks for: a user name, a password, or both; null: there is none */
/**
 * @typedef {object} Line the open form, in the very document that was looked at
 * @property {Kind} kind
 * @property {(values: {account: string, secret?: string} | {clear: true}) => Promise<boolean>} set
 *   false when the document, or its form, went before anything was filled in
 * @property {(told: {sent: () => void, formless: () => void, changed: () => void, gone: () => void}) => void} watch
 *   hear that the form was sent, that there is none which could say so, that the person wrote into its password field, that the document has gone
 * @property {() => void} close
 */

const beginning = "form:";
/** @type {Map<string, {tabId: number, origin: string, found: (port: chrome.runtime.Port) => void}>} */
const awaited = new Map();

/**
 * Whether the page of a tab shows a sign-in form of an origin.
 * @param {number} tabId
 * @param {string} origin
 * @returns {Promise<Kind | undefined>} undefined when the page could not be looked at
 */
export function formIn(tabId, origin) {
  return inPage(tabId, origin, "");
}

/**
 * Open a line to the form in a tab. It ends with the document, so that what is
 * sent on it reaches no other page, whatever the tab shows by then. Whose page
 * it is the browser says, not the page.
 * @param {number} tabId
 * @param {string} origin
 * @returns {Promise<Line | null>} null when there is no such form
 */
export async function openLine(tabId, origin) {
  const name = beginning + crypto.randomUUID();
  const port = await within(new Promise((resolve) => {
    awaited.set(name, { tabId, origin, found: resolve });
    void inPage(tabId, origin, name).then((kind) => { if (!kind) resolve(null); });
  }), null).finally(() => { awaited.delete(name); });
  return port && lineOf(port);
}

/**
 * @param {chrome.runtime.Port} port
 * @returns {Promise<Line | null>}
 */
async function lineOf(port) {
  let open = true;
  let formless = false;
  /** @type {(kind: Kind) => void} */
  let answered = () => {};
  /** @type {Record<string, (() => void) | undefined>} */
  let told = {};
  port.onMessage.addListener((/** @type {any} */ { kind, event }) => {
    if (event === "formless") formless = true;
    if (event === "sent" || event === "formless" || event === "changed") told[event]?.();
    else answered(kind === "both" || kind === "password" || kind === "name" ? kind : null);
  });
  port.onDisconnect.addListener(() => {
    open = false;
    answered(null);
    told.gone?.();
  });
  /** @param {object} message */
  const ask = (message) => /** @type {Promise<Kind>} */ (new Promise((resolve) => {
    answered = resolve;
    if (open) port.postMessage(message);
    else resolve(null);
  }));
  const kind = await within(ask({}), null);
  return {
    kind,
    // A page that is busy has it all the same.
    set: async (values) => await within(ask(values), "late") !== null,
    watch(listeners) {
      told = listeners;
      if (formless) listeners.formless();
      if (!open) listeners.gone();
    },
    close: () => port.disconnect(),
  };
}

/**
 * The line of a page that was told to open one; nobody else's.
 * @param {chrome.runtime.Port} port
 * @returns {boolean} whether it is one of these
 */
export function handleForm(port) {
  if (!port.name.startsWith(beginning)) return false;
  const { sender } = port;
  const wanted = awaited.get(port.name);
  const right = wanted && sender?.id === api.runtime.id && sender.tab?.id === wanted.tabId && sender.frameId === 0
    && URL.canParse(sender.url ?? "") && new URL(sender.url ?? "").origin === wanted.origin
    && (sender.origin === undefined || sender.origin === wanted.origin); // "null" for a sandboxed page
  if (right) wanted.found(port);
  else port.disconnect();
  return true;
}

/**
 * @param {number} tabId
 * @param {string} origin
 * @param {string} line
 * @returns {Promise<Kind | undefined>}
 */
async function inPage(tabId, origin, line) {
  const run = api.scripting.executeScript({ target: { tabId }, func: signInForm, args: [origin, line] })
    .then(([frame]) => ({ kind: /** @type {Kind} */ (frame?.result ?? null) }), () => null);
  return (await within(run, null))?.kind;
}

/**
 * @template T, L
 * @param {Promise<T>} work
 * @param {L} late
 * @returns {Promise<T | L>}
 */
function within(work, late) {
  return Promise.race([work, /** @type {Promise<L>} */ (new Promise((resolve) => { setTimeout(resolve, pageTime, late); }))]);
}

/**
 * Runs inside the page's top frame, apart from the page's own scripts. A field
 * of the page may be named like a property of its form, so that attributes are
 * read by the prototype's own functions.
 * @param {string} origin the only one that is meant
 * @param {string} line   open this line and fill in what comes on it; "" only look
 * @returns {Kind}
 */
function signInForm(origin, line) {
  const attribute = (/** @type {Element} */ e, /** @type {string} */ name) => Element.prototype.getAttribute.call(e, name) ?? "";
  const has = (/** @type {Element} */ e, /** @type {string} */ name) => Element.prototype.hasAttribute.call(e, name);
  const called = (/** @type {Element} */ e) => ["autocomplete", "name", "id"].map((name) => attribute(e, name)).join(" ");
  const isUser = (/** @type {Element} */ e) => /user|e-?mail|log-?in|account|sign-?in|kennung|benutzer|identifier/i.test(called(e));

  /** Whether a person can see a field and write into it. @param {HTMLInputElement} e */
  const isUsable = (e) => {
    if (e.readOnly || e.matches(":disabled") || e.closest("[aria-hidden=true], [inert]") || !e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    let { left, top, right, bottom } = e.getBoundingClientRect();
    for (let at = /** @type {Element | null} */ (e); at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY, clipPath } = getComputedStyle(at);
      if (clipPath !== "none") return false;
      if (overflowX === "visible" && overflowY === "visible") continue;
      const around = at.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, around.left), Math.max(top, around.top), Math.min(right, around.right), Math.min(bottom, around.bottom)];
    }
    return right - left > 1 && bottom - top > 1 && right + scrollX > 1 && bottom + scrollY > 1;
  };

  /** Whether what is written into a field is sent to this site, in this tab. @param {HTMLInputElement} field */
  const staysHere = ({ form }) => {
    if (!form) return true; // a script of the page sends it
    const stays = (/** @type {Element} */ e, /** @type {string} */ action, /** @type {string} */ target) =>
      (!has(e, action) || (URL.canParse(attribute(e, action), document.baseURI) && new URL(attribute(e, action), document.baseURI).origin === origin))
      && /^(_self)?$/i.test(attribute(e, target));
    const buttons = [...document.querySelectorAll("[formaction], [formtarget]")].filter((e) => /** @type {HTMLButtonElement} */ (e).form === form);
    const base = document.querySelector("base[target]");
    return !(base && !has(form, "target") && !/^(_self)?$/i.test(attribute(base, "target"))) && stays(form, "action", "target") && buttons.every((e) => stays(e, "formaction", "formtarget"));
  };

  /** Whether a form is there for something else. @param {HTMLInputElement} field */
  const isOther = ({ form }) => form !== null && /regist|sign-?up|subscri|newsletter|forgot|reset|recover/i.test(["name", "id", "class", "action"].map((name) => attribute(form, name)).join(" "));

  const codes = /(^|[^a-z])(otp|one-time|token|totp|mfa|2fa|code|pin|cvv|cvc|key)([^a-z]|$)/i;

  /** @returns {{name?: HTMLInputElement, password?: HTMLInputElement}} */
  const find = () => {
    if (window.top !== window || location.origin !== origin || window.origin !== origin) return {};
    const fields = [...document.querySelectorAll("input")].filter(isUsable);
    const passwords = fields.filter((e) => e.type === "password");
    const texts = fields.filter((e) => e.type === "text" || e.type === "email" || e.type === "tel");
    if (passwords.length > 1) return {}; // it is being changed
    const [password] = passwords;
    if (password) {
      if (/new-/i.test(called(password)) || codes.test(called(password)) || isOther(password) || !staysHere(password)) return {};
      const before = texts.filter((e) => e.form === password.form && (e.compareDocumentPosition(password) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
      const [only] = before;
      const name = before.find((e) => /username/i.test(attribute(e, "autocomplete"))) ?? before.find(isUser) ?? (before.length === 1 && only.form ? only : undefined);
      // Whose name goes where must be clear; without one it must be clear that a password is meant.
      if (!name && (before.length > 0 || !/pass|pwd|kennwort|contrase|senha|wachtwoord|hasl/i.test(called(password)))) return {};
      return { password, name };
    }
    const names = texts.filter(isUser);
    const [name] = names;
    return names.length === 1 && !codes.test(called(name)) && texts.filter((e) => e.form === name.form).length === 1 && staysHere(name) && !isOther(name) ? { name } : {};
  };
  const kindOf = (/** @type {ReturnType<typeof find>} */ { name, password }) => (password ? (name ? "both" : "password") : name ? "name" : null);

  let ours = false; // what happens in the field is readmit's doing
  /** @param {HTMLInputElement | undefined} field @param {string | undefined} value */
  const set = (field, value) => {
    if (!field || value === undefined) return;
    ours = true;
    if (value) field.focus(); // not to empty it: the person may be elsewhere by then
    // As typing does it: frameworks keep a setter of their own on the element.
    /** @type {any} */ (Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")).set.call(field, value);
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    ours = false;
  };

  const found = kindOf(find());
  if (line && found) {
    /** @type {HTMLInputElement | undefined} */
    let filled;
    const port = /** @type {any} */ (globalThis.browser ?? globalThis.chrome).runtime.connect({ name: line });
    const tell = (/** @type {string} */ event) => { if (filled) port.postMessage({ event }); };
    // What was not sent is taken out again; what the person wrote instead is theirs.
    const empty = () => {
      set(filled, "");
      filled = undefined;
    };
    port.onMessage.addListener((/** @type {{account?: string, secret?: string, clear?: boolean}} */ { account, secret, clear }) => {
      const now = find(); // the page may have changed meanwhile
      const kind = kindOf(now);
      if (clear) empty();
      if (account !== undefined && kind === found) {
        set(now.name, account);
        set(now.password, secret);
        if (secret !== undefined) filled = now.password;
        if (filled && !filled.form) tell("formless");
      }
      port.postMessage({ kind: account === undefined || kind === found ? kind : null });
    });
    port.onDisconnect.addListener(empty);
    addEventListener("pagehide", empty);
    addEventListener("submit", ({ target }) => {
      if (!filled?.form || target !== filled.form) return;
      tell("sent");
      filled = undefined;
    }, true);
    addEventListener("input", ({ isTrusted, target }) => {
      if (ours || !isTrusted || target !== filled) return;
      tell("changed");
      filled = undefined;
    }, true);
  }
  return found;
}

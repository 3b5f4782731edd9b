// A site's own sign-in form, as far as readmit touches it. What runs inside the
// page is one self-contained function: it looks for the fields of the form and
// sets them when told to. It reads no field, and sends nothing but what it found.

import { api } from "./browser.js";

const pageTime = 2000; // a page that answers no script is not waited for (ms)

/** @typedef {"password" | "name" | null} Kind the form asks for a password, for a user name alone, or there is none */
/**
 * @typedef {object} Line the open form, in the very document that was looked at
 * @property {Kind} kind
 * @property {(values: {account: string, secret?: string}) => Promise<Kind>} fill what was filled in; null when the document or its form is gone
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
  })).finally(() => { awaited.delete(name); });
  if (!port) return null;
  let open = true;
  const gone = /** @type {Promise<null>} */ (new Promise((resolve) => { port.onDisconnect.addListener(() => { open = false; resolve(null); }); }));
  const next = () => within(Promise.race([gone, new Promise((resolve) => {
    const listen = (/** @type {any} */ message) => {
      port.onMessage.removeListener(listen);
      resolve(message?.kind === "password" || message?.kind === "name" ? message.kind : null);
    };
    port.onMessage.addListener(listen);
  })]));
  const tell = (/** @type {object} */ message) => { if (open) port.postMessage(message); };
  const greeting = next();
  tell({});
  const kind = await greeting;
  return {
    kind,
    fill(values) {
      const done = next();
      tell(values);
      return done;
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
    && URL.canParse(sender.url ?? "") && new URL(sender.url ?? "").origin === wanted.origin;
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
  return (await within(run))?.kind;
}

/**
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T | null>}
 */
function within(work) {
  return Promise.race([work, /** @type {Promise<null>} */ (new Promise((resolve) => { setTimeout(resolve, pageTime, null); }))]);
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
  const attribute = (/** @type {Element} */ e, /** @type {string} */ name) => Element.prototype.getAttribute.call(e, name);
  const here = (/** @type {string | null} */ target) => URL.canParse(target ?? "", document.baseURI) && new URL(target ?? "", document.baseURI).origin === origin;
  const usable = (/** @type {HTMLInputElement} */ e) => !e.disabled && !e.readOnly && e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const says = (/** @type {HTMLInputElement} */ e) => ["autocomplete", "name", "id", "type"].map((name) => attribute(e, name) ?? "").join(" ");

  /** @param {HTMLInputElement} field whether its form is sent to this site */
  const staysHere = (field) => {
    const { form } = field;
    if (!form) return true; // a script of the page sends it
    const buttons = Element.prototype.querySelectorAll.call(form, "[formaction]");
    return (attribute(form, "action") === null || here(attribute(form, "action"))) && [...buttons].every((b) => here(attribute(b, "formaction")));
  };

  /** @returns {{name?: HTMLInputElement, password?: HTMLInputElement}} */
  const find = () => {
    if (window.top !== window || location.origin !== origin) return {};
    const fields = [...document.querySelectorAll("input")].filter(usable);
    const passwords = fields.filter((e) => e.type === "password");
    const texts = fields.filter((e) => e.type === "text" || e.type === "email" || e.type === "tel");
    if (passwords.length > 0) {
      // Several, or a new one: the form changes a password.
      const [password] = passwords;
      if (passwords.length > 1 || /new-password|one-time-code/i.test(says(password)) || !staysHere(password)) return {};
      const before = texts.filter((e) => e.form === password.form && (e.compareDocumentPosition(password) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
      return { password, name: before.find((e) => /username/i.test(says(e))) ?? before.at(-1) };
    }
    const names = texts.filter((e) => /user|e-?mail|log-?in|account|sign-?in|kennung|benutzer|identifier/i.test(says(e)));
    return names.length === 1 && texts.length === 1 && staysHere(names[0]) ? { name: names[0] } : {};
  };
  const kindOf = (/** @type {ReturnType<typeof find>} */ { name, password }) => (password ? "password" : name ? "name" : null);

  /** @param {HTMLInputElement | undefined} field @param {string | undefined} value */
  const set = (field, value) => {
    if (!field || value === undefined) return;
    field.focus();
    // As typing does it: frameworks keep a setter of their own on the element.
    /** @type {any} */ (Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")).set.call(field, value);
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  };

  const found = kindOf(find());
  if (line && found) {
    const port = /** @type {any} */ (globalThis.browser ?? globalThis.chrome).runtime.connect({ name: line });
    port.onMessage.addListener((/** @type {{account?: string, secret?: string}} */ { account, secret }) => {
      const now = find(); // the page may have changed meanwhile
      if (account !== undefined) {
        set(now.name, account);
        set(now.password, secret);
      }
      port.postMessage({ kind: kindOf(now) });
    });
  }
  return found;
}

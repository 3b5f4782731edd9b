// readmit's own window: may this sign-in be sent to this site?
//
// A yes counts only when a person made it, in a window that has been still for
// half a second. Whatever else happens (Esc, closing, silence) is no yes. What
// is typed goes to the background in one message, on a line that nobody else
// hears, and is cleared here at once.

import { api } from "../lib/browser.js";
import { sheetOf } from "./asking.js";
import { byId, localise, make, painted, setText, showSite, showText, t } from "./dom.js";
import { Guard } from "./guard.js";
import { quotable } from "./site.js";
import { dial, hear, patiently } from "./talk.js";

/** @typedef {import("./types.js").Ask} Ask */

const beatTime = 20_000; // browsers stop an idle background after 30 s
const lookTime = 100;

const id = new URLSearchParams(location.search).get("id") ?? "";
const title = byId("title", HTMLElement);
const said = byId("said", HTMLElement);
const user = byId("user", HTMLInputElement);
const password = byId("password", HTMLInputElement);
const guard = new Guard(() => performance.now());

const line = dial(`consent:${id}`, { onPush: ({ ask }) => { if (ask) show(ask); }, onEnd: noteEnd });

/** @type {Ask | null} */
let current = null;
let ended = false;
/** @type {"choose" | "type" | null} */
let wish = null;
let shownTitle = "";
let trusted = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let stillTimer;

localise();
watchWindow();
listen();
hear("consent/next", (message) => { if (message.id !== id) void close(); }); // one window in all
void open();

async function open() {
  try {
    show(await patiently(line.ask({ type: "consent/open" }), {
      soon: () => { if (!current) document.documentElement.classList.add("waiting"); },
      late: () => { if (!current) failed(); },
    }));
  } catch {
    failed();
    return;
  }
  await painted();
  void line.ask({ type: "consent/painted" }).catch(() => {}); // without it the browser's own box appears
  setInterval(() => { void line.ask({ type: "consent/beat" }).catch(() => {}); }, beatTime); // noteEnd hears of silence
}

/** The background is gone, and with it the request that it held. */
function noteEnd() {
  ended = true;
  if (current?.phase === "gave_up") show({ ...current, host: "" });
  else failed();
}

/** The background does not answer: the browser's own box is what remains. */
function failed() {
  show({
    id, phase: "error", host: current?.host ?? "", port: current?.port ?? "", realm: "",
    accounts: [], canSave: false, canAlways: false, canNever: false, private: false, fault: null,
  });
  current = null;
}

/** @param {Ask} next */
function show(next) {
  const before = current?.phase;
  if (before !== next.phase) {
    wish = null;
    disturb(); // what the buttons mean has changed under the finger
    setText(said, "");
    for (const field of [user, password]) markEmpty(field, false);
  }
  current = next;
  const sheet = sheetOf(next, wish, t);
  if (!sheet.form) password.value = "";
  document.documentElement.dataset.phase = next.phase;
  document.documentElement.classList.remove("waiting");
  setText(title, sheet.title);
  showText(byId("text", HTMLElement), sheet.text);
  byId("who", HTMLElement).hidden = !sheet.showSite;
  showSite(byId("site", HTMLElement), next.host, next.port);
  showText(byId("realm", HTMLElement), sheet.realm);
  byId("private", HTMLElement).hidden = !next.private || !sheet.form;
  byId("choose", HTMLElement).hidden = sheet.form !== "choose";
  byId("type", HTMLElement).hidden = sheet.form !== "type";
  showAccounts(sheet.accounts);
  showSpent(sheet.spent);
  showText(byId("account-why", HTMLElement), sheet.why);
  if (sheet.known && !user.value) {
    user.value = sheet.known;
    byId("remember", HTMLInputElement).checked = next.canSave; // the stored password is to be replaced
  }
  showChoices(next, sheet.accounts.length > 0);
  byId("reload", HTMLElement).hidden = !sheet.canReload;
  byId("close", HTMLElement).hidden = !sheet.canClose;
  byId("hand-back", HTMLElement).hidden = !sheet.canHandBack;
  byId("never", HTMLElement).hidden = !next.canNever || !sheet.form;
  byId("browser", HTMLElement).className = next.phase === "error" ? "button primary" : "button calm";
  // The heading is where the focus comes first: what it is about is read with it.
  const about = ["text", "who", "account-why"].filter((part) => !byId(part, HTMLElement).closest("[hidden]"));
  title.setAttribute("aria-describedby", about.join(" "));
  if (sheet.title !== shownTitle) title.focus();
  shownTitle = sheet.title;
}

/**
 * @param {Ask} next
 * @param {boolean} canChoose
 */
function showChoices(next, canChoose) {
  const remember = byId("remember", HTMLInputElement);
  byId("remember-box", HTMLElement).hidden = !next.canSave;
  byId("cannot-save", HTMLElement).hidden = next.canSave || next.private;
  byId("always-box", HTMLElement).hidden = !next.canAlways;
  byId("always-text", HTMLElement).hidden = !next.canAlways;
  // Only what is remembered can be used without asking.
  const typedAlways = next.canAlways && next.canSave && remember.checked;
  byId("typed-always-box", HTMLElement).hidden = !typedAlways;
  byId("typed-always-text", HTMLElement).hidden = !typedAlways;
  byId("saved", HTMLElement).hidden = !canChoose;
}

/** @param {string[]} accounts */
function showAccounts(accounts) {
  byId("account-one", HTMLElement).hidden = accounts.length !== 1;
  byId("account-many", HTMLElement).hidden = accounts.length < 2;
  setText(byId("account-name", HTMLElement), quotable(accounts[0] ?? ""));
  const list = byId("accounts", HTMLElement);
  const shown = [...list.querySelectorAll("input")].map((input) => input.value);
  if (shown.join("\n") !== accounts.join("\n")) {
    list.replaceChildren(...accounts.map((account, i) => {
      const label = make("label", "check");
      const input = make("input", "");
      Object.assign(input, { type: "radio", name: "account", value: account, checked: i === 0 });
      label.append(input, make("bdi", "", quotable(account)));
      return label;
    }));
  }
  setText(byId("use", HTMLElement), t("useButton", quotable(chosen(accounts))));
}

/**
 * What can be done about passwords that were not accepted. One account alone
 * has its reason above the form already.
 * @param {import("./asking.js").Sheet["spent"]} spent
 */
function showSpent(spent) {
  const rows = byId("spent", HTMLElement);
  const shown = JSON.stringify(spent);
  rows.hidden = spent.length === 0;
  byId("another", HTMLElement).hidden = spent.length === 0;
  byId("once-more-text", HTMLElement).hidden = !spent.some((a) => a.onceMore);
  if (rows.dataset.shown === shown) return; // replaced buttons would lose the focus
  rows.dataset.shown = shown;
  rows.replaceChildren(...spent.map(({ account, why, onceMore }) => {
    const row = make("div", "spent");
    if (spent.length > 1) row.append(make("p", "quiet", why));
    row.append(spentButton("retype", "retypeButton", account, () => retype(account)));
    if (onceMore) {
      const button = spentButton("once-more", "onceMoreButton", account, () => send({ type: "consent/once-more", account }));
      button.setAttribute("aria-describedby", "once-more-text");
      row.append(button);
    }
    row.append(spentButton("forget", "forgetButton", account, () => forget(account)));
    return row;
  }));
  showStill();
}

/**
 * A button about one account. It takes a press as a yes is taken: by a person,
 * in a window that is still.
 * @param {string} name
 * @param {string} label a message key
 * @param {string} account
 * @param {() => unknown} press
 */
function spentButton(name, label, account, press) {
  const button = make("button", `button ${name}`, t(label));
  button.setAttribute("type", "button");
  button.setAttribute("aria-label", `${t(label)} (${quotable(account)})`);
  button.setAttribute("aria-disabled", "true");
  button.addEventListener("click", (event) => { if (guard.accepts(event)) void press(); });
  return button;
}

/** @param {string} account whose new password is typed; "" for one that is not known yet */
function retype(account) {
  user.value = account;
  password.value = "";
  (account ? password : user).focus();
}

/** @param {string} account */
async function forget(account) {
  try {
    show(await line.ask({ type: "consent/forget", account }));
    title.focus(); // the button is gone
    setText(said, t("forgottenText", quotable(account)));
  } catch {
    if (!ended) setText(said, t("forgetFailedText"));
  }
}

/** @param {string[]} accounts */
function chosen(accounts) {
  const picked = accounts.length > 1 ? byId("accounts", HTMLElement).querySelector("input:checked") : null;
  return picked instanceof HTMLInputElement ? picked.value : accounts[0] ?? "";
}

function readyAccounts() {
  return current ? sheetOf(current, wish, t).accounts : [];
}

function listen() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && ["text", "password"].includes(event.target.type);
    if (guard.swallows(event, typing)) {
      disturb();
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (event.key === "Escape" && event.isTrusted && !event.isComposing) {
      event.preventDefault();
      const does = current ? sheetOf(current, wish, t).escape : "hand_back";
      if (does === "hand_back") void handBack();
      if (does === "close") void close();
    }
  }, true);
  for (const button of document.querySelectorAll("form [type=submit]")) {
    // A form is also submitted by Enter in a field, which clicks its button.
    button.addEventListener("click", (event) => { trusted = guard.accepts(event); });
  }
  byId("choose", HTMLElement).addEventListener("submit", (event) => { event.preventDefault(); if (take()) void use(); });
  byId("type", HTMLElement).addEventListener("submit", (event) => { event.preventDefault(); if (take()) void typed(); });
  byId("accounts", HTMLElement).addEventListener("change", () => showAccounts(readyAccounts()));
  byId("remember", HTMLElement).addEventListener("change", () => { if (current) showChoices(current, readyAccounts().length > 0); });
  byId("other", HTMLElement).addEventListener("click", () => turnTo("type"));
  byId("another", HTMLElement).addEventListener("click", () => retype(""));
  byId("saved", HTMLElement).addEventListener("click", () => turnTo("choose"));
  for (const field of [user, password]) {
    field.addEventListener("input", () => {
      markEmpty(field, false);
      if (!document.querySelector("[aria-invalid]")) setText(said, "");
    });
  }
  byId("show", HTMLElement).addEventListener("click", () => showPassword(password.type === "password"));
  byId("browser", HTMLElement).addEventListener("click", (event) => { if (event.isTrusted) void handBack(); });
  byId("never", HTMLElement).addEventListener("click", (event) => {
    if (event.isTrusted) void line.ask({ type: "consent/never" }).catch(() => {}).then(close);
  });
  byId("close", HTMLElement).addEventListener("click", () => { void close(); });
  byId("reload", HTMLElement).addEventListener("click", (event) => {
    if (event.isTrusted) void line.ask({ type: "consent/reload" }).catch(() => {}).then(close);
  });
}

/** Whether the click behind this submission may accept; each click counts once. */
function take() {
  const yes = trusted;
  trusted = false;
  return yes;
}

/** @param {"choose" | "type"} form */
function turnTo(form) {
  if (!current) return;
  wish = form;
  disturb();
  show(current);
  if (form === "type") user.focus();
  else title.focus();
}

/** @param {boolean} visible */
function showPassword(visible) {
  password.type = visible ? "text" : "password";
  const button = byId("show", HTMLElement);
  setText(button, t(visible ? "hidePassword" : "showPassword"));
}

async function use() {
  const account = chosen(readyAccounts());
  if (!account) return;
  await send({ type: "consent/use", account, always: isChecked("always") });
}

async function typed() {
  const empty = [user, password].filter((field) => !field.value);
  if (empty.length > 0) {
    for (const field of empty) markEmpty(field, true);
    setText(said, t("emptyText"));
    empty[0].focus();
    return;
  }
  const remember = isChecked("remember");
  const message = { type: "consent/typed", account: user.value, secret: password.value, remember, always: remember && isChecked("typed-always") };
  showPassword(false);
  const sent = send(message);
  message.secret = "";
  password.value = "";
  await sent;
}

/**
 * Tie what was said to the field that it is about, until something is typed there.
 * @param {HTMLInputElement} field
 * @param {boolean} empty
 */
function markEmpty(field, empty) {
  for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", "said"]]) {
    if (empty) field.setAttribute(name, value);
    else field.removeAttribute(name);
  }
}

/** @param {string} box an id; what is hidden does not count as checked */
function isChecked(box) {
  const input = byId(box, HTMLInputElement);
  return input.checked && !input.closest("[hidden]");
}

/** @param {{type: string} & Record<string, unknown>} message */
async function send(message) {
  if (!current) return;
  const before = current;
  show({ ...current, phase: "sending" });
  try {
    show(await line.ask(message));
  } catch {
    if (ended) return; // and says so already
    show(before);
    setText(said, t("consentErrorSend"));
  }
}

async function handBack() {
  await line.ask({ type: "consent/browser" }).catch(() => {}); // closing the window is a no as well
  await close();
}

/** The background closes the window too; whoever is first. */
async function close() {
  const own = await api.windows.getCurrent();
  if (own.id !== undefined) await api.windows.remove(own.id).catch(() => {});
}

/** Notice whatever could put this window under a key or click meant for another. */
function watchWindow() {
  disturb();
  for (const type of ["focus", "blur", "resize"]) addEventListener(type, disturb);
  document.addEventListener("visibilitychange", disturb);
  const place = () => `${screenX},${screenY}`; // no event tells that a window was moved
  let last = place();
  setInterval(() => {
    if (place() !== last) disturb();
    last = place();
  }, lookTime);
}

/** Take no yes until the window has been still for a while, and show so. */
function disturb() {
  guard.disturb();
  showStill();
}

/** Not `disabled`: that would throw away the focus of a person who is on the button. */
function showStill() {
  clearTimeout(stillTimer);
  const { left } = guard; // once: it runs on, and a timer may come a moment early
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.setAttribute("aria-disabled", String(left > 0));
  if (left > 0) stillTimer = setTimeout(showStill, left);
}

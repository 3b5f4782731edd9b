// The popup, or the same page as a tab (?tab=<id>): why the page of a tab was
// refused and what to do next.
//
// It decides nothing by itself. It asks the background for a State, shows it,
// and tells the background which step the person chose. A State that arrives
// while the person is on a step's button never changes that button.

import { api } from "../lib/browser.js";
import { faultView } from "../lib/report.js";
import { hideClearing, isClearingShown, setUpClearing, showClearing } from "./clearing.js";
import { byId, localise, setText, t } from "./dom.js";
import { emptyState, exampleState } from "./example.js";
import { settleTime } from "./guard.js";
import { busyKey, continuesInPage, effectOf, goneScreen, isAdvised, isShown, safeUrl, screenOf, swaps } from "./model.js";
import { setUpForm, showForm } from "./form.js";
import { setUpKeep } from "./keep.js";
import { hideReport, isReportShown, setUpReport, showReport } from "./report.js";
import { placeOf, render } from "./render.js";
import { showOff } from "./off.js";
import { showStanding } from "./standing.js";
import { setUpSwitches, showSwitches } from "./switches.js";
import { quotable } from "./site.js";
import { ask, dial, hear, patiently } from "./talk.js";

/** @typedef {import("./types.js").Button} Button */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./model.js").Screen} Screen */

const title = byId("title", HTMLElement);
const notice = byId("notice", HTMLElement);
const page = byId("page", HTMLElement);
const asked = new URLSearchParams(location.search).get("tab");
const isExample = new URLSearchParams(location.search).has("example");
const asTab = asked !== null || isExample;

let tabId = -1;
let pageUrl = "about:blank";
/** @type {State | null} */
let state = null;
/** @type {Screen | null} */
let screen = null;
/** @type {State | null} a newer state, kept back while the person is on a button that it would change */
let news = null;
let settling = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settleTimer;
/** @type {Button | null} the step that the advice is about */
let advised = null;
let working = false;
/** @type {string | null} what a state said last */
let lastWords = "";
let gone = false;

localise();
document.documentElement.classList.toggle("popup", !asTab);
setUpReport(() => (isExample ? Promise.reject(new Error("nothing was refused")) : ask({ type: "popup/report", tabId })));
setUpClearing((agreed) => { void clear(agreed); }, () => { title.focus(); });
setUpSwitches(set);
setUpForm({
  fill: (account, { kind, url }, onceMore) => { void fill(() => ask({ type: "popup/fill", tabId, url, kind, account, onceMore })); },
  forget: (account) => {
    void change({ type: "popup/forget", tabId, account }).then((done) => { if (done) say(done.forgotten ? t("forgottenText", quotable(account)) : t("formGone")); });
  },
});
// What is typed goes on a line that no other page of readmit hears.
setUpKeep((typed) => {
  const { url, kind } = state?.form ?? {};
  void fill(() => dial(`keep:${tabId}`, { onPush: () => {}, onEnd: () => {} }).ask({ type: "keep", url, kind, ...typed }));
});
listen();
void open();

async function open() {
  if (isExample) {
    show(exampleState(t));
    return;
  }
  if (!await findTab()) showGone();
  if (asTab) api.tabs.onRemoved.addListener((id) => { if (id === tabId) showGone(); });
  hear("state", (message) => { if (message.state?.tabId === tabId) receive(message.state); });
  try {
    receive(await patiently(ask({ type: "popup/open", tabId }), { soon: showProgress, late: () => showFault("agent_unavailable") }));
  } catch (error) {
    showFault(codeOf(error));
  }
}

/** @returns {Promise<boolean>} false when the page that this tab is about was closed */
async function findTab() {
  const tab = asTab
    ? await api.tabs.get(Number(asked)).catch(() => undefined)
    : (await api.tabs.query({ active: true, currentWindow: true }))[0];
  tabId = tab?.id ?? Number(asked ?? -1);
  if (tab?.url) pageUrl = tab.url;
  return !asTab || tab !== undefined;
}

function showGone() {
  gone = true;
  show(state ?? emptyState(null, tabId));
}

function showProgress() {
  if (screen) return;
  document.documentElement.classList.add("waiting");
  title.focus();
}

/**
 * What to show when the background does not answer: the page must not stay blank.
 * @param {string} code
 */
function showFault(code) {
  if (state || gone) return;
  show(emptyState(faultView(code, pageUrl), tabId));
  state = null; // the reply, should it still come, replaces all of it
}

/** @param {State} next */
function receive(next) {
  if (screen && swaps(screen, look(next), placeOf())) {
    news = next;
    byId("news", HTMLElement).hidden = false;
    say(t("newsText"));
    lastWords = null;
    return;
  }
  show(next);
}

/**
 * Settings and "always here" are those of the state, even when the page is gone.
 * @param {State} next
 */
function look(next) {
  return gone ? goneScreen(t) : screenOf(next, t);
}

/**
 * @param {State} next
 * @param {boolean} [asked] by what the person just did
 */
function show(next, asked = false) {
  const before = screen;
  screen = look(next);
  state = next;
  news = null;
  byId("news", HTMLElement).hidden = true;
  document.documentElement.classList.remove("waiting");
  if (before && (before.title !== screen.title || before.main?.label !== screen.main?.label)) {
    settle();
    hideReport();
    byId("advice", HTMLElement).hidden = true;
  }
  render(screen, next, t);
  if (!next.clearable) hideClearing();
  showSettling();
  const appeared = showForm(gone ? null : next.form);
  showStanding(next.standing, withdraw);
  showOff(next.off, takeBack);
  showSwitches(next);
  const words = [line(next, before), appeared].filter(Boolean).join(" ");
  if (asked || words !== lastWords) say(words); // news that says nothing new leaves what was said, a failure for instance
  lastWords = words;
  // A button that is gone must not leave the person nowhere.
  const on = document.activeElement;
  if (!before || !on || on === document.body || !on.checkVisibility()) title.focus();
}

/** A click that comes right after a change was meant for the button that was there before. */
function settle() {
  settling = true;
  clearTimeout(settleTimer);
  settleTimer = setTimeout(() => { settling = false; showSettling(); }, settleTime);
}

function showSettling() {
  for (const button of page.querySelectorAll("button[data-place]")) button.setAttribute("aria-disabled", String(settling));
}

/**
 * The one line that is spoken when a state is shown.
 * @param {State} next
 * @param {Screen | null} before
 */
function line(next, before) {
  if (next.busy && !gone) return t(busyKey(next.busy));
  if (next.notice && !gone) return t(next.notice);
  if (!before || !screen) return "";
  if (before.title !== screen.title) return screen.title;
  return before.faultTitle !== screen.faultTitle ? screen.faultTitle : "";
}

/** @param {string} text */
function say(text) {
  // What the page shows already is only spoken.
  notice.classList.toggle("heard", Boolean(screen && isShown(screen, text)) || text === t("newsText"));
  setText(notice, text);
}

function listen() {
  page.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement} */ (event.target).closest("button");
    const place = pressed?.dataset.place;
    if (!place || !screen || settling) return;
    const button = place === "main" ? screen.main : place === "second" ? screen.second : screen.other[Number(place.slice("other:".length))];
    if (button) void press(button);
  });
  page.addEventListener("focusout", () => setTimeout(() => { if (news) receive(news); }));
  byId("show-news", HTMLElement).addEventListener("click", () => {
    if (news) show(news);
    title.focus();
  });
  byId("help", HTMLElement).addEventListener("click", () => {
    if (isReportShown()) hideReport();
    else if (screen) void showReport(screen, state?.view?.status);
  });
  byId("look", HTMLElement).addEventListener("click", () => { void change({ type: "popup/look", tabId }); });
  byId("watch", HTMLElement).addEventListener("click", () => { void change({ type: "popup/watch", tabId, on: true }); });
  byId("unwatch", HTMLElement).addEventListener("click", () => { void change({ type: "popup/watch", tabId, on: false }); });
  byId("undo", HTMLElement).addEventListener("click", () => { void change({ type: "popup/undo", tabId }); });
  byId("clear-open", HTMLElement).addEventListener("click", () => { void openClearing(); });
  byId("advice-reload", HTMLElement).addEventListener("click", () => { if (advised) void take(advised); });
  for (const [id, name] of [["banner", "banner"], ["ask-private", "private"], ["probes", "probes"], ["fill", "fill"]]) {
    byId(id, HTMLInputElement).addEventListener("change", (event) => {
      void setSetting(name, /** @type {HTMLInputElement} */ (event.target));
    });
  }
}

/** @param {Button} button */
async function press(button) {
  if (working || !screen) return;
  if (isExample) {
    say(t("exampleSaid"));
    return;
  }
  switch (effectOf(button, screen.general)) {
    case "close":
      if (screen.kind === "refused") await ask({ type: "popup/later", tabId }).catch(() => {}); // nothing is lost but quiet
      await leave();
      return;
    case "general":
      showMeaning();
      return;
    case "report":
      await showReport(screen, state?.view?.status);
      return;
    case "advice":
      showAdvice(button);
      return;
    case "clear":
      await openClearing(button.step);
      return;
    case "open":
      if (isAdvised(button.action)) await ask({ type: "popup/began", tabId, action: button.action, step: button.step ?? 0 }).catch(() => {}); // it is only not counted
      await api.tabs.create({ url: safeUrl(button.url) });
      return;
    case "act":
      await take(button);
  }
}

let clearingStep = 0; // the plan's, where its button opened the choice

/** @param {number} [step] */
async function openClearing(step = 0) {
  try {
    const { inventory } = await patiently(ask({ type: "popup/clearing", tabId }), { soon: () => say(t("busyStep")), late: () => say(t("slowText")) });
    if (!inventory) return;
    clearingStep = step;
    say("");
    showClearing(inventory);
  } catch (error) {
    say(failureText(error));
  }
}

/** @param {import("./clearing.js").Agreed} agreed */
async function clear({ grade, confirmed }) {
  if (working || !isClearingShown()) return;
  hideClearing();
  // Past the cache is what a reload does.
  if (grade === "page") await change({ type: "popup/act", tabId, action: "reload_page", step: 0 });
  else await change({ type: "popup/act", tabId, action: "clear_site_data", step: clearingStep, grade, confirmed });
}

/**
 * Have the background take a step.
 * @param {Button} button
 */
async function take(button) {
  if (await change({ type: "popup/act", tabId, action: button.action, step: button.step ?? 0 }) && continuesInPage(button.action)) await leave();
}

/** @param {() => Promise<any>} filling */
async function fill(filling) {
  if (working) {
    say(t("busyStep"));
    return;
  }
  const reply = await during(filling, { busy: t("formBusy") });
  if (reply?.filled) await leave();
  else if (reply) say(t("formGone"));
}

/**
 * @param {{type: string} & Record<string, unknown>} message
 * @returns {Promise<any>} the background's reply, null when it was not done
 */
function change(message) {
  return during(() => ask(message));
}

/**
 * Have the background do something. What arrives from now on is the answer to
 * the person's own press, so the focus moves off the button and news may show.
 * @param {() => Promise<any>} work
 * @param {Record<string, string>} [words] for failures, by code, where there are better ones
 * @returns {Promise<any>} its reply, null when it was not done
 */
async function during(work, words = {}) {
  if (isExample || working) return null;
  working = true;
  say(""); // what was said before is spoken again when it happens again
  page.setAttribute("aria-busy", "true");
  title.focus();
  try {
    const reply = await patiently(work(), { soon: () => say(t("busyStep")), late: () => say(t("slowText")) });
    const next = /** @type {State | undefined} */ (reply.state ?? (reply.settings ? reply : undefined));
    if (next) show(next, true);
    return reply;
  } catch (error) {
    say(words[codeOf(error)] ?? failureText(error));
    return null;
  } finally {
    working = false;
    page.removeAttribute("aria-busy");
  }
}

/**
 * @param {string} name
 * @param {HTMLInputElement} box
 */
async function setSetting(name, box) {
  const said = byId("settings-said", HTMLElement);
  setText(said, "");
  try {
    receive(await ask({ type: "popup/setting", tabId, name, value: box.checked }));
  } catch (error) {
    box.checked = !box.checked; // as it was, and still is
    setText(said, failureText(error));
  }
}

/**
 * @param {string} id
 * @returns {Promise<string>} what went wrong, or ""
 */
function withdraw(id) {
  return set({ type: "popup/withdraw", id });
}

/**
 * @param {{type: string} & Record<string, unknown>} message
 * @returns {Promise<string>} what went wrong, or ""
 */
async function set(message) {
  try {
    receive(await ask({ ...message, tabId }));
    return "";
  } catch (error) {
    return failureText(error);
  }
}

/**
 * @param {string} origin
 * @returns {Promise<string>} what went wrong, or ""
 */
async function takeBack(origin) {
  try {
    receive(await ask({ type: "popup/off", tabId, origin, off: false }));
    return "";
  } catch (error) {
    return failureText(error);
  }
}

/** @param {Button} button */
function showAdvice(button) {
  advised = button;
  setText(byId("advice-title", HTMLElement), button.label);
  setText(byId("advice-text", HTMLElement), t(`advice_${button.action}`));
  byId("advice", HTMLElement).hidden = false;
  byId("advice-title", HTMLElement).focus();
}

function showMeaning() {
  const meaning = byId("meaning", HTMLDetailsElement);
  meaning.open = true;
  meaning.querySelector("summary")?.focus();
}

/** @param {unknown} error */
function failureText(error) {
  return `${faultView(codeOf(error), pageUrl).title} ${t("failedStep")}`;
}

/** @param {unknown} error */
function codeOf(error) {
  return error && typeof error === "object" && "code" in error ? String(error.code) : "agent_unavailable";
}

/** Back to the page that this is about. */
async function leave() {
  if (!asTab) window.close();
  else if (gone) await closeOwnTab();
  else await api.tabs.update(tabId, { active: true }).catch(showGone);
}

async function closeOwnTab() {
  const own = await api.tabs.getCurrent();
  if (own?.id !== undefined) await api.tabs.remove(own.id);
}

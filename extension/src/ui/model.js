// What the popup shows for a state, decided without a document: which of the
// sentences, which buttons, and what each button does.

import { isLoopback } from "../lib/safe.js";

/** @typedef {import("./types.js").Button} Button */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").View} View */

/**
 * @typedef {object} Screen
 * @property {"quiet" | "refused" | "recovered" | "gone"} kind
 * @property {string} site
 * @property {string} title
 * @property {string} summary
 * @property {string} certainty
 * @property {string[]} notes
 * @property {Button | null} main
 * @property {Button | null} second
 * @property {string[]} why
 * @property {Button[]} other
 * @property {string} help           label of the help button
 * @property {string} helpUrl        the organisation's help page, or ""
 * @property {boolean} general        the way on is general advice, since readmit itself is at fault
 * @property {string} faultTitle     what part of readmit is wrong meanwhile, or ""
 * @property {string} faultSummary
 * @property {string[]} forIt
 * @property {string} supportCode
 */

/**
 * @param {State} state
 * @param {(key: string, ...values: string[]) => string} t
 * @returns {Screen}
 */
export function screenOf(state, t) {
  const view = state.view ?? state.fault;
  const fault = state.view ? state.fault : null;
  if (!view) return state.paused !== null ? pausedScreen(state.paused, t) : state.offHere ? offScreen(t) : quietScreen(t);
  const recovered = view.closed === "recovered";
  return {
    kind: recovered ? "recovered" : "refused",
    site: view.site ?? "",
    title: recovered ? t("recoveredTitle") : view.title,
    summary: recovered ? t("recoveredText") : view.summary,
    certainty: recovered ? "" : certaintyOf(view),
    notes: recovered ? [] : view.notes ?? [],
    main: recovered ? null : view.main,
    second: recovered ? null : view.second ?? null,
    why: recovered ? [] : (view.why ?? []).slice(0, 3),
    other: recovered ? [] : (view.other ?? []).filter((button) => !isHelp(button, view)),
    help: view.help.label,
    helpUrl: safeUrl(view.help.url),
    general: helpless.has(view.fault ?? ""),
    faultTitle: fault?.title ?? "",
    faultSummary: fault?.summary ?? "",
    forIt: [...view.forIt ?? [], ...(fault?.forIt ?? []).filter((line) => !view.forIt?.includes(line))],
    supportCode: view.supportCode ?? "",
  };
}

/** @param {(key: string, ...values: string[]) => string} t */
function quietScreen(t) {
  return /** @type {Screen} */ ({
    kind: "quiet", site: "", title: t("quietTitle"), summary: t("quietText"), certainty: "", notes: [], main: null, second: null,
    why: [], other: [], help: t("helpButton"), helpUrl: "", general: false, faultTitle: "", faultSummary: "", forIt: [], supportCode: "",
  });
}

/**
 * @param {number} until epoch ms, 0 for "until it is switched on"
 * @param {(key: string, ...values: string[]) => string} t
 * @returns {Screen}
 */
function pausedScreen(until, t) {
  const summary = until ? t("pausedText", new Date(until).toLocaleTimeString(t("textLanguage"), { hour: "numeric", minute: "2-digit" })) : t("pausedOnText");
  return { ...quietScreen(t), kind: "gone", title: t("pausedTitle"), summary };
}

/**
 * @param {(key: string, ...values: string[]) => string} t
 * @returns {Screen}
 */
function offScreen(t) {
  return { ...quietScreen(t), kind: "gone", title: t("offTitle"), summary: t("offText") };
}

/**
 * For the popup as a tab, when the page that it is about was closed.
 * @param {(key: string, ...values: string[]) => string} t
 * @returns {Screen}
 */
export function goneScreen(t) {
  return { ...quietScreen(t), kind: "gone", title: t("goneTitle"), summary: t("goneText"), main: { action: "none", label: t("goneButton") } };
}

/**
 * How sure readmit is, unless the sentences above say it already.
 * @param {View} view
 */
function certaintyOf(view) {
  const { certaintyText: text, title, summary } = view;
  return text && !view.fault && !`${title} ${summary}`.includes(text.replace(/\.$/, "")) ? text : "";
}

/**
 * @param {Button} button
 * @param {View} view
 */
function isHelp(button, view) {
  return button.action === view.help.action && button.label === view.help.label;
}

/**
 * An address that may be opened: https, or http on this computer.
 * @param {string | undefined} url
 * @returns {string} "" when it may not
 */
export function safeUrl(url) {
  if (!url || !URL.canParse(url)) return "";
  const { protocol, username, password, href } = new URL(url);
  if (username || password) return "";
  return protocol === "https:" || (protocol === "http:" && isLoopback(href)) ? href : "";
}

// Faults that leave nothing but general advice: the agent could not be asked at all.
const helpless = new Set(["host_missing", "agent_unavailable", "caller_refused", "protocol_too_old", "protocol_too_new", "internal"]);

// Steps in which the person signs in, and readmit brings them back.
const signIns = new Set(["supply_credentials", "retry_credentials", "login_again", "sso_login", "switch_account", "complete_mfa"]);

// Steps that lead the person back into the page: the popup is in the way then.
const inPage = new Set([...signIns, "return_to_text", "check_url", "solve_challenge"]);

// Steps that the person takes outside the browser, or in its settings: readmit says how.
const advised = new Set(["change_password", "allow_cookies", "fix_clock", "check_device", "connect_vpn", "choose_certificate"]);

// Steps that others take for the person: they need the code and the report.
const handedOver = new Set(["contact_support", "request_access", "subscribe"]);

/**
 * What pressing a button does: `act` asks the background, `open` opens the
 * organisation's page in a new tab, `clear`, `advice`, `general` and `report` unfold a
 * part of the popup, `close` closes it.
 * @param {Button} button
 * @param {boolean} general  the screen's own `general`
 * @returns {"act" | "clear" | "open" | "advice" | "general" | "report" | "close"}
 */
export function effectOf({ action, url }, general) {
  if (action === "none") return general ? "general" : "close";
  if (action === "contact_support") return "report";
  if (action === "clear_site_data") return "clear";
  if (safeUrl(url) && !inPage.has(action)) return "open";
  if (advised.has(action)) return "advice";
  return handedOver.has(action) ? "report" : "act";
}

/**
 * Whether the person takes a step elsewhere, and the page tells afterwards.
 * @param {string} action
 */
export function isAdvised(action) {
  return advised.has(action);
}

/** @param {string} action */
export function continuesInPage(action) {
  return inPage.has(action);
}

/**
 * What to say while a step is under way, as a key of the catalogue.
 * @param {string} action
 */
export function busyKey(action) {
  if (action === "solve_challenge") return "busyCheck";
  return signIns.has(action) ? "busySignIn" : "busyStep";
}

/**
 * Whether the words stand in the screen already, so that they need only be spoken.
 * @param {Screen} screen
 * @param {string} text
 */
export function isShown(screen, text) {
  return `${screen.title} ${screen.summary}`.startsWith(text) || text === screen.faultTitle;
}

/**
 * Whether two buttons are one and the same to the person.
 * @param {Button | null | undefined} a
 * @param {Button | null | undefined} b
 */
export function sameButton(a, b) {
  return Boolean(a) === Boolean(b) && a?.action === b?.action && a?.step === b?.step && a?.label === b?.label && a?.url === b?.url;
}

/**
 * Whether showing `next` would put another button, or none, where the person's
 * focus or pointer is.
 * @param {Screen} shown
 * @param {Screen} next
 * @param {string} place  "main", "second" or "other:0" ...; "" when it is on no step
 */
export function swaps(shown, next, place) {
  if (!place) return false;
  return !sameButton(at(shown, place), at(next, place));
}

/**
 * @param {Screen} screen
 * @param {string} place
 */
function at(screen, place) {
  if (place === "main") return screen.main;
  if (place === "second") return screen.second;
  return screen.other[Number(place.slice("other:".length))];
}

/**
 * What to say where no site is listed, as a key of the catalogue.
 * @param {import("./types.js").Standing[] | null} standing
 * @returns {string} "" when there are sites to list
 */
export function standingKey(standing) {
  if (!standing) return "standingUnread";
  return standing.length === 0 ? "standingNone" : "";
}

/**
 * What to say above code and report, as a key of the catalogue.
 * @param {string} code  "" when there is none
 * @param {string} text  of the report; "" when there is none, or not yet
 */
export function reportKey(code, text) {
  if (code) return "reportText";
  return text ? "reportOnly" : "";
}

/**
 * A report for the time when the part that writes it cannot be reached. It
 * holds what the popup shows and nothing else.
 * @param {Screen} screen
 * @param {number | undefined} status
 * @param {Date} now
 * @param {string} version
 */
export function plainReport(screen, status, now, version) {
  return [
    `readmit ${version}, ${now.toISOString()}`,
    ...(screen.site ? [`site: ${screen.site}`] : []),
    ...(status ? [`status: ${status}`] : []),
    `shown: ${screen.title}`,
    ...(screen.faultTitle ? [`readmit: ${screen.faultTitle}`] : []),
    ...screen.forIt,
  ].join("\n");
}

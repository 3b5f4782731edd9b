// What readmit's sign-in window shows for an Ask, decided without a document.

import { quotable } from "./site.js";

/** @typedef {import("./types.js").Ask} Ask */

/**
 * @typedef {object} Sheet
 * @property {string} title
 * @property {string} text
 * @property {"choose" | "type" | null} form
 * @property {string} realm             as a quotation, or ""
 * @property {boolean} showSite
 * @property {string[]} accounts        those that may be used as they are kept
 * @property {string} known             the user name to start from, or "": nothing is asked twice
 * @property {{account: string, why: string, onceMore: boolean}[]} spent those whose password was not accepted, while the person types
 * @property {string} why               why the password kept for it must be typed again, or ""
 * @property {boolean} canReload
 * @property {boolean} canClose
 * @property {boolean} canHandBack      the browser's own box is still to be had
 * @property {"hand_back" | "close" | "none"} escape  what the Esc key does
 */

/**
 * @param {Ask} ask
 * @param {"choose" | "type" | null} wish  the form that the person asked for
 * @param {(key: string, ...values: string[]) => string} t
 * @returns {Sheet}
 */
export function sheetOf(ask, wish, t) {
  const accounts = ask.accounts.filter((a) => a.state === "ready").map((a) => a.account);
  const spent = ask.accounts.filter((a) => a.state !== "ready");
  const form = formOf(ask, wish, accounts.length > 0);
  const known = form === "type" && spent.length === 1 ? spent[0] : undefined;
  const over = ask.phase === "gave_up" || ask.phase === "error";
  // What was sent may be accepted: turning away now would lose the answer.
  const waits = ask.phase === "sending";
  const whyOf = (/** @type {Ask["accounts"][number]} */ { account, state }) =>
    t(state === "unseen" ? "accountUnseen" : "accountRefused", quotable(account));
  return {
    ...wordsOf(ask, form, t),
    form,
    realm: quotable(ask.realm) && !over ? t("siteSays", quotable(ask.realm)) : "",
    showSite: ask.host !== "",
    accounts,
    known: known?.account ?? "",
    spent: form === "type" ? spent.map((a) => ({ account: a.account, why: whyOf(a), onceMore: a.onceMore === true })) : [],
    why: known && ask.phase !== "refused" ? whyOf(known) : "",
    canReload: ask.phase === "gave_up" && ask.host !== "",
    canClose: ask.phase === "gave_up",
    canHandBack: !waits && ask.phase !== "gave_up",
    escape: waits ? "none" : ask.phase === "gave_up" ? "close" : "hand_back",
  };
}

/**
 * @param {Ask} ask
 * @param {"choose" | "type" | null} wish
 * @param {boolean} canChoose
 * @returns {"choose" | "type" | null}
 */
function formOf({ phase }, wish, canChoose) {
  if (phase !== "choose" && phase !== "type" && phase !== "refused") return null;
  if (!canChoose) return "type";
  return wish ?? (phase === "choose" ? "choose" : "type");
}

/**
 * @param {Ask} ask
 * @param {"choose" | "type" | null} form
 * @param {(key: string, ...values: string[]) => string} t
 */
function wordsOf({ phase, fault, host }, form, t) {
  switch (phase) {
    case "refused":
      return { title: t("consentRefused"), text: t("consentRefusedText") };
    case "sending":
      return { title: t("consentSending"), text: t("consentSendingText") };
    case "gave_up":
      return { title: t("consentGaveUp"), text: t(host ? "consentGaveUpText" : "consentLostText") };
    case "error":
      return { title: fault?.title ?? t("consentError"), text: fault?.summary ?? t("consentErrorText") };
    default:
      return { title: t(form === "choose" ? "consentChoose" : "consentType"), text: "" };
  }
}

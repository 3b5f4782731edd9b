// States of the popup's own, without the background.

/** @typedef {import("./types.js").State} State */

/**
 * @param {State["view"]} view
 * @param {number} tabId
 * @returns {State}
 */
export function emptyState(view, tabId) {
  return {
    tabId, view, standing: null, off: [], offHere: false, unasked: null, settings: { banner: true, private: false, probes: true, fill: false }, form: null, clearable: false,
    mayWatch: false, watchedAt: null, parts: null, site: "", paused: null, undo: null, mayLook: false, private: false, busy: null, notice: null,
  };
}

/**
 * A refusal that never happened, for who has not met one yet.
 * @param {(key: string, ...values: string[]) => string} t
 * @returns {State}
 */
export function exampleState(t) {
  return emptyState({
    status: 401, site: "shop.example", certainty: "likely", certaintyText: t("exampleCertainty"), title: t("exampleTitle"), summary: t("exampleSummary"),
    why: [t("exampleWhy")], main: { action: "login_again", label: t("exampleMain") }, second: { action: "none", label: t("exampleSecond") },
    help: { action: "contact_support", label: t("helpButton") }, badge: "401", actionTitle: "",
  }, -1);
}

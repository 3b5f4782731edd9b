// What the history shows, decided without a document.

/**
 * @typedef {object} Incident an explain.View with its line of the history
 * @property {string} incidentId
 * @property {string} [site]
 * @property {number} [status]
 * @property {{opened: string, origin: string, page: string, title: string, outcome: string, tried?: string[]}} past
 */

/**
 * Whether an incident is one that the person looks for: all the words, in any
 * order, anywhere in what is shown.
 * @param {Incident} incident
 * @param {string} query
 */
export function matches({ site, status, past }, query) {
  const text = [site, status, past.page, past.title, past.outcome, ...past.tried ?? []].join(" ").toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/**
 * What to say above the list, as a key of the catalogue.
 * @param {number} all
 * @param {number} shown
 * @returns {string}
 */
export function historyKey(all, shown) {
  if (all === 0) return "historyNone";
  return shown === 0 ? "searchNone" : "searchCount";
}

// What the popup says of each grade of clearing, decided without a document:
// what is lost, what is not, and what this browser cannot do.

/** @typedef {import("../lib/clear.js").Grade} Grade */
/** @typedef {import("./types.js").Inventory} Inventory */
/**
 * @typedef {object} Choice
 * @property {Grade} grade
 * @property {string} label
 * @property {string} loss    what it costs, or why it cannot be had here
 * @property {boolean} offered
 * @property {string} go      label of the button while it is chosen
 */

/**
 * @param {Inventory} found
 * @param {(key: string, ...values: string[]) => string} t
 * @returns {Choice[]} the cheapest first
 */
export function choicesOf(found, t) {
  const { site, host, cookies, shared, cache, storage } = found;
  return [
    { grade: "page", label: t("gradePage"), loss: t("lossPage"), offered: true, go: t("goPage") },
    { grade: "cache", label: t("gradeCache"), loss: t(cache ? "lossCache" : "cannotCache"), offered: cache, go: t("goCache") },
    {
      grade: "cookies", label: t("gradeCookies", host, String(cookies.count)),
      loss: cookies.count > 0 ? t("lossCookies", site) : t("lossNothing"), offered: cookies.count > 0, go: t("goCookies"),
    },
    {
      grade: "shared", label: t("gradeShared", String(shared.count)),
      loss: shared.count > 0 ? t("lossShared", site, shared.parents.join(", ")) : t("lossNothing"), offered: shared.count > 0, go: t("goShared"),
    },
    { grade: "storage", label: t("gradeStorage"), loss: storageLoss(found, t), offered: storage, go: t("goStorage") },
    { grade: "all", label: t("gradeAll"), loss: [t("lossAll", site), ...(storage ? [t("lossDrafts")] : [])].join(" "), offered: true, go: t("goAll") },
  ];
}

/**
 * @param {Inventory} found
 * @param {(key: string, ...values: string[]) => string} t
 */
function storageLoss({ storage, stored }, t) {
  if (!storage) return t("cannotStorage");
  const counts = stored
    ? t("countStored", String(stored.entries), String(stored.databases), String(stored.caches), String(stored.workers))
    : t("countUnknown");
  return `${counts} ${t("lossDrafts")}`;
}

/**
 * What is good to know whichever is chosen.
 * @param {Inventory} found
 * @param {(key: string, ...values: string[]) => string} t
 */
export function notesOf({ host, cookies }, t) {
  return [
    t("clearingOthers"),
    t("clearingPorts", host),
    ...(cookies.below ? [t("clearingBelow", host)] : []),
    ...(cookies.elsewhere > 0 ? [t("clearingElsewhere", String(cookies.elsewhere))] : []),
    t("clearingUndo"),
    t("clearingBox"),
  ];
}

/**
 * Who signs out when shared cookies go.
 * @param {Inventory["shared"]} shared
 * @param {(key: string, ...values: string[]) => string} t
 */
export function sharingLines({ parents, sites, more }, t) {
  return [...sites, ...(more > 0 ? [t("sharedMore", String(more))] : []), ...parents.map((parent) => t("sharedAll", parent))];
}

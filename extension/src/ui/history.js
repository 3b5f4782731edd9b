// What happened before: the incidents that the agent keeps, searchable, each
// with how it ended, to be forgotten one by one, by site, or all.

import { byId, localise, make, setText, showLines, showSite, t } from "./dom.js";
import { historyKey, matches } from "./past.js";
import { splitPort } from "./site.js";
import { ask, patiently } from "./talk.js";

/** @typedef {import("./past.js").Incident} Incident */

const list = byId("list", HTMLElement);
const said = byId("said", HTMLElement);
const search = byId("search", HTMLInputElement);
const sure = byId("sure", HTMLElement);

/** @type {Incident[]} */
let incidents = [];
/** @type {{incidentId?: string, origin?: string}} what is about to be forgotten */
let meant = {};

localise();
search.addEventListener("input", () => show());
byId("clear-all", HTMLElement).addEventListener("click", () => doubt({}, t("sureAllText")));
byId("sure-yes", HTMLElement).addEventListener("click", () => { void load({ type: "history/clear", ...meant }, t("clearedText")); });
byId("sure-no", HTMLElement).addEventListener("click", () => {
  sure.hidden = true;
  byId("title", HTMLElement).focus();
});
byId("title", HTMLElement).focus();
void load({ type: "history/list" }, "");

/**
 * @param {{type: string} & Record<string, unknown>} message
 * @param {string} done what to say when it is done
 */
async function load(message, done) {
  sure.hidden = true;
  setText(said, "");
  try {
    ({ incidents } = await patiently(ask(message), { soon: () => setText(said, t("consentLoading")) }));
    show(done);
  } catch {
    setText(said, t("historyUnread"));
  }
  if (done) byId("title", HTMLElement).focus(); // the button that was pressed is gone
}

/** @param {string} [done] */
function show(done = "") {
  const shown = incidents.filter((incident) => matches(incident, search.value));
  list.replaceChildren(...shown.map(itemOf));
  byId("clear-all", HTMLElement).hidden = incidents.length === 0;
  const key = historyKey(incidents.length, shown.length);
  setText(said, done || (key && t(key, String(shown.length))));
}

/** @param {Incident} incident */
function itemOf({ incidentId, site = "", status, past }) {
  const item = make("li", "");
  const where = make("h2", "site");
  const { host, port } = splitPort(site);
  showSite(where, host, port);
  const when = new Date(past.opened).toLocaleString(t("textLanguage"), { dateStyle: "medium", timeStyle: "short" });
  const tried = make("ul", "quiet");
  showLines(tried, past.tried);
  tried.hidden = !past.tried?.length;
  const page = make("p", "quiet mono", past.page);
  page.dir = "ltr";
  const buttons = make("div", "tools");
  buttons.append(
    clearButton(t("clearOneButton"), t("clearOneName", host, when), () => doubt({ incidentId }, t("sureOneText", host, when))),
    clearButton(t("clearSiteButton"), t("clearSiteName", host, when), () => doubt({ origin: past.origin }, t("sureSiteText", host))),
  );
  item.append(where, page, make("p", "", `${past.title} ${past.outcome}`), make("p", "quiet", t("pastWhen", when, String(status))), tried, buttons);
  return item;
}

/**
 * @param {string} label
 * @param {string} name begins with the label
 * @param {() => void} act
 */
function clearButton(label, name, act) {
  const button = make("button", "button quiet-button", label);
  button.type = "button";
  button.setAttribute("aria-label", name);
  button.addEventListener("click", act);
  return button;
}

/**
 * @param {{incidentId?: string, origin?: string}} what
 * @param {string} question
 */
function doubt(what, question) {
  meant = what;
  setText(byId("sure-text", HTMLElement), question);
  sure.hidden = false;
  byId("sure-text", HTMLElement).focus();
}

// The switches of the popup: pause readmit, leave a site alone, and the ways to
// readmit's other pages.

import { api } from "../lib/browser.js";
import { byId, setText, showText, t } from "./dom.js";

/** @typedef {import("./types.js").State} State */

/**
 * @param {(message: {type: string} & Record<string, unknown>) => Promise<string>} set resolves with what went wrong, or ""
 */
export function setUpSwitches(set) {
  const said = byId("switches-said", HTMLElement);
  /** @param {{type: string} & Record<string, unknown>} message */
  const tell = async (message) => {
    setText(said, "");
    setText(said, await set(message));
  };
  for (const [id, how] of [["pause-hour", "hour"], ["pause-on", "on"], ["resume", "off"]]) {
    byId(id, HTMLElement).addEventListener("click", () => { void tell({ type: "popup/pause", how }); });
  }
  byId("off-here", HTMLInputElement).addEventListener("change", (event) => {
    void tell({ type: "popup/off", off: /** @type {HTMLInputElement} */ (event.target).checked });
  });
  for (const [id, page] of [["history", "ui/history.html"], ["welcome", "ui/welcome.html"]]) {
    byId(id, HTMLElement).addEventListener("click", () => { void api.tabs.create({ url: api.runtime.getURL(page) }); });
  }
}

/** @param {State} state */
export function showSwitches({ site, offHere, paused }) {
  byId("paused-box", HTMLElement).hidden = paused === null;
  byId("pause-box", HTMLElement).hidden = paused !== null;
  byId("off-box", HTMLElement).hidden = !site;
  byId("off-here", HTMLInputElement).checked = offHere;
  showText(byId("off-site", HTMLElement), site && t("offSite", new URL(site).host));
}

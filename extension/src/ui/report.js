// "Get help": the support code to read aloud and the redacted report to copy.

import { api } from "../lib/browser.js";
import { byId, setText, showText, t } from "./dom.js";
import { plainReport, reportKey } from "./model.js";
import { opensText } from "./render.js";
import { spelled } from "./site.js";
import { patiently } from "./talk.js";

/** @typedef {import("./model.js").Screen} Screen */

const section = byId("report", HTMLElement);
const body = byId("report-body", HTMLTextAreaElement);
const said = byId("copied", HTMLElement);

/** @type {() => Promise<{code: string, text: string}>} */
let fetchReport;
let helpUrl = "";

/** @param {() => Promise<{code: string, text: string}>} fetcher */
export function setUpReport(fetcher) {
  fetchReport = fetcher;
  byId("copy", HTMLElement).addEventListener("click", () => { void copy(); });
  byId("help-page", HTMLElement).addEventListener("click", () => { void api.tabs.create({ url: helpUrl }); });
}

/**
 * Unfold the section and move to it.
 * @param {Screen} screen
 * @param {number | undefined} status
 */
export async function showReport(screen, status) {
  section.hidden = false;
  byId("help", HTMLElement).setAttribute("aria-expanded", "true");
  ({ helpUrl } = screen);
  const link = byId("help-page", HTMLElement);
  link.hidden = !helpUrl;
  setText(/** @type {HTMLElement} */ (link.querySelector(".opens")), opensText(helpUrl, t));
  setText(said, "");
  byId("report-title", HTMLElement).focus();
  if (screen.kind === "quiet" || screen.kind === "gone") {
    fill("", "");
    showText(byId("report-text", HTMLElement), t("reportQuiet"));
  } else {
    fill(screen.supportCode, "");
    try {
      const { code, text } = await patiently(fetchReport(), { soon: () => setText(said, t("reportLoading")) });
      fill(code || screen.supportCode, text);
      setText(said, "");
    } catch {
      // The part that writes it is the part that is missing: say what is shown here.
      fill(screen.supportCode, plainReport(screen, status, new Date(), api.runtime.getManifest().version));
      setText(said, t("reportShort"));
    }
  }
}

/** Whether the section stands open. */
export function isReportShown() {
  return !section.hidden;
}

export function hideReport() {
  section.hidden = true;
  byId("help", HTMLElement).setAttribute("aria-expanded", "false");
}

/**
 * @param {string} code
 * @param {string} text
 */
function fill(code, text) {
  const key = reportKey(code, text);
  showText(byId("report-text", HTMLElement), key && t(key));
  byId("code-box", HTMLElement).hidden = !code;
  setText(byId("code", HTMLElement), code);
  setText(byId("code-spelled", HTMLElement), spelled(code));
  byId("report-box", HTMLElement).hidden = !text;
  body.value = text;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(body.value);
    setText(said, t("copied"));
  } catch {
    body.select();
    setText(said, t("copyByHand"));
  }
}

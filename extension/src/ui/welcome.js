// The page that opens once after the installation: what readmit reads, a test
// refusal that needs no network, how to reach it, and the switch.

import { api } from "../lib/browser.js";
import { byId, localise, setText, t } from "./dom.js";
import { ask } from "./talk.js";

localise();
byId("title", HTMLElement).focus();
byId("example", HTMLElement).addEventListener("click", () => { void api.tabs.create({ url: api.runtime.getURL("ui/popup.html?example=1") }); });
byId("pause", HTMLElement).addEventListener("click", () => { void pause("on"); });
byId("resume", HTMLElement).addEventListener("click", () => { void pause("off"); });
void showKeys();
void showState();

/** The shortcut as it is set now, which a person may have changed. */
async function showKeys() {
  const commands = await api.commands.getAll();
  const keys = commands.find(({ name }) => name === "_execute_action")?.shortcut;
  setText(byId("reach-keys", HTMLElement), keys ? t("reachKeys", keys) : t("reachNoKeys"));
}

async function showState() {
  const { paused } = await ask({ type: "popup/open", tabId: -1 });
  showPaused(paused !== null);
}

/** @param {boolean} paused */
function showPaused(paused) {
  byId("pause", HTMLElement).hidden = paused;
  byId("resume", HTMLElement).hidden = !paused;
}

/** @param {"on" | "off"} how */
async function pause(how) {
  try {
    const { paused } = await ask({ type: "popup/pause", tabId: -1, how });
    showPaused(paused !== null);
    setText(byId("said", HTMLElement), t(paused === null ? "resumedText" : "pausedTitle"));
    byId(paused === null ? "pause" : "resume", HTMLElement).focus();
  } catch {
    setText(byId("said", HTMLElement), t("failedStep"));
  }
}

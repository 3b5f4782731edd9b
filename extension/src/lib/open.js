// Ways to readmit's pages besides the toolbar: the context menu, the banner, and
// the page that opens once after the installation.

import { api } from "./browser.js";

/** Runs once an installation; browsers keep the entry. */
export function createMenu() {
  api.contextMenus.create({ id: "why", title: api.i18n.getMessage("menuWhy"), contexts: ["page", "frame"] });
}

/**
 * @param {unknown} _
 * @param {chrome.tabs.Tab | undefined} tab
 */
export function openFromMenu(_, tab) {
  if (tab) void openPopup(tab);
}

/**
 * Open the popup, or where the browser will not (no user gesture, no toolbar),
 * the same page as a tab.
 * @param {chrome.tabs.Tab} tab
 */
export async function openPopup(tab) {
  try {
    await api.action.openPopup({ windowId: tab.windowId });
  } catch {
    await api.tabs.create({ url: api.runtime.getURL(`ui/popup.html?tab=${tab.id}`), openerTabId: tab.id, index: tab.index + 1 });
  }
}

/**
 * Say once what readmit does, to the person who installed it; not where an
 * administrator did, for everyone.
 * @param {{reason: string}} details
 */
export async function welcome({ reason }) {
  if (reason !== "install") return;
  const { installType } = await api.management.getSelf();
  if (installType !== "admin") await api.tabs.create({ url: api.runtime.getURL("ui/welcome.html") });
}

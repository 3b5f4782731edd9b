// Ways to the popup besides the toolbar: the context menu and the banner.

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

// The background of readmit: a service worker in Chromium, an event page in
// Firefox. It registers every listener synchronously, so that an event can
// wake it, and does nothing else.

import { api, onAuthRequired, onCompleted, onRedirect, onFailed } from "./lib/browser.js";
import { answerChallenge } from "./lib/challenged.js";
import { handleMessage, noteWindowClosed } from "./lib/messages.js";
import { noteFailure, noteRedirect, noteResponse } from "./lib/observe.js";
import { dropHolds } from "./lib/holds.js";
import { forgetTab, pageLoaded, pageLoading } from "./lib/tabs.js";
import { createMenu, openFromMenu } from "./lib/open.js";

onAuthRequired(answerChallenge);
onCompleted(noteResponse);
onRedirect(noteRedirect);
onFailed(noteFailure);

api.runtime.onMessage.addListener(handleMessage);

api.tabs.onUpdated.addListener((tabId, change) => {
  if (change.status === "loading") pageLoading(tabId);
  if (change.status === "complete") pageLoaded(tabId);
});
api.tabs.onRemoved.addListener((tabId) => {
  dropHolds(tabId);
  forgetTab(tabId);
});

api.windows.onRemoved.addListener(noteWindowClosed);

api.runtime.onInstalled.addListener(createMenu);
api.contextMenus.onClicked.addListener(openFromMenu);

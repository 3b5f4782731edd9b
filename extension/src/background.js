// The background of readmit: a service worker in Chromium, an event page in
// Firefox. It registers every listener synchronously, so that an event can
// wake it, and drops what has been kept long enough.

import { api, onAuthRequired, onCompleted, onFailedAnswer, onNavigation, onPageStarted, onPartCompleted, onRedirect, onFailed } from "./lib/browser.js";
import { answerChallenge } from "./lib/challenged.js";
import { handleConnect, noteWindowClosed } from "./lib/consent.js";
import { sweepUndo } from "./lib/cookies.js";
import { forgetFill, handleKeep, noteLoaded, noteSending } from "./lib/fill.js";
import { handleForm } from "./lib/form.js";
import { handleMessage } from "./lib/messages.js";
import { addPage, forgetPage, noteFailedAnswer, noteFailure, notePart, noteRedirect, noteResponse, noteStart } from "./lib/observe.js";
import { dropHolds } from "./lib/holds.js";
import { forgetNavigation, noteNavigation } from "./lib/navigation.js";
import { forgetTab, pageLoaded, sweepPause } from "./lib/tabs.js";
import { noteCertificate } from "./lib/trust.js";
import { forgetUnasked } from "./lib/unasked.js";
import { forgetWaiting } from "./lib/waiting.js";
import { createMenu, openFromMenu, welcome } from "./lib/open.js";
import { look, stopWatch } from "./lib/watch.js";
import { forgetWalk } from "./lib/walk.js";

onAuthRequired(answerChallenge);
onCompleted(noteResponse);
onPartCompleted(notePart);
onPageStarted(noteStart);
onFailedAnswer(noteFailedAnswer);
onRedirect(noteRedirect);
onFailed(noteFailure);
onFailed((details) => { void noteCertificate(details); });
onNavigation(noteSending);
onNavigation((details) => { if (noteNavigation(details)) forgetUnasked(details.tabId); });

api.runtime.onMessage.addListener(handleMessage);
api.runtime.onConnect.addListener((port) => { if (!handleForm(port) && !handleKeep(port)) handleConnect(port); });

api.tabs.onUpdated.addListener((tabId, change) => {
  if (change.status === "complete") {
    void pageLoaded(tabId);
    void addPage(tabId);
    noteLoaded(tabId);
  }
});
api.tabs.onRemoved.addListener((tabId) => {
  dropHolds(tabId);
  forgetFill(tabId);
  forgetPage(tabId);
  forgetNavigation(tabId);
  forgetWaiting(tabId);
  forgetUnasked(tabId);
  forgetTab(tabId);
  forgetWalk(tabId);
  void stopWatch(tabId);
});

api.windows.onRemoved.addListener(noteWindowClosed);

api.alarms.onAlarm.addListener((alarm) => { void look(alarm); });

api.runtime.onInstalled.addListener(createMenu);
api.runtime.onInstalled.addListener(welcome);
api.contextMenus.onClicked.addListener(openFromMenu);

void sweepUndo();
void sweepPause();

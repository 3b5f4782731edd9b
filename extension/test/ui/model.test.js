import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { busyKey, continuesInPage, effectOf, goneScreen, isShown, plainReport, reportKey, safeUrl, sameButton, screenOf, standingKey, swaps } from "../../src/ui/model.js";

/** @typedef {import("../../src/ui/types.js").Button} Button */
/** @typedef {import("../../src/ui/types.js").State} State */
/** @typedef {import("../../src/ui/types.js").View} View */

/** @type {Record<string, {message: string}>} */
const catalogue = JSON.parse(readFileSync(new URL("../../src/_locales/en/messages.json", import.meta.url), "utf8"));

/** @param {string} key */
const t = (key) => `<${key}>`;

/**
 * @param {string} action
 * @param {string} label
 * @param {number} [step]
 * @returns {Button}
 */
const button = (action, label, step) => ({ action, label, ...(step !== undefined && { step }) });

const help = button("contact_support", "Get help");

/**
 * @param {Partial<View>} change
 * @returns {View}
 */
const viewOf = (change = {}) => ({
  certainty: "likely", certaintyText: "It looks like this is the reason.", title: "You have been signed out.",
  summary: "Sign in again.", main: button("login_again", "Sign in again", 1), second: button("none", "Not now"),
  other: [button("reload_page", "Reload page", 2), help], why: ["1", "2", "3", "4"], help, badge: "401", actionTitle: "", ...change,
});

/**
 * @param {Partial<State>} change
 * @returns {State}
 */
const stateOf = (change) => ({
  tabId: 1, view: null, standing: [], off: [], offHere: false, unasked: null, settings: { banner: true, private: false, probes: true, fill: false }, form: null, undo: null,
  clearable: false, mayWatch: false, watchedAt: null, parts: null, site: "", paused: null, mayLook: false, private: false, busy: null, notice: null,
  ...change,
});

test("a tab without a refusal says so and still offers help", () => {
  const screen = screenOf(stateOf({}), t);
  assert.equal(screen.kind, "quiet");
  assert.equal(screen.title, "<quietTitle>");
  assert.equal(screen.help, "<helpButton>");
  assert.equal(screen.main, null);
});

test("a page that was closed did not open normally, and the way on is to close readmit's tab", () => {
  const screen = goneScreen(t);
  assert.equal(screen.title, "<goneTitle>");
  assert.ok(screen.main);
  assert.equal(effectOf(screen.main, screen.general), "close");
  assert.equal(screen.help, "<helpButton>");
});

test("the person is asked to read out a code only where there is one", () => {
  assert.equal(reportKey("ABCD-EFGH-JKLM-NP", ""), "reportText");
  assert.equal(reportKey("", "readmit 0.1.0"), "reportOnly");
  assert.equal(reportKey("", ""), "");
});

test("a refusal shows at most three reasons and help only once", () => {
  const screen = screenOf(stateOf({ view: viewOf() }), t);
  assert.equal(screen.kind, "refused");
  assert.deepEqual(screen.why, ["1", "2", "3"]);
  assert.deepEqual(screen.other, [button("reload_page", "Reload page", 2)]);
  assert.equal(screen.certainty, "It looks like this is the reason.");
});

test("certainty is not said twice, nor of a fault of readmit itself", () => {
  const unsure = viewOf({ certaintyText: "We can't tell for certain.", summary: "We can't tell for certain. Reloading is safe." });
  assert.equal(screenOf(stateOf({ view: unsure }), t).certainty, "");
  assert.equal(screenOf(stateOf({ view: viewOf({ fault: "internal" }) }), t).certainty, "");
});

test("a page that opened again leaves no step to take, even before the agent's own words arrive", () => {
  const screen = screenOf(stateOf({ view: viewOf({ closed: "recovered", notes: ["x"] }) }), t);
  assert.equal(screen.kind, "recovered");
  assert.equal(screen.title, "<recoveredTitle>");
  assert.deepEqual([screen.main, screen.second, screen.other, screen.notes, screen.why], [null, null, [], [], []]);
  assert.equal(screen.help, "Get help");
});

test("a fault of readmit stands beside the refusal, its lines for IT with the others", () => {
  const fault = viewOf({ title: "Part of readmit is not running.", summary: "General advice still works.", forIt: ["readmit doctor", "status"] });
  const screen = screenOf(stateOf({ view: viewOf({ forIt: ["status"] }), fault }), t);
  assert.equal(screen.title, "You have been signed out.");
  assert.equal(screen.faultTitle, "Part of readmit is not running.");
  assert.deepEqual(screen.forIt, ["status", "readmit doctor"]);
});

test("a fault without a refusal is what the popup is about", () => {
  const screen = screenOf(stateOf({ fault: viewOf({ title: "Part of readmit is not running.", fault: "host_missing" }) }), t);
  assert.equal(screen.title, "Part of readmit is not running.");
  assert.equal(screen.faultTitle, "");
  assert.equal(screen.general, true);
});

test("a line that only repeats what is shown is spoken, one that says more is shown as well", () => {
  const { noticeRecovered, noticeNotKept } = catalogue;
  const words = (/** @type {string} */ key) => catalogue[key].message;
  const screen = screenOf(stateOf({ view: viewOf({ closed: "recovered" }) }), words);
  assert.equal(isShown(screen, noticeRecovered.message), true);
  assert.equal(isShown(screen, screen.title), true);
  assert.equal(isShown(screen, noticeNotKept.message), false);
});

/** @type {[name: string, button: Button, general: boolean, effect: string][]} */
const effects = [
  ["a step of readmit's", button("reload_page", "Reload"), false, "act"],
  ["a clearing: how much is the person's choice", button("clear_site_data", "Clear"), false, "clear"],
  ["a sign-in, although its page is known: the way back must be kept", { ...button("login_again", "Sign in"), url: "https://sso.example.org/" }, false, "act"],
  ["leaving things as they are", button("none", "Not now"), false, "close"],
  ["general advice when readmit itself is at fault", button("none", "General advice"), true, "general"],
  ["help", { ...help, url: "https://help.example.org/" }, false, "report"],
  ["asking for access where the form is known", { ...button("request_access", "Ask"), url: "https://access.example.org/" }, false, "open"],
  ["asking for access where it is not", button("request_access", "Ask"), false, "report"],
  ["a form on an address that must not be opened", { ...button("request_access", "Ask"), url: "javascript:alert(1)" }, false, "report"],
  ["a setting of the computer", button("fix_clock", "Show how to set it"), false, "advice"],
];

for (const [name, pressed, general, effect] of effects) {
  test(`pressing ${name} leads to ${effect}`, () => {
    assert.equal(effectOf(pressed, general), effect);
  });
}

// The agent's table.
const actions = ["supply_credentials", "retry_credentials", "change_password", "login_again", "switch_account", "clear_site_data", "reload_page",
  "return_to_text", "allow_cookies", "fix_clock", "check_url", "request_access", "complete_mfa", "sso_login", "check_device", "solve_challenge",
  "wait_and_retry", "connect_vpn", "choose_certificate", "contact_support", "subscribe", "none"];

test("every action of the agent's table leads somewhere", () => {
  const byBackground = new Set(["supply_credentials", "retry_credentials", "login_again", "switch_account", "reload_page",
    "return_to_text", "check_url", "complete_mfa", "sso_login", "solve_challenge", "wait_and_retry"]);
  for (const action of actions) {
    assert.equal(effectOf(button(action, action), false) === "act", byBackground.has(action), action);
  }
});

test("while a step is under way, the person is told to sign in only where they sign in", () => {
  const signIns = ["supply_credentials", "retry_credentials", "login_again", "switch_account", "complete_mfa", "sso_login"];
  for (const action of actions) {
    const key = action === "solve_challenge" ? "busyCheck" : signIns.includes(action) ? "busySignIn" : "busyStep";
    assert.equal(busyKey(action), key, action);
  }
});

test("the popup is in the way of the steps that go on in the page", () => {
  const inPage = ["supply_credentials", "retry_credentials", "login_again", "switch_account", "complete_mfa", "sso_login", "return_to_text", "check_url", "solve_challenge"];
  for (const action of actions) assert.equal(continuesInPage(action), inPage.includes(action), action);
});

/** @type {[url: string | undefined, want: string][]} */
const urls = [
  ["https://help.example.org/x", "https://help.example.org/x"],
  ["http://localhost:8080/", "http://localhost:8080/"],
  ["http://[::1]/", "http://[::1]/"],
  ["http://help.example.org/", ""],
  ["https://anna:secret@help.example.org/", ""],
  ["javascript:alert(1)", ""],
  ["data:text/html,x", ""],
  ["/relative", ""],
  [undefined, ""],
];

for (const [url, want] of urls) {
  test(`address ${url} ${want ? "may" : "may not"} be opened`, () => {
    assert.equal(safeUrl(url), want);
  });
}

test("that no site is listed is said only of a list that was read", () => {
  const one = { id: "s1", space: { origin: "https://wiki.example.org", realm: "Staff", scheme: "basic" }, account: "anna", used: "2026-01-01T00:00:00Z" };
  assert.equal(standingKey([]), "standingNone");
  assert.equal(standingKey(null), "standingUnread");
  assert.equal(standingKey([one]), "");
});

test("a re-ranked view may not change the button that the person is on", () => {
  const shown = screenOf(stateOf({ view: viewOf() }), t);
  const other = screenOf(stateOf({ view: viewOf({ main: button("clear_site_data", "Clear", 1), title: "Old site data is in the way." }) }), t);
  const without = screenOf(stateOf({ view: viewOf({ other: [] }) }), t);
  assert.equal(swaps(shown, other, "main"), true);
  assert.equal(swaps(shown, other, "second"), false);
  assert.equal(swaps(shown, other, ""), false);
  assert.equal(swaps(shown, without, "other:0"), true);
  assert.equal(swaps(shown, shown, "main"), false);
});

test("buttons are the same to the person when all that they see and do is the same", () => {
  assert.equal(sameButton(null, undefined), true);
  assert.equal(sameButton(button("a", "A"), null), false);
  assert.equal(sameButton(button("a", "A", 1), button("a", "A", 1)), true);
  assert.equal(sameButton(button("a", "A", 1), button("a", "A", 2)), false);
  assert.equal(sameButton(button("a", "A"), { ...button("a", "A"), url: "https://x.example/" }), false);
});

test("the short report holds what the popup shows, and no address beyond the host", () => {
  const screen = screenOf(stateOf({ view: viewOf({ site: "orders.example.org" }) }), t);
  assert.equal(plainReport(screen, 401, new Date(0), "0.1.0"),
    "readmit 0.1.0, 1970-01-01T00:00:00.000Z\nsite: orders.example.org\nstatus: 401\nshown: You have been signed out.");
});

// Stock Firefox: what differs from Chromium when it is driven, by WebDriver BiDi.

import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

/**
 * @param {import("./desktop.js").Desktop} desktop
 * @param {string | null} extension folder of the unpacked extension that will be installed; null: the bare browser
 * @param {import("./browser.js").Network} [network]
 * @returns {Promise<import("./browser.js").Engine>}
 */
export async function startFirefox(desktop, extension, { proxy, insecure = false } = {}) {
  // A folder of its own each time: a new profile is another day.
  const profile = mkdtempSync(join(desktop.root, "firefox-"));
  /** @type {string} */
  const id = extension ? JSON.parse(readFileSync(join(extension, "manifest.json"), "utf8")).browser_specific_settings.gecko.id : "";
  const uuid = randomUUID();
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    userDataDir: profile,
    defaultViewport: null,
    env: desktop.env,
    protocolTimeout: 300_000,
    acceptInsecureCerts: insecure,
    args: ["--remote-allow-system-access", "--width=1100", "--height=800"],
    extraPrefsFirefox: {
      "extensions.webextensions.uuids": JSON.stringify({ [id]: uuid }),
      // Shows manifest.json as text in the extension's own context, not in the JSON viewer's.
      "devtools.jsonview.enabled": false,
      "intl.locale.requested": "en-US",
      ...(proxy ? { "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": proxy } : {}),
      "widget.use-xdg-desktop-portal.native-messaging": 0,
    },
  });
  const { connection } = /** @type {any} */ (browser);
  // Without an intercept a challenge that nobody answers opens a prompt that
  // nobody sees and the load hangs; with it, the page of the 401 is shown, and
  // what the extension supplies still counts. Puppeteer lets it pass.
  await connection.send("session.subscribe", { events: ["network.authRequired"] });
  await connection.send("network.addIntercept", { phases: ["authRequired"] });

  /**
   * Evaluate in the browser's own scope.
   * @param {string} expression
   */
  async function chromeEvaluate(expression) {
    const { result: { contexts } } = await connection.send("browsingContext.getTree", { "moz:scope": "chrome", maxDepth: 0 });
    const { result } = await connection.send("script.evaluate", {
      expression, awaitPromise: true, target: { context: contexts[0].context },
    });
    if (result.type === "exception") throw new Error(result.exceptionDetails.text);
    return result.result.value;
  }

  return {
    name: "firefox",
    browser,
    base: `moz-extension://${uuid}/`,
    manifestFolder: join(/** @type {string} */ (desktop.env.HOME), ".mozilla", "native-messaging-hosts"),
    manifestCallers: { allowed_extensions: [id] },
    // The load event of an extension page, or of a page behind a challenge, is never reported.
    extensionWait: [],
    pageWait: [],
    tellsAddress: false,
    // What Firefox keeps when a person ticks "Run in Private Windows".
    async allowIncognito(when) {
      if (when === "after") return;
      await chromeEvaluate(`ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs").ExtensionPermissions.add(
        ${JSON.stringify(id)}, { permissions: ["internal:privateBrowsingAllowed"], origins: [] }).then(() => true)`);
    },
    async stopBackground() {
      await chromeEvaluate(`WebExtensionPolicy.getByID(${JSON.stringify(id)}).extension.terminateBackground({ignoreDevToolsAttached: true})`);
    },
    backgroundEvaluate: () => { throw new Error("Firefox's driver does not reach an extension's background"); },
    async setMedia(_page, { colorScheme, reducedMotion, forcedColors }) {
      await chromeEvaluate(`
        Services.prefs.setIntPref("layout.css.prefers-color-scheme.content-override", ${colorScheme === "dark" ? 0 : 1});
        Services.prefs.setIntPref("ui.prefersReducedMotion", ${reducedMotion ? 1 : 0});
        Services.prefs.setIntPref("browser.display.document_color_use", ${forcedColors ? 2 : 0});`);
    },
  };
}

// Stock Chromium: what differs from Firefox when it is driven.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

/** @typedef {import("./browser.js").Engine} Engine */

/**
 * @param {import("./desktop.js").Desktop} desktop
 * @param {string | null} extension folder of the unpacked extension that will be installed; null: the bare browser
 * @param {import("./browser.js").Network} [network]
 * @returns {Promise<Engine>}
 */
export async function startChromium(desktop, extension, { proxy, insecure = false } = {}) {
  // A folder of its own each time: a new profile is another day.
  const profile = mkdtempSync(join(desktop.root, "chromium-"));
  const id = extension ? extensionId(JSON.parse(readFileSync(join(extension, "manifest.json"), "utf8")).key) : "";
  const browser = await puppeteer.launch({
    browser: "chrome",
    executablePath: "/usr/bin/chromium",
    headless: true,
    pipe: true,
    userDataDir: profile,
    enableExtensions: extension !== null,
    defaultViewport: null,
    env: desktop.env,
    protocolTimeout: 300_000,
    acceptInsecureCerts: insecure,
    args: [
      "--window-size=1100,800",
      "--lang=en-US",
      ...(proxy ? [`--proxy-server=http://127.0.0.1:${proxy}`] : []),
      // Chromium's sandbox refuses to run as root, which test machines often are.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
  /** @type {WeakMap<import("puppeteer-core").Page, import("puppeteer-core").CDPSession>} */
  const media = new WeakMap();
  const backgroundTarget = () => browser.waitForTarget(
    (t) => t.type() === "service_worker" && t.url().startsWith(`chrome-extension://${id}/`), { timeout: 20_000 });
  const background = async () => /** @type {import("puppeteer-core").WebWorker} */ (await (await backgroundTarget()).worker());

  return {
    name: "chromium",
    browser,
    base: `chrome-extension://${id}/`,
    manifestFolder: join(profile, "NativeMessagingHosts"),
    manifestCallers: { allowed_origins: [`chrome-extension://${id}/`] },
    extensionWait: "load",
    pageWait: "load",
    tellsAddress: true,
    // As a person does on the page of extensions.
    async allowIncognito(when) {
      if (when === "before") return;
      const page = await browser.newPage();
      await page.goto("chrome://extensions");
      // An unpacked extension that starts anew is left off outside developer mode.
      await page.evaluate(`chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })
        .then(() => chrome.developerPrivate.updateExtensionConfiguration({ extensionId: "${id}", incognitoAccess: true }))`);
      await page.close();
    },
    // The driver lets go first: a worker that an event starts anew while it
    // is still attached waits for it for ever.
    async stopBackground() {
      const { client } = await background();
      const connection = /** @type {import("puppeteer-core").Connection} */ (client.connection());
      const { _targetId: targetId } = /** @type {any} */ (await backgroundTarget());
      await connection.send("Target.detachFromTarget", { sessionId: client.id() });
      await connection.send("Target.closeTarget", { targetId });
    },
    backgroundEvaluate: async (source) => (await background()).evaluate(source),
    async setMedia(page, { colorScheme, reducedMotion, forcedColors }) {
      // The emulation lasts as long as the session that asked for it.
      const session = media.get(page) ?? await page.createCDPSession();
      media.set(page, session);
      await session.send("Emulation.setEmulatedMedia", {
        features: [
          { name: "prefers-color-scheme", value: colorScheme },
          { name: "prefers-reduced-motion", value: reducedMotion ? "reduce" : "no-preference" },
          { name: "forced-colors", value: forcedColors ? "active" : "none" },
        ],
      });
    },
  };
}

/**
 * The id that Chromium derives from the manifest's public key.
 * @param {string} key base64 of the DER form
 */
export function extensionId(key) {
  const hex = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 32);
  return [...hex].map((digit) => String.fromCharCode("a".charCodeAt(0) + parseInt(digit, 16))).join("");
}

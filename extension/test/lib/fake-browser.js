// A stand-in for the WebExtensions API, for tests of the modules' own logic.
// What browsers really do is tested in e2e/.

/** An event that remembers its listeners. */
export class FakeEvent {
  /** @type {((...args: any[]) => any)[]} */
  listeners = [];
  /** @param {(...args: any[]) => any} listener */
  addListener(listener) { this.listeners.push(listener); }
  /** @param {(...args: any[]) => any} listener */
  removeListener(listener) { this.listeners = this.listeners.filter((l) => l !== listener); }
  /** @param {any[]} args */
  fire(...args) { return this.listeners.map((listener) => listener(...args)); }
}

/** A native-messaging port whose other end is the test. */
export class FakePort {
  /** @type {any[]} */
  sent = [];
  open = true;
  /** @type {{message: string} | undefined} as Firefox reports why a port closed */
  error;
  onMessage = new FakeEvent();
  onDisconnect = new FakeEvent();
  /** @param {any} message */
  postMessage(message) {
    this.sent.push(message);
    this.onPost?.(message);
  }
  /** @type {((message: any) => void) | undefined} */
  onPost;
  disconnect() { this.open = false; }
  /** @param {string} [reason] */
  die(reason) {
    this.open = false;
    this.error = reason === undefined ? undefined : { message: reason };
    this.onDisconnect.fire(this);
  }
}

/**
 * Install a fake `chrome`; call before importing a module of the extension.
 * @returns {any}
 */
export function installFakeBrowser() {
  /** @type {Record<string, any>} */
  const session = {};
  /** @type {FakePort[]} */
  const ports = [];
  const area = (/** @type {Record<string, any>} */ data) => ({
    get: async (/** @type {string | null} */ key) =>
      key === null ? structuredClone(data) : key in data ? { [key]: structuredClone(data[key]) } : {},
    set: async (/** @type {object} */ items) => { Object.assign(data, structuredClone(items)); },
    remove: async (/** @type {string} */ key) => { delete data[key]; },
  });
  const fake = {
    ports,
    session,
    incognito: false,
    /** @type {string | undefined} */
    cookieStoreId: undefined,
    /** @type {((port: FakePort) => void) | undefined} */
    onConnect: undefined,
    windowsCreated: 0,
    alarms: { create: async () => {}, clear: async () => true },
    runtime: {
      id: "self",
      connectNative() {
        const port = new FakePort();
        ports.push(port);
        fake.onConnect?.(port);
        return port;
      },
      getManifest: () => ({ version: "0.0.0" }),
      getURL: (/** @type {string} */ path) => `chrome-extension://self/${path}`,
      sendMessage: async () => {},
    },
    i18n: { getUILanguage: () => "en", getMessage: (/** @type {string} */ key) => key },
    storage: { session: area(session), local: area({}) },
    /** @type {number[]} */
    reloaded: [],
    /** @type {any} what is in front of the person */
    front: undefined,
    tabs: {
      query: async () => (fake.front ? [fake.front] : []),
      reload: async (/** @type {number} */ id) => { fake.reloaded.push(id); },
      get: async (/** @type {number} */ id) => ({ id, active: true, windowId: 1, url: "http://127.0.0.1:8080/forty", incognito: fake.incognito, cookieStoreId: fake.cookieStoreId }),
    },
    windows: {
      get: async () => ({ focused: true, state: "normal" }),
      create: async () => { fake.windowsCreated++; return { id: 100 + fake.windowsCreated }; },
      remove: async () => {},
    },
    scripting: { executeScript: async () => [{ result: null }] },
    action: { setBadgeText: async () => {}, setBadgeBackgroundColor: async () => {}, setTitle: async () => {} },
    cookies: { getAll: async () => [], getAllCookieStores: async () => [] },
    webRequest: { onHeadersReceived: new FakeEvent(), onCompleted: new FakeEvent(), onErrorOccurred: new FakeEvent() },
  };
  Object.assign(globalThis, { chrome: fake, browser: undefined });
  return fake;
}

/**
 * Let pending promises run.
 * @returns {Promise<void>}
 */
export function settle() {
  return new Promise((resolve) => { setImmediate(resolve); });
}

// The banner is sent into pages as text: it must not need anything around it.

import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { showBanner } from "../../src/ui/banner.js";

const text = { title: "<b>Title</b>", summary: "Summary", site: "example.org", lang: "en", dir: "ltr", button: "What can I do?", close: "Close" };

/** Just enough of a page: elements that remember what was done to them. */
function fakePage() {
  /** @type {any[]} */
  const made = [];
  /** @type {any[]} */
  const sent = [];
  /** @type {Map<string, Function>} */
  const onDocument = new Map();
  /** @param {string} tag @returns {any} */
  const element = (tag) => {
    const self = {
      tag, textContent: "", attributes: /** @type {Record<string, string>} */ ({}), children: /** @type {any[]} */ ([]), listeners: new Map(), removed: false, shadow: "",
      setAttribute(/** @type {string} */ name, /** @type {string} */ value) { self.attributes[name] = value; },
      append(/** @type {any[]} */ ...more) { self.children.push(...more); },
      prepend(/** @type {any[]} */ ...more) { self.children.unshift(...more); },
      addEventListener(/** @type {string} */ type, /** @type {Function} */ listener) { self.listeners.set(type, listener); },
      attachShadow(/** @type {{mode: string}} */ { mode }) { self.shadow = mode; return element("#shadow"); },
      getBoundingClientRect: () => ({ height: 61.5 }),
      remove() { self.removed = true; },
    };
    made.push(self);
    return self;
  };
  /** @type {Record<string, string>} */
  const margins = { "margin-top": "7px" };
  const documentElement = Object.assign(element("html"), {
    style: {
      getPropertyValue: (/** @type {string} */ name) => margins[name],
      getPropertyPriority: () => "",
      setProperty: (/** @type {string} */ name, /** @type {string} */ value) => { margins[name] = value; },
    },
  });
  const world = {
    document: {
      documentElement,
      createElementNS: (/** @type {string} */ _, /** @type {string} */ tag) => element(tag),
      querySelectorAll: () => made.filter((e) => e.tag === "readmit-banner" && !e.removed),
      addEventListener: (/** @type {string} */ type, /** @type {Function} */ listener) => { onDocument.set(type, listener); },
      removeEventListener: (/** @type {string} */ type) => { onDocument.delete(type); },
    },
    CSSStyleSheet: class { replaceSync() {} },
    ResizeObserver: class {
      /** @param {() => void} changed */
      constructor(changed) { this.observe = changed; this.disconnect = () => {}; }
    },
    requestAnimationFrame: (/** @type {() => void} */ next) => next(),
    chrome: { runtime: { sendMessage: async (/** @type {any} */ message) => { sent.push(message); } } },
  };
  vm.runInNewContext(`(${showBanner.toString()})(${JSON.stringify(text)})`, world);
  const find = (/** @type {string} */ tag) => made.filter((e) => e.tag === tag && !e.removed);
  return { world, find, sent, margins, onDocument };
}

test("the banner runs from its text alone, in a closed shadow root, and sets text as text", () => {
  const { find } = fakePage();
  assert.equal(find("readmit-banner")[0].shadow, "closed");
  assert.deepEqual(find("p").map((p) => p.textContent), ["readmit · example.org", "<b>Title</b>", "Summary"]);
  assert.equal(find("input").length + find("textarea").length + find("form").length, 0);
});

test("the page is pushed down by the banner's height and comes back when it closes", () => {
  const { find, margins } = fakePage();
  assert.equal(margins["margin-top"], "62px");
  find("button")[1].listeners.get("click")({ isTrusted: true });
  assert.equal(margins["margin-top"], "7px");
  assert.equal(find("readmit-banner").length, 0);
});

test("only a person can open the popup or close the banner by a click", () => {
  const { find, sent } = fakePage();
  for (const button of find("button")) button.listeners.get("click")({ isTrusted: false });
  assert.deepEqual(sent, []);
  assert.equal(find("readmit-banner").length, 1);
  find("button")[0].listeners.get("click")({ isTrusted: true });
  assert.deepEqual(JSON.parse(JSON.stringify(sent)), [{ type: "banner/open" }]);
});

test("Esc closes the banner unless the page has used it", () => {
  const { find, onDocument } = fakePage();
  onDocument.get("keydown")?.({ key: "Escape", defaultPrevented: true, isTrusted: true });
  onDocument.get("keydown")?.({ key: "Escape", defaultPrevented: false, isTrusted: false });
  assert.equal(find("readmit-banner").length, 1);
  onDocument.get("keydown")?.({ key: "Escape", defaultPrevented: false, isTrusted: true });
  assert.equal(find("readmit-banner").length, 0);
  assert.equal(onDocument.size, 0);
});

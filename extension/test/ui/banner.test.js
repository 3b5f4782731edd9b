// The banner is sent into pages as text: it must not need anything around it.

import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { showBanner } from "../../src/ui/banner.js";

const text = { title: "<b>Title</b>", summary: "Summary", site: "example.org", lang: "en", dir: "ltr", button: "What can I do?", close: "Close" };

/**
 * Just enough of a page: elements that remember what was done to them.
 * @param {{margin?: string}} [page]  the margin in the page's own style attribute; without it there is none
 */
function fakePage({ margin } = { margin: "7px" }) {
  /** @type {any[]} */
  const made = [];
  /** @type {any[]} */
  const sent = [];
  /** @type {Map<string, Function>} */
  const onDocument = new Map();
  /** @type {string[]} what a screen reader would say */
  const spoken = [];
  /** @type {(() => void)[]} */
  const resized = [];
  const view = { height: 61.5 };
  /** @param {string} tag @returns {any} */
  const element = (tag) => {
    let words = "";
    const self = {
      tag, attributes: /** @type {Record<string, string>} */ ({}), children: /** @type {any[]} */ ([]), listeners: new Map(), isConnected: true, shadow: "",
      /** @type {any} */
      parent: undefined,
      get textContent() { return words; },
      set textContent(/** @type {string} */ next) {
        words = next;
        const region = self.parent?.attributes ?? {};
        if (region.role === "status" && region["aria-live"] === "polite") spoken.push(next);
      },
      setAttribute(/** @type {string} */ name, /** @type {string} */ value) { self.attributes[name] = value; },
      hasAttribute: (/** @type {string} */ name) => name in self.attributes,
      removeAttribute(/** @type {string} */ name) { delete self.attributes[name]; },
      append(/** @type {any[]} */ ...more) {
        self.children.push(...more);
        for (const child of more) child.parent = self;
      },
      prepend(/** @type {any[]} */ ...more) { self.children.unshift(...more); },
      addEventListener(/** @type {string} */ type, /** @type {Function} */ listener) { self.listeners.set(type, listener); },
      attachShadow(/** @type {{mode: string}} */ { mode }) { self.shadow = mode; return element("#shadow"); },
      getBoundingClientRect: () => view,
      remove() { self.isConnected = false; },
    };
    made.push(self);
    return self;
  };
  /** @type {Map<string, {value: string, priority: string}>} */
  const style = new Map(margin === undefined ? [] : [["margin-top", { value: margin, priority: "" }]]);
  const documentElement = Object.assign(element("html"), {
    attributes: /** @type {Record<string, string>} */ (margin === undefined ? {} : { style: "" }),
    hasAttribute: (/** @type {string} */ name) => name in documentElement.attributes,
    removeAttribute: (/** @type {string} */ name) => { delete documentElement.attributes[name]; },
    style: {
      get length() { return style.size; },
      getPropertyValue: (/** @type {string} */ name) => style.get(name)?.value ?? "",
      getPropertyPriority: (/** @type {string} */ name) => style.get(name)?.priority ?? "",
      setProperty: (/** @type {string} */ name, /** @type {string} */ value, priority = "") => {
        documentElement.attributes.style = "";
        if (value) style.set(name, { value, priority });
        else style.delete(name);
      },
    },
  });
  const world = vm.createContext({
    document: {
      documentElement,
      createElementNS: (/** @type {string} */ _, /** @type {string} */ tag) => element(tag),
      querySelectorAll: () => made.filter((e) => e.tag === "readmit-banner" && e.isConnected),
      addEventListener: (/** @type {string} */ type, /** @type {Function} */ listener) => { onDocument.set(type, listener); },
      removeEventListener: (/** @type {string} */ type) => { onDocument.delete(type); },
    },
    CSSStyleSheet: class { replaceSync() {} },
    ResizeObserver: class {
      /** @param {() => void} changed */
      constructor(changed) {
        this.observe = () => { resized.push(changed); changed(); };
        this.disconnect = () => { resized.splice(resized.indexOf(changed), 1); };
      }
    },
    requestAnimationFrame: (/** @type {() => void} */ next) => next(),
    chrome: { runtime: { sendMessage: async (/** @type {any} */ message) => { sent.push(message); } } },
  });
  /** @param {typeof text | null} wanted as the browser does it: the function as text, into the same document */
  const show = (wanted) => vm.runInContext(`(${showBanner.toString()})(${JSON.stringify(wanted)})`, world);
  show(text);
  const banners = () => made.filter((e) => e.tag === "readmit-banner" && e.isConnected);
  const find = (/** @type {string} */ tag) => made.filter((e) => e.tag === tag && e.isConnected);
  const marginTop = () => style.get("margin-top")?.value;
  const resizeTo = (/** @type {number} */ height) => {
    view.height = height;
    for (const changed of resized) changed();
  };
  const close = () => find("button").at(-1).listeners.get("click")({ isTrusted: true });
  return { find, banners, show, close, spoken, sent, style, marginTop, resizeTo, onDocument, documentElement };
}

test("the banner runs from its text alone, in a closed shadow root, and sets text as text", () => {
  const { find } = fakePage();
  assert.equal(find("readmit-banner")[0].shadow, "closed");
  assert.deepEqual(find("p").map((p) => p.textContent), ["readmit · example.org", "<b>Title</b>", "Summary"]);
  assert.equal(find("input").length + find("textarea").length + find("form").length, 0);
});

test("the page is pushed down by the banner's height and comes back when it closes", () => {
  const { banners, close, marginTop, resizeTo } = fakePage();
  assert.equal(marginTop(), "62px");
  resizeTo(100);
  assert.equal(marginTop(), "100px");
  close();
  assert.equal(marginTop(), "7px");
  assert.equal(banners().length, 0);
});

test("a page without a style of its own has none afterwards", () => {
  const { close, documentElement } = fakePage({});
  close();
  assert.deepEqual(documentElement.attributes, {});
});

test("a margin that the page has set meanwhile stays", () => {
  const { close, style, marginTop, resizeTo } = fakePage();
  style.set("margin-top", { value: "20px", priority: "" });
  resizeTo(100);
  assert.equal(marginTop(), "100px", "the page does not slip under the banner");
  style.set("margin-top", { value: "30px", priority: "" });
  close();
  assert.equal(marginTop(), "30px");
});

test("a margin that the page had set before a resize comes back as well", () => {
  const { close, style, marginTop, resizeTo } = fakePage();
  style.set("margin-top", { value: "20px", priority: "" });
  resizeTo(100);
  close();
  assert.equal(marginTop(), "20px");
});

test("shown again, the banner that stands takes the new words; only another title is spoken", () => {
  const { banners, find, show, spoken, marginTop, close } = fakePage();
  const first = spoken.splice(0);
  assert.deepEqual(first, ["readmit · example.org", "<b>Title</b>", "Summary"]);
  show(text);
  show({ ...text, summary: "More" });
  assert.deepEqual(spoken, []);
  assert.deepEqual(find("p").map((p) => p.textContent), ["readmit · example.org", "<b>Title</b>", "More"]);
  show({ ...text, title: "Another" });
  assert.deepEqual(spoken, ["readmit · example.org", "Another", "Summary"]);
  assert.equal(banners().length, 1);
  close();
  assert.equal(marginTop(), "7px");
});

test("a banner that the person closed does not come back in this document", () => {
  const { banners, show, close } = fakePage();
  close();
  show({ ...text, title: "Another" });
  show(null);
  show(text);
  assert.equal(banners().length, 0);
});

test("a banner that is no longer needed goes, and another may come", () => {
  const { banners, show, marginTop, onDocument } = fakePage();
  show(null);
  assert.equal(banners().length, 0);
  assert.equal(marginTop(), "7px");
  assert.equal(onDocument.size, 0);
  show(null);
  show(text);
  assert.equal(banners().length, 1);
  assert.equal(marginTop(), "62px");
});

test("a banner that the page removed is shown anew, and leaves nothing behind", () => {
  const { banners, show, marginTop, close } = fakePage();
  banners()[0].remove();
  show(text);
  assert.equal(banners().length, 1);
  close();
  assert.equal(marginTop(), "7px");
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

// The line at the top of a refused page. It decides nothing and asks for
// nothing: it opens the popup, or closes.

/**
 * @typedef {object} BannerText
 * @property {string} title
 * @property {string} summary
 * @property {string} site
 * @property {string} lang
 * @property {string} dir
 * @property {string} button
 * @property {string} close
 */

/**
 * Show the banner, give the one that stands other words, or with null take it
 * away. One that the person closed does not come back in this document.
 *
 * The browser sends this function into the page as text, so it uses nothing
 * from outside itself. The page can see that something was added and can remove
 * it; it can neither read nor press what is in it.
 *
 * It builds with createElement and textContent, and brings its style as a
 * sheet object: a page's `default-src 'none'` or `require-trusted-types-for`
 * stops neither.
 * @param {BannerText | null} wanted
 */
export function showBanner(wanted) {
  // What readmit runs in a document shares a global object that the page does not see.
  const mark = Symbol.for("readmit-banner");
  const world = /** @type {any} */ (globalThis);
  /** @type {{closed: boolean, change: (text: BannerText) => boolean, end: () => void} | undefined} */
  const standing = world[mark];
  if (standing?.closed) return;
  if (!wanted) {
    standing?.end();
    return;
  }
  if (standing?.change(wanted)) return;

  const name = "readmit-banner";
  document.querySelectorAll(name).forEach((old) => old.remove()); // of a readmit that was updated since
  const host = document.createElementNS("http://www.w3.org/1999/xhtml", name);
  const root = host.attachShadow({ mode: "closed" });

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial !important; display: block !important; position: fixed !important; inset: 0 0 auto 0 !important;
      z-index: 2147483647 !important; color-scheme: light dark !important; contain: content !important; }
    .bar { --ground: #ffffff; --ink: #1d2a2c; --soft: #4f5e61; --line: #7a878a; --accent: #0e5e60; --on: #ffffff; --tint: #e6f1ef;
      display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; box-sizing: border-box; padding: 10px 16px;
      border-bottom: 3px solid var(--accent); background: var(--ground); color: var(--ink);
      font: 15px/1.4 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
    .words { flex: 1 1 260px; min-width: 0; }
    p { margin: 0; }
    .title { font-weight: 650; }
    .from, .summary { color: var(--soft); font-size: 14px; }
    .steps { display: flex; flex-wrap: wrap; gap: 8px; }
    button { box-sizing: border-box; min-height: 44px; padding: 6px 16px; border: 1px solid var(--line); border-radius: 10px;
      background: var(--ground); color: var(--ink); font: inherit; font-weight: 600; cursor: pointer; }
    button:hover { border-color: var(--accent); background: var(--tint); }
    .main { border-color: var(--accent); background: var(--accent); color: var(--on); }
    .main:hover { background: var(--accent); text-decoration: underline; }
    button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    @media (prefers-color-scheme: dark) {
      .bar { --ground: #1b2426; --ink: #e8eeec; --soft: #a8b6b6; --line: #7b8b8e; --accent: #86d3c9; --on: #06282a; --tint: #1d3335; }
    }
    @media (forced-colors: active) { .main { border-width: 3px; } button:focus-visible { outline-color: Highlight; } }
    @media print { :host { display: none !important; } }
  `);
  root.adoptedStyleSheets = [sheet];

  /** @type {(tag: string, className: string) => HTMLElement} */
  const make = (tag, className) => {
    const element = /** @type {HTMLElement} */ (document.createElementNS("http://www.w3.org/1999/xhtml", tag));
    element.className = className;
    return element;
  };
  const bar = make("div", "bar");
  bar.setAttribute("role", "region");
  const words = make("div", "words");
  words.setAttribute("role", "status");
  const from = make("p", "from");
  const title = make("p", "title");
  const summary = make("p", "summary");
  const steps = make("div", "steps");
  const open = make("button", "main");
  const close = make("button", "");
  for (const button of [open, close]) button.setAttribute("type", "button");
  words.append(from, title, summary);
  steps.append(open, close);
  bar.append(words, steps);
  root.append(bar);

  /** @type {BannerText | null} */
  let shown = null;
  /** @type {(text: BannerText) => void} */
  const show = (text) => {
    // A live region speaks whenever it changes; only another title is news.
    words.setAttribute("aria-live", shown?.title === text.title ? "off" : "polite");
    shown = text;
    bar.setAttribute("aria-label", `readmit: ${text.title}`);
    bar.lang = text.lang;
    bar.dir = text.dir;
    open.textContent = text.button;
    close.textContent = text.close;
    // It also speaks only of what changes after it exists.
    requestAnimationFrame(() => {
      if (shown !== text) return;
      from.textContent = `readmit · ${text.site}`;
      title.textContent = text.title;
      summary.textContent = text.summary;
    });
  };

  // The page moves down by as much as the banner is high, and back again.
  // An XML document has no style of its own: there the banner lies on top.
  const page = /** @type {HTMLElement} */ (document.documentElement);
  const { style } = page;
  const styled = page.hasAttribute("style");
  let own = { value: "", priority: "" };
  let room = ""; // the margin as it was set here
  const makeRoom = new ResizeObserver(() => {
    if (!style) return;
    const value = style.getPropertyValue("margin-top");
    if (value !== room) own = { value, priority: style.getPropertyPriority("margin-top") };
    room = `${Math.ceil(bar.getBoundingClientRect().height)}px`;
    style.setProperty("margin-top", room, "important");
  });
  const giveRoomBack = () => {
    if (!style || style.getPropertyValue("margin-top") !== room) return; // the page has set another since
    style.setProperty("margin-top", own.value, own.priority);
    if (!styled && style.length === 0) page.removeAttribute("style");
  };

  const banner = {
    closed: false,
    /** @type {(text: BannerText) => boolean} */
    change: (text) => {
      if (!host.isConnected) { // the page removed it
        banner.end();
        return false;
      }
      if (JSON.stringify(text) !== JSON.stringify(shown)) show(text);
      return true;
    },
    end: () => {
      makeRoom.disconnect();
      document.removeEventListener("keydown", onKey);
      giveRoomBack();
      host.remove();
      if (!banner.closed) delete world[mark];
    },
  };
  const closeForGood = () => {
    banner.closed = true;
    banner.end();
  };
  /** @type {(event: KeyboardEvent) => void} */
  const onKey = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !event.isTrusted) return;
    closeForGood();
  };
  // Last in line: a page that has its own use for Esc goes first.
  document.addEventListener("keydown", onKey);
  open.addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const runtime = (globalThis.browser ?? globalThis.chrome).runtime;
    void runtime.sendMessage({ type: "banner/open" }).catch(() => {}); // readmit was updated since: the toolbar still works
  });
  close.addEventListener("click", (event) => { if (event.isTrusted) closeForGood(); });

  Object.defineProperty(world, mark, { value: banner, configurable: true });
  page.prepend(host); // first, so that Tab comes to it first
  makeRoom.observe(bar);
  show(wanted);
}

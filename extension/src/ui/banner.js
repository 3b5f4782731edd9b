// The line at the top of a refused page. It decides nothing and asks for
// nothing: it opens the popup, or closes.

/**
 * Show the banner. The browser sends this function into the page as text, so
 * it uses nothing from outside itself. The page can see that something was
 * added and can remove it; it can neither read nor press what is in it.
 *
 * It builds with createElement and textContent, and brings its style as a
 * sheet object: a page's `default-src 'none'` or `require-trusted-types-for`
 * stops neither.
 * @param {{title: string, summary: string, site: string, lang: string, dir: string, button: string, close: string}} text
 */
export function showBanner(text) {
  const name = "readmit-banner";
  document.querySelectorAll(name).forEach((old) => old.remove());
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

  /** @type {(tag: string, className: string, words?: string) => HTMLElement} */
  const make = (tag, className, words = "") => {
    const element = /** @type {HTMLElement} */ (document.createElementNS("http://www.w3.org/1999/xhtml", tag));
    element.className = className;
    element.textContent = words;
    return element;
  };
  const bar = make("div", "bar");
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", `readmit: ${text.title}`);
  bar.lang = text.lang;
  bar.dir = text.dir;
  const words = make("div", "words");
  words.setAttribute("role", "status");
  const steps = make("div", "steps");
  const open = make("button", "main", text.button);
  const close = make("button", "", text.close);
  for (const button of [open, close]) button.setAttribute("type", "button");
  steps.append(open, close);
  bar.append(words, steps);
  root.append(bar);
  document.documentElement.prepend(host); // first, so that Tab comes to it first

  // The page moves down by as much as the banner is high, and back again.
  // An XML document has no style of its own: there the banner lies on top.
  const { style } = /** @type {HTMLElement} */ (document.documentElement);
  const before = style?.getPropertyValue("margin-top");
  const priority = style?.getPropertyPriority("margin-top");
  const makeRoom = new ResizeObserver(() => style?.setProperty("margin-top", `${Math.ceil(bar.getBoundingClientRect().height)}px`, "important"));
  makeRoom.observe(bar);

  const end = () => {
    makeRoom.disconnect();
    document.removeEventListener("keydown", onKey);
    style?.setProperty("margin-top", before, priority);
    host.remove();
  };
  /** @type {(event: KeyboardEvent) => void} */
  const onKey = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !event.isTrusted) return;
    end();
  };
  // Last in line: a page that has its own use for Esc goes first.
  document.addEventListener("keydown", onKey);
  open.addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const runtime = (globalThis.browser ?? globalThis.chrome).runtime;
    void runtime.sendMessage({ type: "banner/open" }).catch(() => {}); // readmit was updated since: the toolbar still works
  });
  close.addEventListener("click", (event) => { if (event.isTrusted) end(); });

  // A live region speaks when it changes after it exists: once, here.
  requestAnimationFrame(() => {
    words.append(make("p", "from", `readmit · ${text.site}`), make("p", "title", text.title), make("p", "summary", text.summary));
  });
}

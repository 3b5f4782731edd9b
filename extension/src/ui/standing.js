// The sites where readmit signs in without asking, each to be withdrawn.

import { byId, make, setText, showSite, showText, t } from "./dom.js";
import { standingKey } from "./model.js";
import { quotable, splitPort } from "./site.js";

/** @typedef {import("./types.js").Standing} Standing */

let shown = "";

/**
 * @param {Standing[] | null} standing
 * @param {(id: string) => Promise<string>} withdraw  resolves with what went wrong, or ""
 */
export function showStanding(standing, withdraw) {
  const key = JSON.stringify(standing);
  if (key === shown) return;
  shown = key;
  const none = standingKey(standing);
  showText(byId("standing-none", HTMLElement), none && t(none));
  byId("standing", HTMLElement).replaceChildren(...(standing ?? []).map((one) => itemOf(one, withdraw)));
}

/**
 * @param {Standing} one
 * @param {(id: string) => Promise<string>} withdraw
 */
function itemOf({ id, space, account, used }, withdraw) {
  const item = make("li", "standing");
  const words = make("div", "");
  const site = make("p", "site");
  const { host, port } = splitPort(URL.canParse(space.origin) ? new URL(space.origin).host : space.origin);
  showSite(site, host, port);
  const who = make("p", "quiet", t("standingAccount", quotable(account), new Date(used).toLocaleDateString(t("textLanguage"), { day: "numeric", month: "short", year: "numeric" })));
  words.append(site, who);
  const button = make("button", "button quiet-button", t("withdrawButton"));
  button.type = "button";
  button.setAttribute("aria-label", t("withdrawName", quotable(account), host));
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    const said = byId("standing-said", HTMLElement);
    setText(said, "");
    void withdraw(id).then((failure) => {
      button.removeAttribute("aria-disabled");
      setText(said, failure || t("withdrawn", quotable(account), host));
      if (!failure) byId("always-title", HTMLElement).focus();
    });
  });
  item.append(words, button);
  return item;
}

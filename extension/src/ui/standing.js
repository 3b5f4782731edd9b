// The sites where readmit signs in without asking, each to be withdrawn.

import { byId, make, setText, showSite, t } from "./dom.js";
import { quotable, splitPort } from "./site.js";

/** @typedef {import("./types.js").Standing} Standing */

let shown = "";

/**
 * @param {Standing[]} standing
 * @param {(id: string) => Promise<boolean>} withdraw
 */
export function showStanding(standing, withdraw) {
  const key = JSON.stringify(standing);
  if (key === shown) return;
  shown = key;
  byId("standing-none", HTMLElement).hidden = standing.length > 0;
  byId("standing", HTMLElement).replaceChildren(...standing.map((one) => itemOf(one, withdraw)));
}

/**
 * @param {Standing} one
 * @param {(id: string) => Promise<boolean>} withdraw
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
    button.setAttribute("aria-disabled", "true");
    void withdraw(id).then((done) => {
      button.removeAttribute("aria-disabled");
      if (!done) return;
      setText(byId("standing-said", HTMLElement), t("withdrawn", quotable(account), host));
      byId("always-title", HTMLElement).focus();
    });
  });
  item.append(words, button);
  return item;
}

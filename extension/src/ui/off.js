// The sites that readmit leaves alone, each to be taken back.

import { byId, make, setText, showSite, t } from "./dom.js";
import { splitPort } from "./site.js";

let shown = "";

/**
 * @param {string[]} origins
 * @param {(origin: string) => Promise<string>} takeBack  resolves with what went wrong, or ""
 */
export function showOff(origins, takeBack) {
  const key = JSON.stringify(origins);
  if (key === shown) return;
  shown = key;
  byId("off-none", HTMLElement).hidden = origins.length > 0;
  byId("off-list", HTMLElement).replaceChildren(...origins.filter((one) => URL.canParse(one)).map((one) => itemOf(one, takeBack)));
}

/**
 * @param {string} origin
 * @param {(origin: string) => Promise<string>} takeBack
 */
function itemOf(origin, takeBack) {
  const item = make("li", "standing");
  const site = make("p", "site");
  const { host, port } = splitPort(new URL(origin).host);
  showSite(site, host, port);
  const button = make("button", "button quiet-button", t("offButton"));
  button.type = "button";
  button.setAttribute("aria-label", t("offName", host));
  button.addEventListener("click", () => {
    const said = byId("off-said", HTMLElement);
    setText(said, "");
    void takeBack(origin).then((failure) => {
      setText(said, failure || t("offBack", host));
      if (!failure) byId("off-title", HTMLElement).focus();
    });
  });
  item.append(site, button);
  return item;
}

// The popup's own form for an account that the site's form shall get now and
// readmit keep afterwards. What is typed is handed on once and cleared here.

import { byId, setText, t } from "./dom.js";

/** @param {(typed: {account: string, secret: string}) => void} send */
export function setUpKeep(send) {
  const user = byId("keep-user", HTMLInputElement);
  const password = byId("keep-password", HTMLInputElement);
  const said = byId("keep-said", HTMLElement);
  const show = byId("keep-show", HTMLElement);
  const reveal = (/** @type {boolean} */ visible) => {
    password.type = visible ? "text" : "password";
    setText(show, t(visible ? "hidePassword" : "showPassword"));
  };
  show.addEventListener("click", () => reveal(password.type === "password"));
  for (const field of [user, password]) {
    field.addEventListener("input", () => {
      mark(field, false);
      setText(said, "");
    });
  }
  byId("keep-form", HTMLElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const empty = [user, password].filter((field) => !field.value);
    if (empty.length > 0) {
      for (const field of empty) mark(field, true);
      setText(said, t("emptyText"));
      empty[0].focus();
      return;
    }
    reveal(false);
    send({ account: user.value, secret: password.value });
    password.value = "";
  });
}

/**
 * @param {HTMLInputElement} field
 * @param {boolean} empty
 */
function mark(field, empty) {
  for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", "keep-said"]]) {
    if (empty) field.setAttribute(name, value);
    else field.removeAttribute(name);
  }
}

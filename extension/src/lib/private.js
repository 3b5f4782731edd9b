// Whether readmit asks in private windows. Browsers let an extension see them
// only if the person says so; using what is kept there is a second question.

import { api } from "./browser.js";

const key = "askInPrivate";

/** @returns {Promise<boolean>} false until the person says otherwise */
export async function asksInPrivate() {
  return (await api.storage.local.get(key))[key] === true;
}

/** @param {boolean} wanted */
export async function setAsksInPrivate(wanted) {
  await api.storage.local.set({ [key]: wanted });
}

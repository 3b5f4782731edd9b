// The history page's questions to the agent.

import { call } from "./port.js";
import { forgetSignIns } from "./signin.js";

const listTime = 10_000; // nobody waits at a page: the agent may have to start
const pageSize = 100;
const maxListed = 500; // as many as the agent keeps

/**
 * @returns {Promise<{incidents: any[]}>} explain.View with `past`, newest first
 */
export async function listHistory() {
  const incidents = [];
  let before = "";
  do {
    const { incidents: page = [], next = "" } = await call("incident/list", { limit: pageSize, ...(before && { before }) }, listTime);
    incidents.push(...page);
    before = next;
  } while (before && incidents.length < maxListed);
  return { incidents };
}

/**
 * Forget one incident, or those of one origin, or all; the latter two with
 * where to sign in there.
 * @param {{incidentId?: unknown, origin?: unknown}} what
 */
export async function clearHistory({ incidentId, origin }) {
  await call("incident/clear", incidentId ? { incidentId: String(incidentId) } : origin ? { origin: String(origin) } : {}, listTime);
  if (!incidentId) await forgetSignIns(origin ? String(origin) : undefined);
  return listHistory();
}

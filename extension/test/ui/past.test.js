import assert from "node:assert/strict";
import { test } from "node:test";
import { historyKey, matches } from "../../src/ui/past.js";

const incident = {
  incidentId: "1", site: "shop.example:8443", status: 401,
  past: { opened: "2026-11-24T10:42:07Z", origin: "https://shop.example:8443", page: "/orders/{...}", title: "You have been signed out.",
    outcome: "Signing in again helped.", tried: ["The page was reloaded and stayed closed."] },
};

for (const [query, found] of /** @type {[string, boolean][]} */ ([
  ["", true], ["  ", true], ["SHOP", true], ["helped shop", true], ["reloaded", true], ["401 orders", true], ["shop bank", false], ["403", false],
])) {
  test(`the history looked through for ${JSON.stringify(query)}`, () => assert.equal(matches(incident, query), found));
}

test("what stands above the list says why it is empty", () => {
  assert.deepEqual([historyKey(0, 0), historyKey(3, 0), historyKey(3, 2)], ["historyNone", "searchNone", "searchCount"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { bareUrl, isLoopback, queryKeys, safeHeaders } from "../src/lib/safe.js";

test("a URL loses user name, password, query values and fragment", () => {
  const url = "https://anna:pw@example.org/a/b?token=s3cret&page=2&page=3#frag";
  assert.equal(bareUrl(url), "https://example.org/a/b");
  assert.deepEqual(queryKeys(url), ["token", "page"]);
});

test("headers pass by allow-list, cookies by name, locations without their query", () => {
  const safe = safeHeaders([
    { name: "authorization", value: "Basic czNjcmV0" }, { name: "cookie", value: "sid=s3cret" },
    { name: "x-secret-token", value: "s3cret" }, { name: "x-ms-token-aad", value: "s3cret" }, { name: "server", value: "nginx" },
    { name: "set-cookie", value: "sid=s3cret; HttpOnly" }, { name: "location", value: "https://a:s3cret@example.org/x?t=s3cret" },
    { name: "location", value: "/login?next=s3cret" },
  ]);
  assert.equal(JSON.stringify(safe).includes("s3cret"), false);
  assert.deepEqual(safe, [
    { name: "server", value: "nginx" }, { name: "set-cookie", value: "sid=" },
    { name: "location", value: "https://example.org/x" }, { name: "location", value: "/login" },
  ]);
});

test("loopback is this computer and nothing that looks like it", () => {
  for (const yes of ["http://localhost/", "http://a.localhost:8080/", "http://127.0.0.1/", "http://[::1]/"]) assert.equal(isLoopback(yes), true, yes);
  for (const no of ["http://localhost.example/", "http://127.0.0.1.example/", "http://128.0.0.1/", "http://10.0.0.1/"]) assert.equal(isLoopback(no), false, no);
});

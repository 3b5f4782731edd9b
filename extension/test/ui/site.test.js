import assert from "node:assert/strict";
import { test } from "node:test";
import { quotable, spelled, splitHost, splitPort } from "../../src/ui/site.js";

/** @type {[name: string, host: string, before: string, owner: string][]} */
const hosts = [
  ["a registered name alone", "example.org", "", "example.org"],
  ["a name below it", "wiki.example.org", "wiki.", "example.org"],
  ["a famous name in front of another owner's", "accounts.google.com.attacker.example", "accounts.google.com.", "attacker.example"],
  ["a country registry with a second level", "wiki.example.co.uk", "wiki.", "example.co.uk"],
  ["a country registry without one", "www.example.de", "www.", "example.de"],
  ["punycode stays as it is", "www.xn--bcher-kva.example", "www.", "xn--bcher-kva.example"],
  ["one label", "intranet", "", "intranet"],
  ["this computer", "localhost", "", "localhost"],
  ["a name on this computer", "shop.localhost", "shop.", "localhost"],
  ["an IPv4 address", "192.0.2.7", "", "192.0.2.7"],
  ["an IPv6 address", "[2001:db8::7]", "", "[2001:db8::7]"],
  ["nothing", "", "", ""],
];

for (const [name, host, before, owner] of hosts) {
  test(`host in bold: ${name}`, () => {
    assert.deepEqual(splitHost(host), { before, owner });
  });
}

test("the longest possible host is kept whole", () => {
  const host = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.example`;
  const { before, owner } = splitHost(host);
  assert.equal(before + owner, host);
});

test("a port is told apart from the groups of an IPv6 address", () => {
  assert.deepEqual(splitPort("example.org:8443"), { host: "example.org", port: "8443" });
  assert.deepEqual(splitPort("example.org"), { host: "example.org", port: "" });
  assert.deepEqual(splitPort("[2001:db8::7]:8443"), { host: "[2001:db8::7]", port: "8443" });
  assert.deepEqual(splitPort("[2001:db8::7]"), { host: "[2001:db8::7]", port: "" });
});

/** @type {[name: string, text: string, want: string][]} */
const quotes = [
  ["plain words", "Staff area", "Staff area"],
  ["line breaks and tabs become one space", "Staff\r\n\t area", "Staff area"],
  ["direction characters go", "abc\u202Edef\u2066x\u2069", "abcdefx"],
  ["zero-width characters go", "pay\u200Bpal\uFEFF\u2060", "paypal"],
  ["letters that look like nothing go", "a\u3164b\u115Fc", "abc"],
  ["control characters go", "a\u0000b\u001Bc\u009Fd", "a b c d"],
  ["quotation marks cannot end the quotation", "x\u201D Sign in with \"Google\"", "x' Sign in with 'Google'"],
  ["markup stays text", "<b>bold</b>", "<b>bold</b>"],
  ["other scripts stay", "職員専用", "職員専用"],
  ["half a character goes", "a\uD800b", "ab"],
];

for (const [name, text, want] of quotes) {
  test(`a site's words: ${name}`, () => {
    assert.equal(quotable(text), want);
  });
}

test("a site's words of 64 KiB are cut to 80 characters, and marked as cut", () => {
  const quoted = quotable("x".repeat(65_536));
  assert.equal(quoted.length, 80);
  assert.ok(quoted.endsWith("…"));
  assert.equal([...quotable("😀".repeat(200))].length, 80);
});

test("a support code is spelled letter by letter, with a pause between groups", () => {
  assert.equal(spelled("K7QF-2M9X"), "K 7 Q F, 2 M 9 X");
  assert.equal(spelled(""), "");
});

// The catalogue and the pages against each other, and against the rules for
// all that readmit says.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const src = new URL("../../src/", import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, src), "utf8");
/** @type {Record<string, {message: string, placeholders?: Record<string, {content: string}>}>} */
const catalogue = JSON.parse(read("_locales/en/messages.json"));
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.(js|html|json)$/.test(file) && !file.startsWith("_locales"));
const sources = new Map(files.map((file) => [file, read(file)]));

/** Keys that are put together from parts. */
const made = Object.keys(catalogue).filter((key) => key.startsWith("advice_"));

test("every word that a page asks for is in the catalogue", () => {
  for (const [file, text] of sources) {
    const asked = [
      ...text.matchAll(/data-text="([^"]+)"/g),
      ...text.matchAll(/(?<![\w.])t\("([^"]+)"/g),
      ...text.matchAll(/getMessage\("([^"@]+)"/g),
      ...text.matchAll(/notice: "([^"]+)"/g),
      ...text.matchAll(/__MSG_(\w+)__/g),
    ];
    for (const [, key] of asked) assert.ok(Object.hasOwn(catalogue, key), `${file} asks for ${key}`);
  }
});

test("every word of the catalogue is asked for", () => {
  const all = [...sources.values()].join("\n");
  for (const key of Object.keys(catalogue)) {
    if (!made.includes(key)) assert.ok(new RegExp(`(?<![a-zA-Z])${key}(?![a-zA-Z\\d])`).test(all), key);
  }
});

test("the advice of each step that the person takes alone is there", () => {
  const model = read("ui/model.js");
  const [, list] = /const advised = new Set\(\[([^\]]+)\]/.exec(model) ?? [];
  assert.deepEqual([...list.matchAll(/"(\w+)"/g)].map(([, action]) => `advice_${action}`).sort(), [...made].sort());
});

test("placeholders are named where they stand, and numbered in order", () => {
  for (const [key, { message, placeholders = {} }] of Object.entries(catalogue)) {
    const used = [...message.matchAll(/\$(\w+)\$/g)].map(([, name]) => name.toLowerCase());
    assert.deepEqual([...new Set(used)].sort(), Object.keys(placeholders).sort(), key);
    assert.deepEqual(Object.values(placeholders).map(({ content }) => content), Object.keys(placeholders).map((_, i) => `$${i + 1}`), key);
  }
});

const banned = /\b(unauthori[sz]ed|forbidden|invalid|illegal|credentials?|tokens?|sessions?|csrf|oops|idp|saml|your administrator|try again later|you entered|suspicious|log in|log out|login)\b/i;

test("no text uses a banned word, or a sentence of more than 20 words", () => {
  for (const [key, { message }] of Object.entries(catalogue)) {
    assert.doesNotMatch(message, banned, key);
    for (const sentence of message.split(/(?<=[.?!:])\s+/)) {
      assert.ok(sentence.split(/\s+/).length <= 20, `${key}: ${sentence}`);
    }
  }
});

test("the two questions of readmit's window differ by more than their punctuation", () => {
  const [choose, type] = ["consentChoose", "consentType"].map((key) => catalogue[key].message.replace(/\P{L}+/gu, " ").trim());
  assert.notEqual(choose, type);
});

test("a button whose label tells its state does not tell another one beside it", () => {
  for (const [file, text] of sources) assert.doesNotMatch(text, /aria-pressed/, file);
});

test("headings have at most eight words", () => {
  for (const [key, { message }] of Object.entries(catalogue)) {
    if (/Title$|Heading$|^consent(Choose|Type|Sending|Refused|GaveUp|Error)$/.test(key)) assert.ok(message.split(/\s+/).length <= 8, `${key}: ${message}`);
  }
});

test("pages carry no script, style or event handler of their own, and load nothing from elsewhere", () => {
  for (const [file, text] of sources) {
    if (!file.endsWith(".html")) continue;
    assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:|javascript:/i, file);
    assert.match(text, /<html lang="\w+" dir="\w+">/, file);
    assert.equal([...text.matchAll(/<h1\b/g)].length, 1, file);
    const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], `${file}: an id names one element`);
  }
});

test("the code of the pages never makes markup of text", () => {
  for (const [file, text] of sources) {
    if (file.startsWith("ui/")) assert.doesNotMatch(text, /\.(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|setHTML/, file);
  }
});

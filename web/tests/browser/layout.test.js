// Where lanes stand, without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../static/js/layout.js", import.meta.url), "utf8");
const { folding, lastUse, orderOf, place, OPEN, STRIPE } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const talk = (...pairs) => pairs.map((pair) => ({ from: pair[0], to: pair[1] }));

test("lanes come in the order of first use", () => {
  assert.deepEqual(orderOf(talk("ba", "ac", "bd")), ["b", "a", "c", "d"]);
});

test("the quietest lanes fold until the rest fits", () => {
  const entries = talk("ab", "cd", "ae");
  const folded = folding(orderOf(entries), lastUse(entries), 3 * OPEN + 2 * STRIPE, true);
  assert.deepEqual([...folded], ["b", "c"]);
});

test("nothing folds where all fit, and a person's choice wins", () => {
  const entries = talk("ab", "cd");
  const use = lastUse(entries);
  assert.equal(folding(["a", "b", "c", "d"], use, 4 * OPEN, true).size, 0);
  const choice = new Map([["a", "open"], ["d", "folded"]]);
  const folded = folding(["a", "b", "c", "d"], use, 2 * OPEN, true, choice);
  assert.ok(!folded.has("a") && folded.has("d"));
});

test("looking back unfolds what is looked at", () => {
  const entries = talk("ab", "cd");
  assert.equal(lastUse(entries, 0).get("c"), -1);
  assert.deepEqual([...folding(["a", "b", "c", "d"], lastUse(entries, 0), 2 * OPEN + 2 * STRIPE, true)], ["c", "d"]);
});

test("open lanes share the room that stripes leave", () => {
  const { lanes, total } = place(["a", "b", "c"], new Set(["b"]), 400);
  assert.equal(lanes.get("b").width, STRIPE);
  assert.equal(lanes.get("a").width, lanes.get("c").width);
  assert.ok(total <= 400 && lanes.get("c").x === lanes.get("a").width + STRIPE);
});

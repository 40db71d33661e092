// Where lanes and stations stand: first without a browser, then in windows that are turned and made narrow.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { browser, country, reaches } from "./country.js";

const source = readFileSync(new URL("../../static/js/layout.js", import.meta.url), "utf8");
const { aRow, folding, lastUse, orderOf, place, OPEN, STRIPE } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const talk = (...pairs) => pairs.map((pair) => ({ from: pair[0], to: pair[1] }));

test("lanes come in the order of first use", () => {
  assert.deepEqual(orderOf(talk("ba", "ac", "bd")), ["b", "a", "c", "d"]);
});

test("a lane keeps its place when the entry that brought it is dropped, and goes with its last one", () => {
  assert.deepEqual(orderOf(talk("ba", "cb"), ["a", "b", "d"]), ["a", "b", "c"]);
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

test("stations take rows of one length where one row is too narrow", () => {
  assert.equal(aRow(40, 1200, 24), 40);
  assert.equal(aRow(40, 358, 15), 20);
  assert.equal(aRow(27, 358, 15), 14);
  assert.equal(aRow(3, 0, 15), 1);
  assert.equal(aRow(0, 358, 15), 0);
});

const PATH = "/play/old-age-pension";
let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country({ builtIn: true }), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Waits until `is(page)` holds: a window that was resized is laid out a moment later. */
async function settles(page, is, why) {
  for (let tries = 0; tries < 40; tries += 1) {
    if (await is(page)) return;
    await page.waitForTimeout(50);
  }
  assert.fail(why);
}

/** Whether nothing of the title is cut, and how many rows stand whole between the lanes' heads and what lies below them. */
const seen = (page) => page.evaluate(() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const title = document.querySelector(".bar h1");
  const bottom = Math.min(box(".lanes").bottom, box(".diagram .tools").top, box(".controls").top);
  const whole = [...document.querySelectorAll(".rows .row")].map((row) => row.getBoundingClientRect())
    .filter((row) => row.top >= box(".lanes-head").bottom - 1 && row.bottom <= bottom + 1);
  return { rows: whole.length, cut: title.scrollWidth - title.clientWidth, headsFree: box(".diagram .tools").top >= box(".lanes-head").bottom };
});

test("a window that is made narrow does not scroll sideways, nor one that is turned", async () => {
  for (const path of [PATH, `${PATH}/presenter`]) {
    const page = await eyes.open(land.base + path);
    await page.locator(".line li:nth-child(40)").waitFor({ state: "attached" });
    for (const [width, height] of [[390, 844], [844, 390], [667, 375], [768, 1024], [390, 844], [1280, 720]]) {
      await page.setViewportSize({ width, height });
      await settles(page, async () => (await tooWide(page)) <= 0, `${path} is too wide at ${width}x${height}`);
    }
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  }
});

test("on a phone held sideways and on a tablet held upright the title and some messages can be read", async () => {
  const page = await eyes.open(land.base + PATH);
  await page.keyboard.press("3");
  await page.keyboard.press("b");
  await page.click("#break [data-branch='F4']");
  await reaches(page, "held");
  for (const [width, height] of [[844, 390], [740, 360], [667, 375], [768, 1024]]) {
    await page.setViewportSize({ width, height });
    const wanted = height < 380 ? 2 : 3;
    await settles(page, async () => (await seen(page)).rows >= wanted, `${wanted} rows are whole at ${width}x${height}`);
    const { cut, headsFree } = await seen(page);
    assert.ok(cut <= 0, `the title is cut by ${cut}px at ${width}x${height}`);
    assert.ok(headsFree, "the tools lie over no head of a lane");
    assert.ok((await tooWide(page)) <= 0);
    assert.ok(await page.locator(".ending-played").evaluate((chip) => chip.scrollWidth <= chip.clientWidth), "the ending's name is whole");
  }
  await page.context().close();
});

test("a long sentence at a bad end leaves the panel's tabs in reach", async () => {
  const page = await eyes.open(land.base + PATH);
  await page.locator(".now .text").waitFor();
  await page.evaluate(() => {
    document.querySelector(".now").dataset.state = "broken";
    const result = document.querySelector(".now .result");
    result.hidden = false;
    result.textContent = "expected this, but the answer was that. ".repeat(40);
  });
  const [tabs, controls] = await Promise.all([".tabs", ".controls"].map((part) => page.locator(part).boundingBox()));
  assert.ok(tabs.y + tabs.height < controls.y, "the tabs stand above the controls");
  assert.ok(await page.locator(".now .result").evaluate((box) => box.scrollHeight > box.clientHeight && box.clientHeight < 160));
  await page.context().close();
});

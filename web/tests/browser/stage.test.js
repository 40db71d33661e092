// The stage: playing, keys, windows, the inspector, trouble, without scripts, on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, country, reaches, state } from "./country.js";

let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country(), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

const stageAt = (room = "", options = {}) => eyes.open(`${land.base}${room}/play/two-texts`, options);
const rows = (page) => page.locator(".rows .row");

/** Opens a room of its own, so that tests do not disturb each other. */
async function room(name) {
  const page = await eyes.open(`${land.base}/rooms`);
  await page.fill("#room-name", name);
  await page.click("text=Open the room");
  await page.locator(`h2:text-is("${name}")`).waitFor();
  await page.context().close();
  return `/r/${name}`;
}

async function rest(page) {
  assert.deepEqual(page.troubles, [], "the console is silent and nothing leaves the machine");
  await page.context().close();
}

test("a story plays to its end, and the result is on the page", async () => {
  const page = await stageAt(await room("plays"));
  await page.keyboard.press("3");
  await page.keyboard.press(" ");
  await reaches(page, "held");
  assert.equal(await state(page).textContent(), "Ended well");
  await rows(page).nth(5).waitFor();
  assert.equal(await rows(page).count(), 6);
  assert.equal(await page.locator("[data-count='messages']").textContent(), "6");
  assert.match(await page.locator(".now .result").textContent(), /Ended as it should, in/);
  await page.click("#tab-phone");
  assert.deepEqual(await page.locator(".bubble").count(), 2);
  assert.equal(await page.locator(".bubble .otp").textContent(), "111111");
  await rest(page);
});

test("the home page starts a story with one press, and other pages are reached from it", async () => {
  const at = await room("home");
  const page = await eyes.open(`${land.base}${at}/`);
  await page.click("button:has-text('Play')");
  await page.waitForURL("**/play/two-texts");
  await reaches(page, "held");
  await page.goto(`${land.base}${at}/dev`);
  assert.match(await page.locator("table").textContent(), /Messenger/);
  await page.goto(`${land.base}${at}/live`);
  await rows(page).nth(5).waitFor();
  await rest(page);
});

test("keys lead through the story message by message and step by step", async () => {
  const page = await stageAt(await room("keys"));
  await page.keyboard.press("ArrowRight");
  await rows(page).first().waitFor();
  await reaches(page, "paused");
  await page.waitForTimeout(300);
  assert.ok((await rows(page).count()) <= 2, "one key lets one message pass");
  const done = page.locator(".line li[data-state='done']");
  await done.first().waitFor();
  await page.keyboard.press("3");
  await page.keyboard.press("Shift+ArrowRight");
  await done.nth(1).waitFor();
  await reaches(page, "paused");
  assert.equal(await done.count(), 2, "one step more, and not the rest");
  await page.keyboard.press(" ");
  await reaches(page, "held");
  await page.keyboard.press("r");
  await reaches(page, "idle");
  await page.locator(".empty").waitFor();
  assert.equal(await rows(page).count(), 0);
  await rest(page);
});

test("single keys can be switched off", async () => {
  const page = await stageAt(await room("nokeys"));
  await page.keyboard.press("?");
  await page.locator("#help[open]").waitFor();
  await page.uncheck("#single-keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  assert.equal(await page.locator("#break[open]").count(), 0);
  await rest(page);
});

test("a reload and a second window show the same moment", async () => {
  const at = await room("windows");
  const first = await stageAt(at);
  await first.keyboard.press("ArrowRight");
  await rows(first).first().waitFor();
  const second = await stageAt(at);
  await rows(second).first().waitFor();
  await first.reload();
  await rows(first).first().waitFor();
  await reaches(first, "paused");
  await second.keyboard.press("3");
  await second.keyboard.press(" ");
  await Promise.all([reaches(first, "held"), reaches(second, "held")]);
  assert.equal(await rows(first).count(), await rows(second).count());
  await rest(first);
  await rest(second);
});

test("the presenter's window has notes and controls, and the audience follows", async () => {
  const at = await room("presenter");
  const audience = await stageAt(at);
  const presenter = await eyes.open(`${land.base}${at}/play/two-texts/presenter`);
  await presenter.locator(".script:has-text('nothing here is staged')").waitFor();
  await presenter.keyboard.press("3");
  await presenter.keyboard.press(" ");
  await Promise.all([reaches(audience, "held"), reaches(presenter, "held")]);
  assert.equal(await presenter.locator(".qr-code svg").count(), 1);
  await rest(audience);
  await rest(presenter);
});

test("the time since Play is the server's: it stands still at the end, and a late window reads the same", async () => {
  const at = await room("timer");
  const early = await eyes.open(`${land.base}${at}/play/two-texts/presenter`);
  assert.equal(await early.textContent(".timer"), "00:00");
  await early.keyboard.press("1");
  await early.keyboard.press(" ");
  await reaches(early, "held");
  await early.waitForTimeout(700);
  const read = await early.textContent(".timer");
  assert.match(read, /^00:0[1-9]$/);
  await early.waitForTimeout(1500);
  assert.equal(await early.textContent(".timer"), read);
  const late = await eyes.open(`${land.base}${at}/play/two-texts/presenter`);
  await late.locator(`.timer:text-is("${read}")`).waitFor();
  for (const window of [early, late]) {
    await window.locator(".last-line:text-is('He looks. Both are there.')").waitFor();
    await rest(window);
  }
});

test("the last caption says how the story ended, with scripts and without", async () => {
  const at = await room("last-words");
  const page = await stageAt(at);
  await page.keyboard.press("3");
  await page.keyboard.press(" ");
  await reaches(page, "held");
  await page.locator(".caption .said:text-is('He looks. Both are there.')").waitFor();
  const plain = await stageAt(at, { javaScriptEnabled: false });
  assert.equal(await plain.textContent(".caption .said"), "He looks. Both are there.");
  await rest(page);
  await plain.context().close();
});

test("the inspector opens a message, keeps the focus, and gives it back", async () => {
  const page = await stageAt(await room("inspector"));
  await page.keyboard.press("3");
  await page.keyboard.press(" ");
  await reaches(page, "held");
  await page.locator("#m1 .hit").click();
  const dialog = page.locator("#inspector[open]");
  await dialog.waitFor();
  const text = await dialog.textContent();
  for (const part of ["POST /r/inspector/messenger/sms", "Your code is 111111", "201 Created", "Copy as curl"]) {
    assert.ok(text.includes(part), `the inspector shows ${part}`);
  }
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("#inspector") !== null));
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.closest(".row")?.id), "m1");
  // The story may have held before its last messages were drawn.
  await page.locator("#m2").waitFor({ state: "attached" });
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".row")?.id), "m2");
  await rest(page);
});

test("a branch shows its failure with a cross and in words, not by colour alone", async () => {
  const page = await stageAt(await room("branch"));
  await page.keyboard.press("3");
  await page.keyboard.press("b");
  await page.click("#break [data-branch='F1']");
  await reaches(page, "broken");
  assert.equal(await page.locator(".line li").count(), 4, "the line of steps is the branch's own");
  const failed = page.locator(".row.failure").first();
  assert.match(await failed.locator(".wire").textContent(), /✕ 503/);
  assert.equal(await failed.locator(".art .cross").count(), 1);
  assert.match(await failed.locator(".hit").getAttribute("aria-label"), /failed/);
  const told = await page.locator(".now .result").textContent();
  assert.match(told, /503: Messenger is out of order/, "what came, in a sentence");
  assert.doesNotMatch(told, /status ==/, "what the story's file expects is for the transcript");
  await rest(page);
});

test("trouble at a system lasts until it is cleared", async () => {
  const page = await stageAt(await room("trouble"));
  await page.keyboard.press("3");
  await page.keyboard.press("b");
  await page.selectOption("#break [name='system']", "messenger");
  await page.click("text=Make it happen");
  await page.keyboard.press(" ");
  await reaches(page, "broken");
  await page.keyboard.press("b");
  await page.click("text=Clear all trouble");
  await page.keyboard.press(" ");
  await reaches(page, "held");
  await rest(page);
});

test("without scripts the stage is played with form buttons and read as a table", async () => {
  const page = await stageAt(await room("still"), { javaScriptEnabled: false });
  await page.click("button:has-text('Instant')");
  await page.click(".controls button:has-text('Play')");
  await page.waitForTimeout(1500);
  await page.reload();
  assert.equal(await page.locator("table.still tbody tr").count(), 6);
  const text = await page.locator("body").textContent();
  for (const part of ["Tomas sends a text through the messenger", "Ended well", "Your code is 111111", "Tomas → Messenger"]) {
    assert.ok(text.includes(part), `the page says ${part}`);
  }
  await rest(page);
});

test("on a phone messages are a list with chips, and nothing is wider than the screen", async () => {
  const at = await room("narrow");
  const page = await stageAt(at, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.keyboard.press("3");
  await page.click(".controls [data-role='play']");
  await reaches(page, "held");
  assert.match(await page.locator("#m1 .chips").textContent(), /Tomas.*Messenger/);
  assert.ok(await page.locator("#m1 .chips").isVisible());
  for (const path of [`${at}/play/two-texts`, `${at}/`, "/rooms", `${at}/dev`]) {
    await page.goto(land.base + path);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${path} is ${over}px too wide`);
  }
  await rest(page);
});

test("a form without the browser's token is refused", async () => {
  const form = new URLSearchParams({ csrf: "0".repeat(32), do: "play" });
  const answer = await fetch(`${land.base}/play/two-texts/control`, { method: "POST", body: form });
  assert.equal(answer.status, 403);
});

test("pages name their controls, keep one heading, and allow nothing inline", async () => {
  for (const path of ["/", "/play/two-texts", "/play/two-texts/presenter", "/rooms", "/dev", "/live"]) {
    const answer = await fetch(land.base + path);
    assert.doesNotMatch(answer.headers.get("content-security-policy"), /unsafe/);
    const page = await eyes.open(land.base + path);
    const nameless = await page.evaluate(() => {
      const named = (node) => node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length || node.title;
      const controls = [...document.querySelectorAll("a, button, input:not([type=hidden]), select")];
      return controls.filter((node) => !named(node)).map((node) => node.outerHTML);
    });
    assert.deepEqual(nameless, [], `${path} has controls without a name`);
    assert.equal(await page.locator("h1").count(), 1, `${path} has one main heading`);
    assert.equal(await page.locator("img:not([alt])").count(), 0);
    await rest(page);
  }
});

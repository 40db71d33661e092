// Which ending is played, what trouble is in force, what is kept of a run, and what fits the screen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, country, reaches } from "./country.js";

let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country(), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

const stageAt = (room, options = {}) => eyes.open(`${land.base}${room}/play/two-texts`, options);
const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

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

test("an ending that was ordered from elsewhere is named, and is what plays again", async () => {
  const at = await room("ordered");
  const page = await stageAt(at);
  await page.keyboard.press("3");
  const ending = page.locator(".bar [data-role='ending']");
  assert.ok(await ending.isHidden(), "the main story needs no name of an ending");
  const order = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ story: "two-texts", branch: "F1" }) };
  const told = await (await fetch(`${land.base}${at}/_arenoa/play`, order)).json();
  assert.match(told.failure, /did not hold at/);
  assert.match(told.page, /<!doctype html>/);
  assert.match(told.junit, /<testsuite/);
  await reaches(page, "broken");
  const title = await page.locator("#break [data-branch='F1'] span").textContent();
  assert.equal(await ending.textContent(), title);
  await page.click(".controls [data-role='play']");
  await page.waitForTimeout(600);
  await reaches(page, "broken");
  assert.equal(await page.locator(".line li").count(), 4, "the branch plays again, not the main story");
  await page.keyboard.press("b");
  await page.click("#break [data-branch='']");
  await reaches(page, "held");
  assert.ok(await ending.isHidden());
  await rest(page);
});

test("trouble in force is a chip on every window, and a press on it ends the trouble", async () => {
  const at = await room("chip");
  const [page, presenter] = [await stageAt(at), await eyes.open(`${land.base}${at}/play/two-texts/presenter`)];
  await page.keyboard.press("3");
  await page.keyboard.press("b");
  await page.selectOption("#break [name='system']", "messenger");
  await page.click("text=Make it happen");
  for (const window of [page, presenter]) await window.locator(".trouble .chip:has-text('Messenger: refuses everything')").waitFor();
  await page.keyboard.press(" ");
  await reaches(page, "broken");
  assert.match(await page.locator(".now .result").textContent(), /Trouble was in force \(Messenger: refuses everything\)/);
  assert.ok(await tooWide(page) <= 0);
  await presenter.click(".trouble .chip");
  await page.locator(".trouble").waitFor({ state: "hidden" });
  await page.keyboard.press(" ");
  await reaches(page, "held");
  await rest(page);
  await rest(presenter);
});

test("a run that is kept before its end does not say that it held", async () => {
  const at = await room("kept");
  const page = await stageAt(at);
  await page.keyboard.press("ArrowRight");
  await reaches(page, "paused");
  const kept = await (await fetch(`${land.base}${at}/play/two-texts/run.html`)).text();
  assert.match(kept, /not finished yet/);
  assert.doesNotMatch(kept, /The story held/);
  await rest(page);
});

test("a room is asked about before it forgets", async () => {
  await room("asked");
  const stage = await stageAt("/r/asked");
  await stage.keyboard.press("b");
  await stage.selectOption("#break [name='system']", "messenger");
  await stage.click("text=Make it happen");
  await stage.locator(".trouble .chip").waitFor();
  const page = await eyes.open(`${land.base}/rooms`, { javaScriptEnabled: false });
  const card = page.locator(".card", { has: page.locator("h2:text-is('asked')") });
  assert.ok(await card.locator("button[value='reset']").isHidden());
  await card.locator(".ask:has(button[value='reset']) summary").click();
  await card.locator("button[value='reset']").click();
  await stage.locator(".trouble").waitFor({ state: "hidden" });
  await stage.keyboard.press("3");
  await stage.keyboard.press(" ");
  await reaches(stage, "held");
  await rest(stage);
  await rest(page);
});

test("a room is closed after a question, and its address leads nowhere then", async () => {
  const at = await room("closing");
  const watching = await stageAt(at);
  const page = await eyes.open(`${land.base}/rooms`, { javaScriptEnabled: false });
  const card = (name) => page.locator(".card", { has: page.locator(`h2:text-is('${name}')`) });
  assert.equal(await card("main").locator("button[value='close']").count(), 0, "the main room cannot be closed");
  await card("closing").locator(".ask:has(button[value='close']) summary").click();
  await card("closing").locator("button[value='close']").click();
  await card("main").waitFor();
  assert.equal(await card("closing").count(), 0);
  assert.equal((await fetch(`${land.base}${at}/`)).status, 404);
  assert.equal((await fetch(`${land.base}/_arenoa/rooms/main`, { method: "DELETE" })).status, 409);
  assert.equal((await fetch(`${land.base}/_arenoa/rooms/again`, { method: "PUT" })).status, 201);
  assert.equal((await fetch(`${land.base}/_arenoa/rooms/again`, { method: "DELETE" })).status, 204);
  await watching.context().close();
  await rest(page);
});

test("what others send after the end is no part of the finished story", async () => {
  const at = await room("foreign");
  const page = await stageAt(at);
  await page.keyboard.press("3");
  await page.keyboard.press("Space");
  await reaches(page, "held");
  const rows = await page.locator(".rows .row").count();
  const sms = { to: "+99900000001", text: "Hello" };
  const sent = await fetch(`${land.base}${at}/messenger/sms`, {
    method: "POST", body: JSON.stringify(sms), headers: { "content-type": "application/json" },
  });
  assert.ok(sent.ok);
  await page.waitForTimeout(400);
  assert.equal(await page.locator(".rows .row").count(), rows);
  await page.reload();
  await reaches(page, "held");
  await page.waitForTimeout(400);
  assert.equal(await page.locator(".rows .row").count(), rows);
  await rest(page);
});

test("the presenter's window fits a projector, and the controls fit a phone", async () => {
  const at = await room("fits");
  for (const width of [1024, 1280, 1600]) {
    const page = await eyes.open(`${land.base}${at}/play/two-texts/presenter`, { viewport: { width, height: 720 } });
    assert.ok(await tooWide(page) <= 0, `the presenter's window at ${width}`);
    await rest(page);
  }
  for (const width of [360, 390]) {
    const page = await stageAt(at, { viewport: { width, height: 844 } });
    const hidden = await page.locator(".controls").evaluate((bar) => [...bar.querySelectorAll("button, .button")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.right > window.innerWidth || box.left < 0 || one.scrollWidth > one.clientWidth + 1;
    }).map((one) => one.title || one.textContent));
    assert.deepEqual(hidden, [], `controls out of reach at ${width}`);
    for (const path of ["/portal?person=tomas", "/dev"]) {
      await page.goto(`${land.base}${at}${path}`);
      assert.ok(await tooWide(page) <= 0, `${path} at ${width}`);
    }
    await rest(page);
  }
});

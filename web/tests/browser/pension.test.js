// The old age pension, as it comes with the program: played to its end in front of a browser, and its result read off the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, country, reaches } from "./country.js";

let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country({ builtIn: true }), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

test("Tomas becomes a beneficiary, and the page shows why", async () => {
  const page = await eyes.open(`${land.base}/play/old-age-pension`);
  page.setDefaultTimeout(60000);
  await page.keyboard.press("3");
  await page.keyboard.press(" ");
  await reaches(page, "held");
  assert.ok(Number(await page.locator("[data-count='messages']").textContent()) > 60, "many messages crossed a border");
  assert.ok(Number(await page.locator("[data-count='signatures']").textContent()) > 5, "signatures were checked");
  assert.match(await page.locator(".now .result").textContent(), /From applicant to beneficiary in/);
  assert.equal(await page.locator(".line li:not([data-state='done'])").count(), 0, "every step is done");

  await page.click("#tab-decisions");
  const decisions = page.locator(".decision");
  assert.ok((await decisions.count()) >= 7);
  assert.equal(await page.locator(".decision:not([data-verdict='pass'])").count(), 0);
  assert.match(await page.locator(".decisions").textContent(), /Civil Registry/);
  await page.click("#tab-phone");
  assert.ok(await page.locator(".bubble .otp:text-is('111111')").count(), "the one-time code came by text");

  const lanes = await page.locator(".lane .name").allTextContents();
  for (const name of ["Tomas", "Arenoa ID", "Civil Registry", "Social Registry", "Beneficiary Registry"]) {
    assert.ok(lanes.includes(name), `${name} has a lane`);
  }
  assert.ok(await page.locator(".lane.folded").count(), "lanes that were quiet are folded");
  const visible = await page.locator(".rows .row.current").evaluate((row) => {
    const around = row.closest(".lanes").getBoundingClientRect();
    const own = row.getBoundingClientRect();
    return own.top >= around.top && own.bottom <= around.bottom;
  });
  assert.ok(visible, "the newest message is on the screen");
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("the same story plays in a room of its own", async () => {
  const rooms = await eyes.open(`${land.base}/rooms`);
  await rooms.fill("#room-name", "team-1");
  await rooms.click("text=Open the room");
  await rooms.locator('h2:text-is("team-1")').waitFor();
  await rooms.goto(`${land.base}/r/team-1/play/old-age-pension`);
  rooms.setDefaultTimeout(60000);
  await rooms.keyboard.press("3");
  await rooms.keyboard.press(" ");
  await rooms.locator("[data-role='state']:is([data-state='held'], [data-state='broken'])").waitFor();
  assert.equal(await rooms.locator(".now .result").textContent().then((text) => text.replace(/in .*/, "")), "✓From applicant to beneficiary ");
  await rooms.context().close();
});

test("a fact leads to the message it came in", async () => {
  const page = await eyes.open(`${land.base}/play/old-age-pension`);
  page.setDefaultTimeout(60000);
  await reaches(page, "held");
  await page.click("#tab-decisions");
  await page.locator(".decision:has-text('alive') summary").first().click();
  await page.locator(".decision:has-text('alive') .source:visible").first().click();
  await page.locator("#inspector[open]").waitFor();
  const text = await page.locator("#inspector").textContent();
  assert.match(text, /Civil Registry/);
  assert.match(text, /Follows: DCI registry core API/);
  await page.context().close();
});

test("a window is offered the story that its room plays, until the room comes back to its own", async (t) => {
  const large = await country({ builtIn: true, people: 20000 });
  t.after(large.stop);
  const pension = await eyes.open(`${large.base}/play/old-age-pension`);
  pension.setDefaultTimeout(60000);
  await pension.keyboard.press("3");
  await pension.keyboard.press(" ");
  await reaches(pension, "held");
  const payroll = await eyes.open(`${large.base}/play/monthly-payroll`);
  await payroll.keyboard.press(" ");
  const offer = pension.locator(".elsewhere");
  await offer.waitFor();
  assert.equal(await offer.getAttribute("href"), "/play/monthly-payroll");
  await pension.locator("[data-count='messages']:text-is('0')").first().waitFor(); // the page shows its own story, at rest
  await pension.keyboard.press(" ");
  await reaches(pension, "held");
  assert.ok(await offer.isHidden(), "the room plays this window's story again");
  await pension.context().close();
  await payroll.context().close();
});

test("a story that needs a larger country says so, and what stands on the stage stays", async () => {
  const pension = await eyes.open(`${land.base}/play/old-age-pension`);
  pension.setDefaultTimeout(60000);
  await pension.keyboard.press("3");
  await pension.keyboard.press("r");
  await pension.keyboard.press(" ");
  await reaches(pension, "held");
  const payroll = await eyes.open(`${land.base}/play/monthly-payroll`);
  await payroll.keyboard.press(" ");
  await payroll.locator("p.offline:has-text('20000')").waitFor();
  await pension.reload();
  await reaches(pension, "held");
  await pension.context().close();
  await payroll.context().close();
});

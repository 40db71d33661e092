// A life in Arenoa, through its pages alone and with nothing set beforehand: Lena's child is born and gets a number, Tomas
// logs in to the portal with a code from his phone, dies, and is refused kindly; the desk shows every answer given.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, country } from "./country.js";

const TODAY = "2026-09-30";
const MINUTE_MS = 60000;
let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country({ builtIn: true }), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

/** Fills in a form at the counter of the civil registry, and gives what the desk answered. */
async function register(form, fields) {
  const page = await eyes.open(`${land.base}/desk/civil-registry`);
  await page.locator(`details.act:has(form[action*='/do/${form}#']) > summary`).click();
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`#${form}-${name}`);
    await ((await field.getAttribute("type")) ? field.fill(value) : field.selectOption(value));
  }
  await page.click(`form[action*='/do/${form}#'] button`);
  return { page, answer: await page.locator("#answer").textContent() };
}

/** Somebody's number, as the portal fills it in. */
async function numberOf(person) {
  const page = await eyes.open(`${land.base}/portal?person=${person}`);
  const number = await page.inputValue("#uin");
  await page.context().close();
  return number;
}

/** Applies at the portal as Tomas, which leads to the page of Arenoa ID that asks for his number. */
async function toTheLogin() {
  const page = await eyes.open(`${land.base}/portal?person=tomas`);
  const phone = await page.locator(".handset a.button").getAttribute("href");
  await page.click("#apply button.primary");
  await page.locator("#individual_id").waitFor();
  return { page, phone: `${land.base}${phone}` };
}

test("Lena's child is registered at the desk, and within a minute its number stands in the record", async () => {
  const birth = { given_name: "Ada", family_name: "Ortal", sex: "female", date: TODAY, place: "QN010101" };
  const { page, answer } = await register("birth", { ...birth, mother: await numberOf("lena"), father: "unknown" });
  assert.match(answer, /201.*BRN-2026-/s);
  const entry = page.locator("section:has(> #events) li", { hasText: "Ada Ortal" });
  const end = Date.now() + MINUTE_MS;
  while (!/UIN \d{10}/.test(await entry.textContent()) && Date.now() < end) {
    await page.goto(`${land.base}/desk/civil-registry`);
  }
  const [, uin] = /UIN (\d{10})/.exec(await entry.textContent());
  await page.goto(`${land.base}/identity/desk/persons/${uin}/id-card`);
  assert.match(await page.locator("article.card").textContent(), /Ada Ortal/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("Tomas logs in with a code from his phone; after his death he is told so kindly, and the desk shows all of it", async () => {
  const tomas = await numberOf("tomas");
  const { page, phone } = await toTheLogin();
  assert.equal(await page.inputValue("#individual_id"), tomas, "the number from the portal stands there");
  await page.click("button[type=submit]");
  const handset = await eyes.open(phone);
  const [code] = /\d{6}/.exec(await handset.locator(".inbox .sms").first().textContent());
  await page.fill("#otp", code);
  await page.click("form:has(#otp) button[type=submit]");
  await page.click("button[value=allow]");
  await page.waitForURL(/\/programme-office\/portal\//);
  assert.match(await page.locator("main").textContent(), /APP-2026-\d+/);
  assert.deepEqual(page.troubles, []);
  assert.deepEqual(handset.troubles, []);

  const death = await register("death", { uin: tomas, date: TODAY });
  assert.match(death.answer, /201.*DRN-2026-/s);
  assert.deepEqual(death.page.troubles, []);

  const again = (await toTheLogin()).page;
  await again.fill("#individual_id", tomas);
  await again.click("button[type=submit]");
  const told = await again.locator("main").textContent();
  assert.match(told, /We are sorry: the death of Tomas Amaro has been registered/);
  assert.match(told, /If this is a mistake/);
  assert.equal(await again.locator("main a.button").count(), 1, "there is a way back");

  const desk = death.page;
  await desk.goto(`${land.base}/desk/identity`);
  await desk.click(`a[href$='/${tomas}/audit']`);
  const lines = await desk.locator("ol.audit li").allTextContents();
  const answers = [
    /programme-office login refused: death registered$/,
    /civil-registry death on 2026-09-30, entry DRN-2026-\d+$/,
    /programme-office userinfoTold: .*Full name/,
    /programme-office login$/,
  ];
  assert.equal(lines.length, answers.length, lines.join("\n"));
  answers.forEach((answer, index) => assert.match(lines[index], answer));
  assert.deepEqual(desk.troubles, []);
});

// The page on which calls are tried: Swagger UI over the description of a system.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, country } from "./country.js";

let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country(), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

const call = (page, id) => page.locator(`[id$='${id}']`);

/** Opens a call, executes its example as it stands, and gives the status and the body that come back. */
async function execute(page, id) {
  await call(page, id).locator(".opblock-summary-control").click();
  await call(page, id).getByRole("button", { name: "Try it out" }).click();
  await call(page, id).getByRole("button", { name: "Execute" }).click();
  const live = call(page, id).locator(".live-responses-table");
  const status = await live.locator("tbody .response-col_status").first().textContent();
  return { status: status.trim(), body: await live.locator(".response-col_description pre").first().textContent() };
}

test("a search is tried as it stands, and a record of the civil registry comes back", async () => {
  const page = await eyes.open(`${land.base}/api/civil-registry`);
  await page.locator("#swagger[data-ready]").waitFor();
  const { status, body } = await execute(page, "post_registry_sync_search");
  assert.match(status, /^200/);
  assert.match(body, /"CRVS_Person"/);
  assert.match(body, /"Tomas"/);
  assert.deepEqual(page.troubles, [], "the console is silent and nothing leaves the machine");
  await page.context().close();
});

test("to look at the calls sends nothing; the token is fetched when one is executed", async () => {
  const sent = async () => (await (await fetch(`${land.base}/gateway/_arenoa/messages`)).text()).split("/oauth2/client/token").length;
  const before = await sent();
  const page = await eyes.open(`${land.base}/api/social-registry`);
  await page.locator("#swagger[data-ready]").waitFor();
  await page.waitForTimeout(300);
  assert.equal(await sent(), before);
  const { status } = await execute(page, "post_registry_sync_search");
  assert.match(status, /^200/);
  assert.ok(await sent() > before);
  await page.context().close();
});

test("a call of FSPIOP is sent with the media types that it states", async () => {
  const page = await eyes.open(`${land.base}/api/payment-switch`);
  await page.locator("#swagger[data-ready]").waitFor();
  const asked = page.waitForRequest((request) => request.url().endsWith("/payment-switch/quotes"));
  const { status } = await execute(page, "post_quotes");
  const { accept, "content-type": sent } = (await asked).headers();
  const quotes = "application/vnd.interoperability.quotes+json;version=1.1";
  assert.deepEqual([accept, sent], [quotes, quotes]);
  assert.match(status, /^202/, "no browser may send a Date, so that none is asked of it");
  await page.context().close();
});

test("in a room of its own the calls go to that room, with a token of its own gateway", async () => {
  const rooms = await eyes.open(`${land.base}/rooms`);
  await rooms.fill("#room-name", "tries");
  await rooms.click("text=Open the room");
  await rooms.locator('h2:text-is("tries")').waitFor();
  await rooms.context().close();
  const page = await eyes.open(`${land.base}/r/tries/api/civil-registry`);
  await page.locator("#swagger[data-ready]").waitFor();
  const asked = page.waitForRequest((request) => request.url() === `${land.base}/r/tries/civil-registry/registry/sync/search`);
  const { status } = await execute(page, "post_registry_sync_search");
  assert.match(status, /^200/);
  assert.match((await asked).headers().authorization, /^Bearer /);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("every system has such a page, reached from the page for developers, also on a phone", async () => {
  const page = await eyes.open(`${land.base}/dev`, { viewport: { width: 390, height: 844 } });
  await page.getByRole("link", { name: "Try its calls" }).first().click();
  const systems = await page.locator("nav.parts a").evaluateAll((links) => links.map((link) => link.href));
  assert.ok(systems.length > 10);
  for (const address of systems) {
    await page.goto(address);
    await page.locator("#swagger .opblock").first().waitFor();
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wider <= 0, `${address} is ${wider} pixels too wide`);
  }
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

// The pages in other languages: nothing is wider than its window, and Arabic is mirrored.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, country } from "./country.js";

const PAGES = ["/", "/play/old-age-pension", "/play/old-age-pension/presenter", "/portal", "/desk", "/desk/programme-office", "/rooms", "/live", "/dev", "/payroll"];
let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country({ builtIn: true }), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

for (const locale of ["fr", "es", "pt", "ar"]) {
  test(`no page is too wide for a phone or a projector (${locale})`, async () => {
    for (const path of PAGES) {
      const page = await eyes.open(land.base + path, { locale });
      assert.equal(await page.locator("html").getAttribute("lang"), locale);
      for (const [width, height] of [[390, 844], [1280, 720]]) {
        await page.setViewportSize({ width, height });
        assert.ok((await tooWide(page)) <= 0, `${path} is too wide at ${width}x${height}`);
      }
      assert.deepEqual(page.troubles, []);
      await page.context().close();
    }
  });
}

test("what opens over the stage on a phone is cut at no side", async () => {
  for (const locale of ["en", "fr", "ar"]) {
    const page = await eyes.open(`${land.base}/play/old-age-pension`, { locale, viewport: { width: 390, height: 844 } });
    for (const [key, name] of [["b", "break"], ["?", "help"], ["l", "language"]]) {
      await page.keyboard.press(key);
      await page.locator(`dialog#${name}[open]`).waitFor();
      const cut = await page.locator(`dialog#${name}`).evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
      assert.ok(cut <= 0, `${name} is cut by ${cut}px in ${locale}`);
      await page.keyboard.press("Escape");
    }
    await page.context().close();
  }
});

test("in Arabic the first lane stands on the right, and a message to the next one points to the left", async () => {
  const page = await eyes.open(`${land.base}/play/old-age-pension`, { locale: "ar" });
  await page.keyboard.press("3");
  await page.keyboard.press("Space");
  await page.locator(".lanes-head .lane").nth(1).waitFor();
  await page.locator("#m1").waitFor();
  const at = (selector) => page.locator(selector).evaluate((node) => node.getBoundingClientRect().x);
  assert.ok((await at(".lanes-head .lane:nth-child(1)")) > (await at(".lanes-head .lane:nth-child(2)")));
  assert.match(await page.locator("#m1 .chips").textContent(), /←/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("the foot of a page changes its language, and the choice stays", async () => {
  const page = await eyes.open(`${land.base}/rooms`, { locale: "en" });
  await page.click(".foot button[lang='fr']");
  await page.waitForURL("**/rooms");
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  await page.goto(`${land.base}/desk`);
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  await page.context().close();
});

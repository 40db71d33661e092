// Arenoa ID's pages in a real browser, with a relying party that is npm's openid-client: login, consent, no script needed;
// and the page that checks a paper, with the network off.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import * as client from "openid-client";
import { browser, country } from "./country.js";

const TOMAS = "2238778167";
let land;
let eyes;
before(async () => { [land, eyes] = await Promise.all([country(), browser()]); });
after(async () => { await eyes?.stop(); await land?.stop(); });

/** A relying party that waits for its answer on a port of this machine. */
async function relyingParty() {
  let arrived;
  const answer = new Promise((resolve) => { arrived = resolve; });
  const server = createServer((request, response) => {
    response.end("thank you");
    if (request.url.startsWith("/callback")) arrived(new URL(request.url, `http://${request.headers.host}`));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const redirect_uri = `http://127.0.0.1:${server.address().port}/callback`;
  const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
  const config = await client.discovery(new URL(`${land.base}/identity`), "demo-portal", undefined, client.None(), { execute });
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), idTokenExpected: true };
  const authorize = client.buildAuthorizationUrl(config, {
    redirect_uri, scope: "openid profile phone", state: checks.expectedState, ui_locales: "fr",
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier), code_challenge_method: "S256",
  });
  return { config, checks, authorize: authorize.href, answer, stop: () => server.close() };
}

test("Tomas logs in on his phone, without script, and the relying party learns what he allowed", async () => {
  const party = await relyingParty();
  const page = await eyes.open(party.authorize, { viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  await page.fill("#individual_id", "2238 778 167");
  await page.click("button[type=submit]");
  await page.fill("#otp", "111111");
  await page.click("button[type=submit]");
  await page.uncheck("input[value=phone_number]");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth).catch(() => 390);
  assert.ok(wide <= 390, "nothing is wider than the phone");
  await page.click("button[value=allow]");
  const callback = await party.answer;
  const tokens = await client.authorizationCodeGrant(party.config, callback, party.checks);
  const person = await client.fetchUserInfo(party.config, tokens.access_token, tokens.claims().sub);
  assert.equal(person.name, "Tomas Amaro");
  assert.equal(person.phone_number, undefined, "he did not allow it");
  party.stop();
  await page.context().close();
});

test("a paper is checked on the device, also with the network off, and a death revokes it", async () => {
  const card = await eyes.open(`${land.base}/identity/desk/persons/${TOMAS}/id-card`);
  const link = await card.locator("a.qr").getAttribute("href");
  await card.goto(link);
  const result = card.locator("#result");
  await card.locator("#result.good").waitFor();
  assert.match(await result.textContent(), /Tomas.*Amaro/s);
  await card.context().setOffline(true);
  await card.click("button[type=submit]");
  await card.locator("#result.offline").waitFor();
  assert.match(await result.textContent(), /The signature is valid.*no network/s);
  await card.fill("#credential", `${link.slice(0, -6)}AAAAAA`);
  await card.click("button[type=submit]");
  await card.locator("#result.bad").waitFor();
  await card.context().setOffline(false);
  await fetch(`${land.base}/identity/desk/persons/${TOMAS}/death`, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ date: "2026-10-01", registration_number: "DRN-2026-0001" }),
  });
  await card.fill("#credential", link);
  await card.click("button[type=submit]");
  await card.locator("#result.revoked").waitFor();
  assert.match(await result.textContent(), /signature is valid.*registered dead on 2026-10-01/s);
  assert.deepEqual(card.troubles.filter((line) => !/ERR_INTERNET_DISCONNECTED/.test(line)), []);
  await card.context().close();
});

// npm's openid-client (certified relying party) logs Tomas in, with the four ways of proving a client, and every refusal
// that a relying party meets. ARENOA_BASE is a running country.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as client from "openid-client";
import { logIn } from "./person.js";

const BASE = process.env.ARENOA_BASE;
const ISSUER = `${BASE}/identity`;
const CALLBACK = "http://127.0.0.1:3000/callback";
const TOMAS = "2238778167";
// Without the second, the library trusts TLS and does not look at signatures.
const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];

const relyingParty = (id, metadata, proof) => client.discovery(new URL(ISSUER), id, metadata, proof, { execute });

async function began(config, extra = {}) {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), expectedNonce: client.randomNonce(),
  };
  const authorize = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK, scope: "openid profile", state: checks.expectedState, nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier), code_challenge_method: "S256", ...extra,
  });
  return { checks: { ...checks, idTokenExpected: true }, authorize };
}

async function register(request) {
  const reply = await fetch(`${ISSUER}/client-mgmt/client`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ request }),
  });
  const answer = await reply.json();
  assert.deepEqual(answer.errors, []);
  return answer.response;
}

async function learns(config, extra) {
  const { checks, authorize } = await began(config, extra);
  const callback = await logIn(authorize, { uin: TOMAS });
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  const claims = tokens.claims();
  assert.equal(claims.sub.length, 36);
  return { claims, person: await client.fetchUserInfo(config, tokens.access_token, claims.sub) };
}

test("a public client learns who Tomas is", async () => {
  const config = await relyingParty("demo-portal", undefined, client.None());
  const { claims, person } = await learns(config, { acr_values: "mosip:idp:acr:generated-code", max_age: "300" });
  assert.deepEqual([person.name, person.birthdate, person.gender], ["Tomas Amaro", "1959-02-11", "male"]);
  assert.equal(claims.acr, "mosip:idp:acr:generated-code");
});

test("a client with a secret proves itself in the header and in the form", async () => {
  for (const proof of [client.ClientSecretBasic("demo"), client.ClientSecretPost("demo")]) {
    const { person } = await learns(await relyingParty("demo", undefined, proof));
    assert.equal(person.name, "Tomas Amaro");
  }
});

test("a client registered as with eSignet proves itself with a key and reads signed answers in each algorithm", async () => {
  for (const alg of ["RS256", "PS256", "ES256"]) {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const clientId = `npm-${alg}-${Date.now()}`;
    await register({
      clientId, clientName: "Ministry", relyingPartyId: "ministry", redirectUris: [CALLBACK], clientAuthMethods: ["private_key_jwt"],
      publicKey: { kty, crv, x, y }, userClaims: ["name", "individual_id"], additionalConfig: { id_token_signed_response_alg: alg },
    });
    const metadata = { id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg };
    const config = await relyingParty(clientId, metadata, client.PrivateKeyJwt(pair.privateKey));
    const claims = JSON.stringify({ userinfo: { individual_id: { essential: true } } });
    const { person } = await learns(config, { claims });
    assert.equal(person.individual_id, TOMAS);
    assert.equal(person.birthdate, undefined, "it registered for two claims");
  }
});

test("what a relying party must not get, it does not get", async () => {
  const config = await relyingParty("demo-portal", undefined, client.None());
  const { checks, authorize } = await began(config);
  const callback = await logIn(authorize, { uin: TOMAS });
  const wrong = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
  const grant = (with_) => client.authorizationCodeGrant(config, callback, with_);
  const refused = (error) => ({ name: "ResponseBodyError", error });
  await assert.rejects(grant(wrong), refused("invalid_grant"), "a wrong verifier");
  const tokens = await grant(checks);
  await assert.rejects(grant(checks), refused("invalid_grant"), "a replayed code");
  await assert.rejects(
    client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub), { name: "WWWAuthenticateChallengeError" },
    "the replay took back what the code had brought",
  );

  const foreign = await began(config, { redirect_uri: "https://evil.example/callback" });
  const page = await fetch(foreign.authorize, { redirect: "manual" });
  assert.deepEqual([page.status, page.headers.get("location")], [400, null], "a foreign address");

  const denied = await began(config);
  const answer = await logIn(denied.authorize, { uin: TOMAS, decision: "deny" });
  await assert.rejects(client.authorizationCodeGrant(config, answer, denied.checks), { name: "AuthorizationResponseError", error: "access_denied" });
  await assert.rejects(logIn((await began(config)).authorize, { uin: TOMAS, otp: "000000" }), /tries left/i, "a wrong one-time code");
  const bad = await relyingParty("demo", undefined, client.ClientSecretPost("wrong"));
  const begun = await began(bad);
  const code = await logIn(begun.authorize, { uin: TOMAS });
  await assert.rejects(client.authorizationCodeGrant(bad, code, begun.checks), { name: "WWWAuthenticateChallengeError" }, "a wrong secret");
});

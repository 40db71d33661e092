"use strict";
// Checks a paper credential on this device: the page carries the public keys, so no network is needed for the signature.
// Whether the paper still counts is asked of the issuer, where it can be reached.
(() => {
  const { issuer, keys, words } = JSON.parse(document.getElementById("data").textContent);
  const box = document.getElementById("result");
  const field = document.getElementById("credential");

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const read = (part) => JSON.parse(new TextDecoder().decode(bytes(part)));

  const show = (verdict, sentences, claims = {}) => {
    box.className = verdict;
    const line = ([name, word]) => {
      const row = document.createElement("div");
      const label = document.createElement("dt");
      const value = document.createElement("dd");
      label.textContent = word;
      value.textContent = (name === "sex" && words.sexes[claims[name]]) || claims[name];
      row.append(label, value);
      return row;
    };
    const list = document.createElement("dl");
    list.append(...words.labels.filter(([name]) => claims[name]).map(line));
    const texts = sentences.map((sentence) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = sentence;
      return paragraph;
    });
    box.replaceChildren(...texts, list);
  };

  const verified = async (credential) => {
    const [head, body, signature] = credential.split(".");
    const { kid, alg } = read(head);
    const jwk = keys.find((key) => key.kid === kid && key.alg === "ES256");
    if (alg !== "ES256" || !jwk) return null;
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, curve, false, ["verify"]);
    const signed = new TextEncoder().encode(`${head}.${body}`);
    const holds = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signature), signed);
    const claims = read(body);
    return holds && claims.iss === issuer ? claims : null;
  };

  const standing = async (claims) => {
    try {
      const reply = await fetch(`${issuer}/papers/${encodeURIComponent(claims.jti)}/status`, { cache: "no-store" });
      if (reply.status === 404) return ["revoked", words.unknown];
      if (!reply.ok) return ["offline", words.offline];
      const told = await reply.json();
      if (told.status === "valid") return ["good", words.counts];
      if (told.reason === "deceased") return ["revoked", words.dead.replace("{date}", told.since)];
      return ["revoked", words.revoked];
    } catch {
      return ["offline", words.offline];
    }
  };

  const check = async (text) => {
    const credential = text.trim().split("#").pop();
    const claims = await verified(credential).catch(() => null);
    if (!claims) return show("bad", [words.bad]);
    const [verdict, sentence] = await standing(claims);
    show(verdict, [words.good, sentence], claims);
  };

  document.getElementById("check").addEventListener("submit", (event) => {
    event.preventDefault();
    check(field.value);
  });

  const fromAddress = () => {
    if (location.hash.length > 1) {
      field.value = decodeURIComponent(location.hash.slice(1));
      check(field.value);
    }
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();

  const picture = document.getElementById("picture");
  document.getElementById("scan").hidden = false;
  picture.addEventListener("change", async () => {
    if (!("BarcodeDetector" in window)) return show("bad", [words.noReader]);
    const image = await createImageBitmap(picture.files[0]).catch(() => null);
    const found = image ? await new BarcodeDetector({ formats: ["qr_code"] }).detect(image).catch(() => []) : [];
    if (!found.length) return show("bad", [words.noCode]);
    field.value = found[0].rawValue;
    check(field.value);
  });
})();

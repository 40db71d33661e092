// A body as people read it: JSON coloured piece by piece, with the fields that decide something marked.

import { el } from "./dom.js";

/** Field names whose line is marked, because a decision or a payment hangs on them. */
const TELLING = new Set([
  "birth_date", "birthdate", "death_date", "deathdate", "name", "sub", "acr", "amount", "currency", "transferState",
  "status", "status_reason_code", "status_reason_message", "ack_status", "enrolled_status", "poverty_score", "reg_records",
  "identifier_value", "query_type", "fa", "fspId", "balance", "signature", "errorCode", "errorDescription", "verdict",
  "total_count", "completed_count", "text", "programme", "consent",
]);

const PIECES = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

function line(text) {
  const parts = [];
  let at = 0;
  let telling = false;
  for (const found of text.matchAll(PIECES)) {
    const [whole, string, colon, digits] = found;
    if (found.index > at) parts.push(text.slice(at, found.index));
    at = found.index + whole.length;
    if (string && colon) {
      telling ||= TELLING.has(string.slice(1, -1));
      parts.push(el("span", { class: "key", text: string }), colon);
    } else if (string) {
      parts.push(el("span", { class: "text", text: string }));
    } else {
      parts.push(el("span", { class: "number", text: digits ?? whole }));
    }
  }
  parts.push(text.slice(at));
  return telling ? el("mark", {}, ...parts) : el("span", {}, ...parts);
}

/** The body as a `pre`, or nothing where there is none. A signed token is left as it is. */
export function pretty(body) {
  if (!body) return null;
  const pre = el("pre", { class: "code", tabindex: "0" });
  let text = body;
  try {
    text = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Not JSON, or cut in the journal: shown as it stands.
  }
  const isJson = text.startsWith("{") || text.startsWith("[");
  text.split("\n").forEach((one, index) => {
    if (index) pre.append("\n");
    pre.append(isJson ? line(one) : one);
  });
  return pre;
}

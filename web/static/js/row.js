// One message as a row: a button to open it, its number, its words, and what stood on the wire.

import { draw, LOOP_WORDS } from "./arrows.js";
import { el, lock, roundel, svg } from "./dom.js";
import { duration, lane, onward, t } from "./page.js";

/** Whether this row shows a failure. */
export const failed = (entry) =>
  entry.status >= 400 || entry.verdict === "invalid" || (entry.kind === "request" && entry.remark !== "");

const REASONS = {
  200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 302: "Found", 303: "See Other", 304: "Not Modified",
  400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Timeout",
  409: "Conflict", 410: "Gone", 422: "Unprocessable", 429: "Too Many Requests", 500: "Server Error", 502: "Bad Gateway",
  503: "Unavailable", 504: "Gateway Timeout",
};

/** The HTTP status in words. */
export const statusText = (status) => `${status} ${REASONS[status] ?? ""}`.trim();

function method(action) {
  const word = action.split(" ")[0];
  return /^[A-Z]+$/.test(word) ? word : "";
}

/** The path without the system's own prefix, which the lane says already. */
function shortPath(entry) {
  const path = entry.path.split("?")[0];
  const parts = path.split("/").filter(Boolean);
  const start = parts.indexOf(entry.kind === "answer" ? "" : entry.to.replaceAll("_", "-"));
  return `/${parts.slice(start + 1).join("/")}`;
}

function shorten(text, longest) {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** What stood on the wire, in a few signs. */
export function wireText(entry) {
  if (entry.kind === "event") return shorten(entry.remark || entry.sentence, 60);
  if (entry.kind === "answer") return `${statusText(entry.status)} · ${duration(entry.duration_us)}`;
  if (entry.remark) return shorten(entry.remark, 60);
  return `${method(entry.action)} ${shorten(shortPath(entry), 38)}`.trim();
}

/** The sentence of an entry; an answer without one is what its sender says. */
export function said(entry) {
  if (entry.sentence || !entry.label) return entry.sentence;
  if (entry.kind === "event") return entry.label;
  const way = entry.kind === "answer" ? lane(entry.from).name : `${lane(entry.from).name} ${onward} ${lane(entry.to).name}`;
  return t("js-says", { who: way, words: entry.label });
}

function spoken(entry) {
  const parts = [`${entry.seq}.`, said(entry) || entry.action];
  if (entry.kind === "answer") parts.push(statusText(entry.status));
  if (entry.callback) parts.push(t("js-callback"));
  if (entry.verdict !== "none") parts.push(t(`js-signature-${entry.verdict}`));
  if (failed(entry)) parts.push(t("js-failure"));
  return parts.join(" ");
}

function chips(from, to, same) {
  const name = (one) => el("b", { class: `c${one.colour} chip-name`, text: one.name });
  const way = same ? [roundel(from, true), name(from)] : [roundel(from, true), name(from), onward, roundel(to, true), name(to)];
  return el("span", { class: "chips", "aria-hidden": "true" }, ...way);
}

/** Makes the row of `entry`. */
export function makeRow(entry, open) {
  const from = lane(entry.from);
  const to = lane(entry.to);
  const bad = failed(entry);
  const kind = [entry.kind, entry.callback && "callback", bad && "failure", `c${from.colour}`];
  const element = el(
    "li",
    { class: ["row", ...kind].filter(Boolean).join(" "), id: `m${entry.seq}`, "data-seq": entry.seq },
    el("button", { class: "hit", type: "button", tabindex: "-1", "aria-label": spoken(entry), onclick: () => open(entry.seq) }),
    svg("svg", { class: "art", "aria-hidden": "true" }),
    el("span", { class: entry.seq > 99 ? "dot long" : "dot", "aria-hidden": "true" }, el("span", { text: entry.seq })),
    chips(from, to, entry.from === entry.to),
    el("span", { class: "words", "aria-hidden": "true", text: entry.label || entry.sentence || (entry.kind === "answer" ? t("js-answer") : entry.action) }),
    el(
      "span",
      { class: "wire", "aria-hidden": "true" },
      entry.callback ? el("span", { class: "word", text: t("js-callback") }) : null,
      lock(entry.verdict),
      el("span", { text: `${bad ? "✕ " : ""}${wireText(entry)}` }),
    ),
  );
  return { entry, element, bad, width: 0 };
}

/** Puts a lock on a request whose answer told what the receiver found. */
export function relock(row, verdict) {
  row.entry.verdict = verdict;
  row.bad = failed(row.entry);
  row.element.classList.toggle("failure", row.bad);
  row.element.querySelector(".hit").setAttribute("aria-label", spoken(row.entry));
  row.element.querySelector(".wire").lastElementChild.before(lock(verdict));
  measure(row);
}

/** Measures the words; they change only when a lock is put on. */
export function measure(row) {
  row.element.style.removeProperty("--room");
  row.wordsWidth = row.element.querySelector(".words").offsetWidth;
  row.wireWidth = row.element.querySelector(".wire").offsetWidth;
  row.width = Math.max(row.wordsWidth, row.wireWidth);
}

/** Puts the row's parts where the lanes stand. */
export function placeRow(row, layout, shown) {
  const from = layout.lanes.get(row.entry.from);
  const to = layout.lanes.get(row.entry.to);
  if (!from || !to) return;
  const art = row.element.querySelector(".art");
  art.setAttribute("width", shown);
  art.setAttribute("height", 60);
  const same = from === to;
  const after = shown - from.middle - LOOP_WORDS - 8;
  const flipped = same && row.width > after && from.middle * 2 > shown;
  // Words that fit on neither side of their number are cut, and lie over nothing.
  const room = flipped ? from.middle - LOOP_WORDS - 4 : after;
  if (same) row.element.style.setProperty("--room", `${room}px`);
  draw(art, row.entry, from.middle, to.middle, { failed: row.bad, flipped });
  row.element.classList.toggle("backward", to.middle < from.middle);
  row.element.style.setProperty("--from", `${from.middle}px`);
  for (const [part, full] of [[".words", row.wordsWidth], [".wire", row.wireWidth]]) {
    const width = same ? Math.min(full, room) : full;
    const wanted = same
      ? flipped ? from.middle - LOOP_WORDS - width : from.middle + LOOP_WORDS
      : (from.middle + to.middle) / 2 - width / 2;
    const at = Math.max(4, Math.min(wanted, shown - width - 4));
    row.element.querySelector(part).style.setProperty("--at", `${at}px`);
  }
}

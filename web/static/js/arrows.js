// The art of one row: the arrow between two lanes, or the loop of something that happens inside one.
//
// Request: solid, one head. Answer: dashed, hollow dot. Callback: dash-dot, diamond, double head. Failure: a cross on the line.

import { svg } from "./dom.js";

const MIDDLE = 33;
const DOT = 15;
const LOOP = { width: 42, top: 29, bottom: 51 };

function head(x, direction, size = 8) {
  const back = x - direction * size;
  return `M${back} ${MIDDLE - size * 0.8}L${x} ${MIDDLE}L${back} ${MIDDLE + size * 0.8}`;
}

function cross(x) {
  return [
    svg("circle", { class: "cross-paper", cx: x, cy: MIDDLE, r: 10, "stroke-width": 2 }),
    svg("path", { class: "cross", d: `M${x - 4} ${MIDDLE - 4}l8 8M${x + 4} ${MIDDLE - 4}l-8 8` }),
  ];
}

function arrow(entry, from, to, failed) {
  const direction = to > from ? 1 : -1;
  const start = from + direction * DOT;
  const end = to - direction * 3;
  const parts = [
    svg("path", { class: "shaft", d: `M${start} ${MIDDLE}H${end - direction * 2}` }),
    svg("path", { class: "head", d: head(end, direction) }),
  ];
  if (entry.callback) parts.push(svg("path", { class: "head", d: head(end - direction * 9, direction) }));
  if (failed) parts.push(...cross((start + end) / 2));
  return parts;
}

function loop(from, failed, flipped) {
  const side = flipped ? -1 : 1;
  const far = from + side * LOOP.width;
  const end = from + side * 3;
  const parts = [
    svg("path", { class: "shaft", d: `M${from + side * DOT} ${LOOP.top}H${far}V${LOOP.bottom}H${end + side * 3}` }),
    svg("path", { class: "head", d: `M${end + side * 8} ${LOOP.bottom - 5}L${end} ${LOOP.bottom}L${end + side * 8} ${LOOP.bottom + 5}` }),
  ];
  if (failed) parts.push(...cross(far));
  return parts;
}

/** Draws `entry` into `art`, from middle to middle. `flipped` turns a loop towards the start of the line. */
export function draw(art, entry, from, to, { failed, flipped }) {
  art.replaceChildren(...(from === to ? loop(from, failed, flipped) : arrow(entry, from, to, failed)));
}

/** How far to the side a loop's words begin. */
export const LOOP_WORDS = LOOP.width + 8;

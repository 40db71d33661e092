// Where lanes stand: pure arithmetic, tested without a browser.
//
// Lanes come in the order of first use. Where not all fit, the lanes that were quiet for longest fold to a stripe,
// so that what is going on stays readable on a small projector. A person's own choice for a lane wins.

export const OPEN = 122;
export const WIDEST = 210;
export const STRIPE = 34;
const LEAST_OPEN = 2;

/** How many stations stand in a row of the line of steps: rows of one length, none so full that stations lie over each other. */
export function aRow(stations, width, least) {
  const rows = Math.ceil(stations / Math.max(1, Math.floor(width / least)));
  return Math.ceil(stations / Math.max(1, rows));
}

/**
 * Lane ids in the order in which the entries use them, after those that stand already: a lane keeps its place when the
 * entry that brought it is dropped, and goes with its last one.
 */
export function orderOf(entries, standing = []) {
  const used = new Set();
  for (const { from, to } of entries) used.add(from).add(to);
  return [...new Set([...standing, ...used])].filter((id) => used.has(id));
}

/** For each lane the index of the last entry up to `until` that uses it; -1 for a lane that comes later. */
export function lastUse(entries, until = entries.length - 1) {
  const use = new Map();
  entries.forEach(({ from, to }, index) => {
    for (const id of [from, to]) {
      if (index <= until) use.set(id, index);
      else if (!use.has(id)) use.set(id, -1);
    }
  });
  return use;
}

/**
 * Decides which lanes fold. `choice` maps a lane to "open" or "folded" where a person said so.
 * Returns a set of folded ids.
 */
export function folding(order, use, room, auto, choice = new Map()) {
  const folded = new Set(order.filter((id) => choice.get(id) === "folded"));
  if (!auto) return folded;
  const width = () => (order.length - folded.size) * OPEN + folded.size * STRIPE;
  const quietFirst = order
    .filter((id) => !choice.has(id))
    .sort((a, b) => (use.get(a) ?? -1) - (use.get(b) ?? -1));
  for (const id of quietFirst) {
    if (width() <= room || order.length - folded.size <= LEAST_OPEN) break;
    folded.add(id);
  }
  return folded;
}

/** Positions: `{ lanes: Map(id -> { x, width, middle, folded }), total }`. Open lanes share what room is left. */
export function place(order, folded, room) {
  const open = order.length - folded.size;
  const spare = room - folded.size * STRIPE;
  const wide = open ? Math.min(WIDEST, Math.max(OPEN, Math.floor(spare / open))) : OPEN;
  const lanes = new Map();
  let x = 0;
  for (const id of order) {
    const width = folded.has(id) ? STRIPE : wide;
    lanes.set(id, { x, width, middle: x + width / 2, folded: folded.has(id) });
    x += width;
  }
  return { lanes, total: Math.max(x, 1) };
}

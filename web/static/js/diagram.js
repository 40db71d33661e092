// The swim-lane diagram: keeps the rows, the lanes' order and folding, and follows the newest message.

import { all, calm, el, find, narrow, roundel } from "./dom.js";
import { folding, lastUse, orderOf, place } from "./layout.js";
import { lane, page, t } from "./page.js";
import { makeRow, measure, placeRow, relock } from "./row.js";

/** More rows than this are dropped from the top: a workshop's day would fill the browser. */
const MOST_ROWS = 600;

/** Starts the diagram in `root`; `open(seq)` is called when a person chooses a message. */
export function diagram(root, open) {
  const scroller = find(".lanes", root);
  const heads = find(".lanes-head", root);
  const body = find(".lanes-body", root);
  const list = find(".rows", root);
  const empty = find(".empty", root);
  const choice = new Map();
  const lanes = new Map();
  let rows = [];
  let auto = true;
  let follow = true;
  let layout = { lanes: new Map(), total: 1 };
  let folds = "";

  const entries = () => rows.map((row) => row.entry);

  function addLane(id) {
    const about = lane(id);
    const standard = about.standard;
    const badge = el("span", { class: "badge", text: standard, hidden: !standard });
    const button = el(
      "button",
      { type: "button", "aria-expanded": "true", title: t("js-fold-lane"), onclick: () => toggle(id) },
      el("span", { class: "first" }, roundel(about), badge),
      el("span", { class: "name", text: about.name }),
      about.does ? el("span", { class: "does", text: about.does }) : null,
    );
    const head = el("div", { class: `lane c${about.colour}`, role: "listitem" }, button);
    const line = el("div", { class: `lane-line c${about.colour}`, "aria-hidden": "true" });
    heads.append(head);
    body.insertBefore(line, list);
    lanes.set(id, { head, line, badge, button });
  }

  function toggle(id) {
    choice.set(id, layout.lanes.get(id)?.folded ? "open" : "folded");
    relayout(true);
  }

  /** The last row that a person can see now: lanes fold by what is on the screen, not by what came last. */
  function seen() {
    if (follow || !rows.length) return rows.length - 1;
    const bottom = scroller.scrollTop + scroller.clientHeight - heads.offsetHeight;
    let at = rows.length - 1;
    while (at > 0 && rows[at].element.offsetTop > bottom) at -= 1;
    return at;
  }

  function relayout(force = false) {
    if (narrow() || !rows.length) return;
    const list_of = entries();
    const order = orderOf(list_of, lanes.keys());
    for (const id of order) if (!lanes.has(id)) addLane(id);
    const room = scroller.clientWidth - 2;
    const folded = folding(order, lastUse(list_of, seen()), room, auto, choice);
    const now = `${order.join()}|${[...folded].join()}|${room}`;
    if (!force && now === folds) return;
    folds = now;
    layout = place(order, folded, room);
    const shown = Math.max(layout.total, room);
    root.style.setProperty("--total", `${shown}px`);
    for (const [id, { head, line, button }] of lanes) {
      const spot = layout.lanes.get(id);
      for (const part of [head, line]) {
        part.hidden = !spot;
        if (!spot) continue;
        part.classList.toggle("folded", spot.folded);
        part.style.setProperty("--x", `${spot.x}px`);
        part.style.setProperty("--w", `${spot.width}px`);
      }
      button.setAttribute("aria-expanded", String(!spot?.folded));
      button.setAttribute("aria-label", lane(id).name);
    }
    for (const row of rows) placeRow(row, layout, shown);
  }

  function stepRow(entry) {
    const title = page.steps?.[entry.step];
    return title ? el("li", { class: "step-row", id: `step-${entry.step}`, "data-step": entry.step, text: title }) : null;
  }

  /** A receiver tells with its answer what it found of the request's signature: the lock belongs on the request. */
  function moveLocks(news) {
    const changed = [];
    for (const answer of news) {
      if (answer.kind !== "answer" || answer.verdict === "none") continue;
      const request = news.find((one) => one.seq === answer.of);
      const row = request ? null : rows.find((one) => one.entry.seq === answer.of);
      if (request?.verdict === "none") request.verdict = answer.verdict;
      else if (row?.entry.verdict === "none") changed.push([row, answer.verdict]);
      else continue;
      answer.verdict = "none";
    }
    return changed;
  }

  function add(news) {
    empty.hidden = true;
    const locked = moveLocks(news);
    const made = news.map((entry) => makeRow(entry, open));
    let step = rows.at(-1)?.entry.step ?? "";
    const batch = document.createDocumentFragment();
    for (const row of made) {
      if (row.entry.step !== step) {
        step = row.entry.step;
        const title = stepRow(row.entry);
        if (title) batch.append(title);
      }
      batch.append(row.element);
    }
    list.append(batch);
    made.forEach(measure);
    rows.push(...made);
    while (rows.length > MOST_ROWS) rows.shift().element.remove();
    for (const [row, verdict] of locked) relock(row, verdict);
    const before = folds;
    relayout();
    learnStandards(news);
    // A row that came without a new folding still has to be placed.
    if (before === folds) for (const row of [...made, ...locked.map(([row]) => row)]) placeRow(row, layout, Math.max(layout.total, scroller.clientWidth - 2));
    if (!calm() && made.length <= 3) made.forEach((row) => row.element.classList.add("flies"));
    light(made.at(-1), made.length > 3);
  }

  /** A lane's badge is what the messages say they speak, where the server named no standard. */
  function learnStandards(news) {
    for (const entry of news) {
      const badge = entry.kind === "request" ? lanes.get(entry.to)?.badge : null;
      if (!badge || badge.textContent || !entry.standard) continue;
      badge.textContent = entry.standard;
      badge.hidden = false;
    }
  }

  function light(row, burst = false) {
    for (const old of all(".row.current", list)) old.classList.remove("current");
    for (const old of all(".lane.lit", heads)) old.classList.remove("lit");
    if (!row) return;
    row.element.classList.add("current");
    for (const button of all(".hit[tabindex='0']", list)) button.tabIndex = -1;
    find(".hit", row.element).tabIndex = 0;
    for (const id of [row.entry.from, row.entry.to]) lanes.get(id)?.head.classList.add("lit");
    if (follow && !(burst && narrow())) show(row);
  }

  function show(row) {
    // Only a short way is travelled; a burst jumps, because a journey would be overtaken by the next message.
    const far = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop > 260;
    const behavior = calm() || far ? "auto" : "smooth";
    if (narrow()) return void (document.activeElement === document.body && row.element.scrollIntoView({ block: "center", behavior }));
    const spots = [row.entry.from, row.entry.to].map((id) => layout.lanes.get(id)).filter(Boolean);
    const left = Math.min(...spots.map((spot) => spot.x)) - 20;
    const right = Math.max(...spots.map((spot) => spot.x + spot.width)) + 20;
    const mirror = document.dir === "rtl" ? -1 : 1;
    let x = Math.abs(scroller.scrollLeft);
    if (right > x + scroller.clientWidth) x = right - scroller.clientWidth;
    if (left < x) x = Math.max(0, left);
    scroller.scrollTo({ top: scroller.scrollHeight, left: mirror * x, behavior });
  }

  function forget() {
    rows = [];
    folds = "";
    choice.clear();
    list.replaceChildren();
    for (const { head, line } of lanes.values()) { head.remove(); line.remove(); }
    lanes.clear();
    empty.hidden = false;
  }

  let scrolled = 0;
  scroller.addEventListener("scroll", () => {
    clearTimeout(scrolled);
    scrolled = setTimeout(() => !follow && relayout(), 250);
  }, { passive: true });
  let was_narrow = narrow();
  new ResizeObserver(() => {
    // Words in a list have other widths than words on an arrow.
    if (was_narrow && !narrow()) { rows.forEach(measure); folds = ""; }
    was_narrow = narrow();
    relayout();
    if (follow && rows.length && !narrow()) show(rows.at(-1));
  }).observe(scroller);

  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = rows.findIndex((row) => row.element.contains(document.activeElement));
    const next = step && at >= 0 ? rows[at + step] : null;
    if (!next) return;
    event.preventDefault();
    for (const button of all(".hit[tabindex='0']", list)) button.tabIndex = -1;
    const button = find(".hit", next.element);
    button.tabIndex = 0;
    button.focus();
  });

  return {
    add,
    forget,
    choose(seq) {
      for (const row of rows) row.element.classList.toggle("chosen", row.entry.seq === seq);
    },
    last: () => rows.at(-1)?.entry,
    entry: (seq) => rows.find((row) => row.entry.seq === seq)?.entry,
    neighbour(seq, by) {
      const at = rows.findIndex((row) => row.entry.seq === seq);
      return rows[at + by]?.entry.seq;
    },
    fold(on) { auto = on; choice.clear(); relayout(true); },
    follow(on) { follow = on; if (on) { relayout(); if (rows.length) show(rows.at(-1)); } },
    goTo(step) {
      const title = find(`#step-${CSS.escape(step)}`, list);
      title?.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
      return Boolean(title);
    },
  };
}

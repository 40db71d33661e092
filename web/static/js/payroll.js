// The payroll as it happens: the picture comes whole with every change, and only what differs is touched.

import { all, el, find, svg } from "./dom.js";
import { whileSeen } from "./feed.js";

const ROW = 50;
const page = find("[data-payroll]");
let shown = "";

function text(name, value) {
  for (const node of all(`[data-text="${name}"]`)) {
    if (node.textContent !== value) node.textContent = value;
  }
}

/** A dot is changed where it stands; rows are made anew only when their number changes. */
function dots(letters) {
  const box = find("[data-dots]");
  const wanted = Math.ceil(letters.length / ROW);
  if (box.children.length !== wanted || letters.length !== shown.length) {
    const rows = [];
    for (let at = 0; at < letters.length; at += ROW) {
      const row = [...letters.slice(at, at + ROW)].map((letter) => el("i", { class: letter }));
      rows.push(el("div", { class: "row" }, ...row));
    }
    box.replaceChildren(...rows);
  } else {
    for (let at = 0; at < letters.length; at += 1) {
      if (letters[at] === shown[at]) continue;
      box.children[Math.floor(at / ROW)].children[at % ROW].className = letters[at];
    }
  }
  shown = letters;
}

function bar(sums) {
  const parts = sums.map((sum) => svg("rect", { class: sum.letter, x: sum.at, y: 0, width: sum.share, height: 10 }));
  find("[data-bar] svg").replaceChildren(...parts);
}

function sums(list) {
  for (const sum of list) {
    const row = find(`[data-sum="${sum.letter}"]`);
    if (!row) return location.reload();
    find("[data-count]", row).textContent = sum.count;
    find("[data-money]", row).textContent = sum.sum;
  }
}

function unpaid(list) {
  const section = find("[data-unpaid]");
  section.hidden = list.length === 0;
  const word = (letter) => letter && find(`[data-sum="${letter}"] th`).textContent.trim();
  const letters = { failed: "f", reversed: "r", held: "h", ticket: "t" };
  const rows = list.map((one) =>
    el("tr", {}, el("th", { scope: "row", text: one.name }), el("td", { text: word(letters[one.word]) }),
      el("td", { text: one.code }), el("td", { dir: "auto", text: one.why }), el("td", { text: one.owner })));
  find("tbody", section).replaceChildren(...rows);
}

function draw(picture) {
  const none = picture.cycle === "";
  page.hidden = none;
  find("[data-empty]").hidden = !none;
  const report = find("[data-report]");
  report.hidden = none;
  report.search = `?cycle=${encodeURIComponent(picture.cycle)}`;
  if (none) return;
  for (const name of ["cycle", "state", "members", "deceased", "conflict", "officers", "payees", "total", "difference", "strays", "stray_sum"]) {
    text(name, picture[name]);
  }
  find("[data-difference]").hidden = picture.difference === "";
  find("[data-strays]").hidden = picture.strays === "";
  dots(picture.dots);
  bar(picture.sums);
  sums(picture.sums);
  unpaid(picture.unpaid);
}

whileSeen(() => {
  const source = new EventSource(page.dataset.events + location.search);
  source.addEventListener("picture", (event) => draw(JSON.parse(event.data)));
  return source;
});

// The inspector: one message opened, with its answer. A modal dialog, so the browser keeps and returns the focus and Esc closes it.

import { el, find, lock, roundel } from "./dom.js";
import { duration, lane, onward, page, t } from "./page.js";
import { pretty } from "./pretty.js";
import { failed, statusText } from "./row.js";

function way(entry) {
  const from = lane(entry.from);
  const to = lane(entry.to);
  const parts = [roundel(from), el("span", { text: from.name })];
  if (entry.from !== entry.to) parts.push(onward, roundel(to), el("span", { text: to.name }));
  return el("p", { class: "way" }, ...parts);
}

function signature(verdict) {
  if (verdict === "none") return null;
  const tone = { valid: "good", unsigned: "doubt", invalid: "bad" }[verdict];
  return el("span", { class: `chip ${tone}` }, lock(verdict), t(`js-signature-${verdict}`));
}

function facts(entry) {
  const bad = failed(entry);
  return el(
    "p",
    { class: "verbs" },
    entry.kind === "event" ? null : el("code", { text: entry.path ? `${entry.action.split(" ")[0]} ${entry.path}` : entry.action }),
    entry.status ? el("span", { class: `chip ${bad ? "bad" : "good"}`, text: `${bad ? "✕ " : ""}${statusText(entry.status)}` }) : null,
    entry.kind === "answer" ? el("span", { class: "chip", text: duration(entry.duration_us) }) : null,
    entry.callback ? el("span", { class: "chip", text: t("js-callback") }) : null,
    signature(entry.verdict),
    entry.body?.includes('"ciphertext"') ? el("span", { class: "chip good", text: t("js-encrypted") }) : null,
  );
}

function headers(list) {
  if (!list?.length) return null;
  const rows = list.map(([name, value]) => el("tr", {}, el("th", { scope: "row", text: name }), el("td", { text: value })));
  return el("details", {}, el("summary", { text: t("js-headers", { n: list.length }) }), el("table", { class: "headers" }, el("tbody", {}, ...rows)));
}

function copyButton(text) {
  if (!text) return null;
  const button = el("button", { type: "button", text: t("js-copy-curl") });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = t("js-copied");
    } catch {
      // A page without a secure context may not write to the clipboard: then the text is shown to be copied by hand.
      button.replaceWith(el("pre", { class: "code", tabindex: "0", text }));
    }
    setTimeout(() => { button.textContent = t("js-copy-curl"); }, 2000);
  });
  return button;
}

function message(entry) {
  return [facts(entry), entry.remark ? el("p", { class: "rule-text", text: entry.remark }) : null, pretty(entry.body), headers(entry.headers)];
}

function fill(inside, entry, go) {
  const step = page.steps?.[entry.step];
  inside.replaceChildren(
    ...[
      way(entry),
      el("h2", { id: "inspector-title", tabindex: "-1", text: entry.label || entry.action }),
      entry.sentence && entry.sentence !== entry.label ? el("p", { text: entry.sentence }) : null,
      ...message(entry),
      entry.spec ? el("p", { class: "hint", text: t("js-follows", { spec: entry.spec }) }) : null,
      entry.answer ? el("section", { class: "answer-part" }, el("h3", { text: t("js-answer") }), entry.answer.label ? el("p", { text: entry.answer.label }) : null, ...message(entry.answer).filter(Boolean)) : null,
      entry.of ? el("p", {}, el("button", { type: "button", text: t("js-to-request", { n: entry.of }), onclick: () => go(entry.of) })) : null,
      step ? el("p", { class: "hint", text: t("js-in-step", { title: step }) }) : null,
    ].filter(Boolean),
  );
}

/** Wires the dialog; gives `open(seq)`. */
export function inspector(dialog, diagram) {
  const inside = find(".inside", dialog);
  const actions = find(".actions", dialog);
  let now = 0;

  async function open(seq) {
    now = seq;
    const address = `${page.prefix}/live/entry/${seq}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (now !== seq) return;
    const entry = answer?.ok ? await answer.json() : diagram.entry(seq);
    if (!entry) return;
    diagram.choose(seq);
    dialog.className = `slide c${lane(entry.from).colour}`;
    fill(inside, entry, open);
    actions.replaceChildren(...[copyButton(entry.curl), ...walk(seq)].filter(Boolean));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    find("h2", inside).focus({ preventScroll: true });
  }

  function walk(seq) {
    return [[-1, "js-earlier"], [1, "js-later"]].map(([by, text]) => {
      const next = diagram.neighbour(seq, by);
      return el("button", { type: "button", disabled: !next, text: t(text), onclick: () => next && open(next) });
    });
  }

  dialog.addEventListener("close", () => {
    diagram.choose(0);
    const row = document.querySelector(`#m${now} .hit`);
    if (row) row.focus({ preventScroll: true });
    now = 0;
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  find(".close", dialog).addEventListener("click", () => dialog.close());
  return open;
}

// The decisions as they are made: each fact with the registry that it came from, the rule, the verdict.

import { el, keep, roundel } from "./dom.js";
import { lane, t } from "./page.js";

const SIGN = { pass: "✓", fail: "✕", review: "?" };

function fact(one, open) {
  const source = lane(one.source);
  return el(
    "li",
    {},
    el("span", { class: "fact", text: one.name }),
    el("span", { class: "value", text: one.value }),
    el(
      "button",
      { type: "button", class: `source c${source.colour}`, title: t("js-open-source"), onclick: () => open(one.seq), disabled: !one.seq },
      roundel(source, true),
      el("span", { text: source.name }),
    ),
  );
}

function card(decision, open) {
  return el(
    "details",
    { class: "decision", "data-verdict": decision.verdict, open: true },
    el(
      "summary",
      {},
      el("span", { class: "sign", "aria-hidden": "true", text: SIGN[decision.verdict] ?? "?" }),
      el("span", { text: decision.title }),
      el("span", { class: "verdict", text: t(`js-verdict-${decision.verdict}`) }),
    ),
    el(
      "div",
      { class: "inside" },
      el("ul", { class: "facts" }, ...decision.facts.map((one) => fact(one, open))),
      el("p", { class: "rule-text", text: decision.rule }),
    ),
  );
}

/** Keeps the list in `root` up to date; `show(list)` gives whether something new was decided. */
export function decisions(root, open) {
  const hint = root.querySelector(".hint");
  const cards = root.querySelector(".decisions");
  const shown = keep(cards, (decision) => {
    // The newest is open; one that a person is in stays open too.
    for (const before of cards.children) if (!before.contains(document.activeElement)) before.open = false;
    return card(decision, open);
  });
  return (list) => {
    const came = shown(list);
    hint.hidden = list.length > 0;
    return came;
  };
}

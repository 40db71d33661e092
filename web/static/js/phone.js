// The persona's phone: what was really sent to it, newest on top, with a one-time code made large.

import { all, el, find, keep } from "./dom.js";

const CODE = /^(.*?)\b(\d{4,8})\b[.!]?\s*(.*)$/s;

function bubble(message) {
  const code = CODE.exec(message.text);
  // A number next to a currency or in a longer sentence is an amount, not a code.
  const isCode = code && /code|código|رمز/i.test(message.text);
  const words = isCode
    ? [el("span", { text: code[1] }), el("span", { class: "otp", text: code[2] }), el("span", { text: code[3] })]
    : [el("span", { text: message.text })];
  return el(
    "li",
    { class: "bubble new" },
    el("span", { class: "who" }, el("span", { text: message.from }), el("span", { text: message.at })),
    el("span", { dir: "auto" }, ...words),
  );
}

/** Keeps the phone in `root` up to date; the function it gives says whether something arrived. */
export function phone(root) {
  const bubbles = find(".bubbles", root);
  const quiet = find(".quiet-phone", root);
  const balance = find(".balance", root);
  const shown = keep(bubbles, bubble);
  return (show) => {
    const arrived = shown(show.phone ?? []);
    quiet.hidden = bubbles.children.length > 0;
    const wallet = find(".wallet", root);
    wallet.hidden = !show.balance;
    if (show.balance && balance.textContent !== show.balance) {
      balance.textContent = show.balance;
      wallet.classList.add("moved");
    }
    const time = (show.clock ?? "").slice(11, 16);
    for (const node of all(".clock", root)) node.textContent = time;
    return arrived;
  };
}

// The line over the stage: why a command was refused, for as long as it takes to read, or that the country is out of reach,
// until it is back. One does not wipe out the other: a page may be refused before its live feed has opened.

import { find } from "./dom.js";
import { t } from "./page.js";

const READ_MS = 8000;
let refusal = "";
let away = false;
let forgetting = 0;

function show() {
  const line = find(".offline");
  if (!line) return;
  line.textContent = refusal || (away ? t("js-offline") : "");
  line.hidden = line.textContent === "";
}

/** Says why a command was refused. */
export function refused(words) {
  refusal = words;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => { refusal = ""; show(); }, READ_MS);
  show();
}

/** Says whether the country is within reach. */
export function connected(yes) {
  away = !yes;
  show();
}

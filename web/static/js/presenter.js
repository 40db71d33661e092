// The presenter's window: the notes of the current step, the next one, a timer; the audience's window follows by itself.

import { controls, showControls } from "./controls.js";
import { find } from "./dom.js";
import { connect } from "./feed.js";
import { keys } from "./keys.js";
import { connected } from "./notice.js";
import { page, t } from "./page.js";
import { lastWords, showPanel } from "./panel.js";
import { said } from "./row.js";

let show = null;
/** What the server has counted since Play, and when it said so. */
let counted = { ms: 0, at: 0 };

connect(page, {
  entries(list) {
    const last = list.findLast((entry) => said(entry));
    if (last && !lastWords(show ?? {})) find(".last-line").textContent = said(last);
  },
  show(state) {
    if (state.story !== page.story) return;
    counted = { ms: state.play_ms ?? 0, at: performance.now() };
    show = state;
    showPanel(state);
    showControls(state);
    const at = state.steps.findIndex((step) => step.id === state.step);
    find(".script").textContent = state.steps[Math.max(at, 0)]?.notes ?? "";
    const ending = lastWords(state);
    if (ending) find(".last-line").textContent = ending;
    const next = state.steps[Math.max(at, 0) + 1];
    find(".next-line").textContent = next ? next.title : t("js-last-step");
  },
  reset() { show = null; find(".last-line").textContent = t("js-waiting"); },
  connected,
});

setInterval(() => {
  const since = show?.state === "playing" ? performance.now() - counted.at : 0;
  const seconds = Math.floor((counted.ms + since) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  find(".timer").textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}, 500);

controls();
keys({ playing: () => show?.state === "playing", panel: () => {} });

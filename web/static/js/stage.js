// The stage: joins the feed, the diagram, the panel, the phone, the inspector, the controls and the keys.

import { controls, showControls } from "./controls.js";
import { decisions } from "./decisions.js";
import { diagram } from "./diagram.js";
import { all, find, narrow, roundel } from "./dom.js";
import { connect } from "./feed.js";
import { inspector } from "./inspector.js";
import { keys } from "./keys.js";
import { connected } from "./notice.js";
import { lane, number, onward, page, t } from "./page.js";
import { lastWords, showPanel, tabs } from "./panel.js";
import { phone } from "./phone.js";
import { failed, said } from "./row.js";

const stage = find(".stage");
let open = () => {};
let show = null;
const picture = diagram(find(".diagram"), (seq) => open(seq));
open = inspector(find("#inspector"), picture);
const panel = find(".panel") ? tabs(stage) : null;
const decide = find(".panel") ? decisions(find("[data-name='decisions']"), (seq) => open(seq)) : () => false;
const ring = find(".phone") ? phone(find(".phone")) : () => false;

function caption(entry) {
  const words = said(entry);
  if (!words) return;
  const line = find(".caption");
  const way = find(".way", line);
  const from = lane(entry.from);
  const to = lane(entry.to);
  way.replaceChildren(roundel(from, true), ...(entry.from === entry.to ? [] : [onward, roundel(to, true)]));
  find(".said", line).textContent = words;
  line.classList.toggle("failure", failed(entry));
}

/** When the story has ended, the caption says how, and no message takes its place. */
let ended = false;
function lastCaption(state) {
  const words = lastWords(state);
  ended = words !== "";
  if (!ended) return;
  const line = find(".caption");
  find(".way", line).replaceChildren();
  find(".said", line).textContent = words;
  line.classList.toggle("failure", state.state === "broken");
}

connect(page, {
  entries(list) {
    picture.add(list);
    if (!ended) caption(list.findLast((entry) => said(entry)) ?? list.at(-1));
    if (!page.story) countLive();
  },
  show(state) {
    const first = show === null;
    if (!page.story) return;
    const other = state.story !== page.story;
    if (other && !first) {
      // What stood here was this story's; the page shows it at rest again, and then makes its offer.
      location.reload();
      return;
    }
    offer(other, state);
    if (other) return;
    show = state;
    showPanel(state);
    showControls(state);
    lastCaption(state);
    const decided = decide(state.decisions ?? []);
    const rang = ring(state);
    panel?.tally("decisions", state.decisions?.length ?? 0);
    panel?.tally("phone", state.phone?.length ?? 0);
    if (first || narrow() || !following) return;
    if (rang) panel?.follow("phone");
    else if (decided) panel?.follow("decisions");
  },
  reset() {
    picture.forget();
    decide([]);
    panel?.release();
    if (!narrow()) panel?.select("decisions");
    ended = false;
    find(".caption .way").replaceChildren();
    find(".caption .said").textContent = t("js-waiting");
  },
  connected,
});

/** The room plays another story: this window offers to go along, and does not leave by itself. The offer ends when the
 * room comes back to this window's story. */
function offer(other, state) {
  const note = find(".elsewhere");
  if (!note) return;
  note.hidden = !other || state.state === "idle";
  note.href = `${page.prefix}/play/${state.story}`;
}

function countLive() {
  const last = picture.last();
  for (const node of all("[data-count='messages']")) node.textContent = number(last?.seq ?? 0);
}

let following = true;
const tools = find(".diagram .tools");
tools?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  if (button.dataset.tool === "fold") picture.fold(on);
  if (button.dataset.tool === "follow") { following = on; picture.follow(on); }
});
// Looking back by hand means: stop following.
for (const kind of ["wheel", "touchmove"]) {
  find(".lanes").addEventListener(kind, (event) => {
    if (narrow() || !following || (event.deltaY ?? -1) >= 0) return;
    following = false;
    picture.follow(false);
    find("[data-tool='follow']")?.setAttribute("aria-pressed", "false");
  }, { passive: true });
}

find(".line")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  const ids = show?.steps.map((step) => step.id) ?? [];
  const at = ids.indexOf(link.hash.slice("#step-".length));
  // A step that only waits sends nothing of its own: then the step before it is what there is to see.
  ids.slice(0, at + 1).reverse().some((id) => picture.goTo(id));
});

controls();
if (find(".controls")) {
  keys({
    playing: () => show?.state === "playing",
    panel: () => document.body.classList.toggle("wide-diagram"),
  });
}
if (panel) panel.select(narrow() ? "messages" : "decisions");
// A window made wide shows the messages beside the panel, which then has no tab for them.
const widened = () => { if (!narrow() && stage.dataset.tab === "messages") panel?.select("decisions"); };
addEventListener("resize", widened);

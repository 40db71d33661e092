// The story panel, the line of steps, the counters and the state: everything that the `show` event decides.

import { all, el, find } from "./dom.js";
import { aRow } from "./layout.js";
import { machineTime, number, page, t } from "./page.js";

/** A station and the line to the next, in pixels, where the styles do not say. */
const NARROWEST = 15;
const STATION = { done: "✓", failed: "✕" };

/** Where one row would lay the stations over each other they take more, and a window that is turned or made narrow asks anew. */
function wrap(line) {
  const least = parseFloat(getComputedStyle(line).getPropertyValue("--least")) || NARROWEST;
  line.style.setProperty("--a-row", aRow(line.children.length, line.clientWidth, least));
}

/** A branch may have other steps and another lead: then the line, the list and the portrait are made anew. */
function cast(show) {
  const ids = show.steps.map((step) => step.id).join();
  const line = find(".line ol");
  if (line && line.dataset.ids !== ids) {
    line.dataset.ids = ids;
    page.steps = Object.fromEntries(show.steps.map((step) => [step.id, step.title]));
    line.replaceChildren(...show.steps.map((step) => el("li", {}, el("a", { href: `#step-${step.id}`, title: step.title }))));
    wrap(line);
    find(".steps")?.replaceChildren(...show.steps.map((step) => el(
      "li", {}, el("span", { class: "station", "aria-hidden": "true" }),
      el("div", {}, el("h3", { text: step.title }), el("p", { text: step.text })),
    )));
  }
  const person = find(".person");
  if (!person || !show.persona.id || person.dataset.said === JSON.stringify(show.persona)) return;
  person.dataset.said = JSON.stringify(show.persona);
  find("img", person).src = `/portrait/${encodeURIComponent(show.persona.id)}.svg`;
  find("h2", person).textContent = t("js-age", { title: show.persona.name, n: show.persona.age });
  find(".words", person).textContent = show.persona.words;
}

function stations(show) {
  const items = all(".line li");
  show.steps.forEach((step, index) => {
    const item = items[index];
    if (!item) return;
    item.dataset.state = step.state;
    const link = find("a", item);
    link.textContent = STATION[step.state] ?? index + 1;
    link.setAttribute("aria-label", `${index + 1}. ${step.title}: ${t(`js-step-${step.state}`)}`);
    if (step.state === "now") link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  });
}

function stepList(show) {
  const items = all(".steps li");
  show.steps.forEach((step, index) => {
    const item = items[index];
    if (!item) return;
    item.dataset.state = step.state;
    find(".station", item).textContent = STATION[step.state] ?? index + 1;
  });
}

function ending(show) {
  if (show.state === "held") {
    const own = `js-held-${show.story}`;
    const words = show.branch === "" && page.texts[own] ? own : "js-held";
    return t(words, { time: machineTime(show.elapsed_ms) });
  }
  if (show.state === "broken") return show.note || t("js-broken");
  return "";
}

function now(show) {
  const card = find(".now");
  const index = show.steps.findIndex((step) => step.id === show.step);
  const step = show.steps[index] ?? show.steps[0];
  if (!card || !step) return;
  card.dataset.state = show.state;
  find(".count", card).textContent = t("js-step-of", { n: Math.max(index, 0) + 1, m: show.steps.length });
  find("h2", card).textContent = step.title;
  find(".text", card).textContent = step.text;
  const result = find(".result", card);
  const words = ending(show);
  result.hidden = !words;
  result.replaceChildren(el("span", { "aria-hidden": "true", text: show.state === "held" ? "✓" : "✕" }), el("span", { text: words }));
  // A long sentence scrolls inside itself: by keys as well.
  if (result.scrollHeight > result.clientHeight + 1) result.tabIndex = 0;
  else result.removeAttribute("tabindex");
}

/** Which ending is played, and what it is about. */
function headline(show) {
  for (const node of all("[data-role='ending']")) {
    node.textContent = show.ending;
    node.hidden = !show.ending;
  }
  for (const node of all("[data-role='tagline']")) node.textContent = show.tagline;
}

function counters(show) {
  const put = (name, text) => all(`[data-count="${name}"]`).forEach((node) => { node.textContent = text; });
  put("messages", number(show.messages));
  put("signatures", number(show.signatures));
  put("time", machineTime(show.elapsed_ms));
  for (const badge of all("[data-role='state']")) {
    badge.dataset.state = show.state;
    badge.textContent = t(`js-state-${show.state}`);
  }
}

const steps = find(".line ol");
if (steps) new ResizeObserver(() => wrap(steps)).observe(steps);

/** How the story ended, for the last caption: its last step, or why it broke; empty before the end. */
export function lastWords(show) {
  if (show.state === "broken" && show.note) return show.note;
  if (show.state !== "held" && show.state !== "broken") return "";
  const step = show.steps.find((one) => one.id === show.step);
  return [step?.title, step?.text].filter(Boolean).map((words) => words.replace(/[^.!?…:]$/, "$&.")).join(" ");
}

/** Shows the player's state. */
export function showPanel(show) {
  cast(show);
  headline(show);
  stations(show);
  stepList(show);
  now(show);
  counters(show);
}

/** The tabs of the panel; `pick(name, by_hand)` follows the story until a person chooses. */
export function tabs(stage) {
  const list = find("[role='tablist']", stage);
  const buttons = all("[role='tab']", list);
  let by_person = false;

  function select(name) {
    stage.dataset.tab = name;
    for (const button of buttons) {
      const on = button.dataset.for === name;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
    }
    for (const body of all("[role='tabpanel']", stage)) body.hidden = body.dataset.name !== name;
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[role='tab']");
    if (!button) return;
    by_person = true;
    select(button.dataset.for);
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const shown = buttons.filter((button) => button.offsetParent);
    const mirror = document.dir === "rtl" ? -1 : 1;
    const next = shown[(shown.indexOf(document.activeElement) + by * mirror + shown.length) % shown.length];
    by_person = true;
    select(next.dataset.for);
    next.focus();
  });
  return {
    select,
    follow(name) { if (!by_person) select(name); },
    release() { by_person = false; },
    tally(name, count) {
      const node = find(`[data-for="${name}"] .tally`, list);
      if (!node) return;
      node.textContent = number(count);
      node.hidden = !count;
    },
  };
}

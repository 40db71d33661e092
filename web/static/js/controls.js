// Controls: every button is a plain form button that also works without this script; here it is sent without leaving the page.

import { all, el, find } from "./dom.js";
import { refused } from "./notice.js";
import { page, t } from "./page.js";

/** Sends one command to the player. The answer comes back through the feed, to every window alike. */
export function send(what, value = "") {
  return post(new URLSearchParams({ csrf: page.csrf, do: what, value }));
}

let before = Promise.resolve();

/** Commands arrive in the order they were given: the next leaves when the one before was answered. */
function post(body) {
  before = before.then(() => deliver(body));
  return before;
}

async function deliver(body) {
  const answer = await fetch(page.control, { method: "POST", body, headers: { "X-Requested-With": "script" } }).catch(() => null);
  if (answer?.ok) return;
  const why = answer?.status === 400 ? await answer.text() : "";
  refused(why || (answer?.status === 403 ? t("js-reload") : t("js-not-sent")));
}

/** Makes the forms of the stage quiet, and shows the state of the player on them. */
export function controls() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.quiet === undefined) return;
    event.preventDefault();
    post(new URLSearchParams(new FormData(form, event.submitter)));
    form.closest("dialog")?.close();
  });
  // After a click with the mouse, the space bar should play and pause, not press the same button again.
  find(".controls")?.addEventListener("click", (event) => {
    if (event.detail > 0) event.target.closest("button")?.blur();
  });
}

/** Shows `show` on the controls. */
export function showControls(show) {
  const playing = show.state === "playing";
  for (const button of all(".controls [data-role='play']")) {
    button.value = playing ? "pause" : "play";
    find(".play-shape", button).toggleAttribute("hidden", playing);
    find(".pause-shape", button).toggleAttribute("hidden", !playing);
    find("span", button).textContent = playing ? t("js-pause") : show.state === "idle" || show.state === "paused" ? t("js-play") : t("js-again");
  }
  for (const button of all(".paces button")) {
    button.setAttribute("aria-pressed", String(button.value === paceOf(show)));
  }
  showTrouble(show.trouble ?? []);
  for (const button of all("[data-branch]")) {
    button.setAttribute("aria-pressed", String(button.dataset.branch === show.branch));
  }
}

/** A chip for each trouble in force; to press it ends the trouble. */
function showTrouble(list) {
  const form = find("[data-role='trouble']");
  if (!form) return;
  form.hidden = list.length === 0;
  find(".chips-of", form).replaceChildren(...list.map((one) => el(
    "button",
    { class: "chip bad", name: "system", value: one.system, title: t("js-trouble-end", { title: one.words }) },
    one.words,
    el("span", { "aria-hidden": "true", text: "✕" }),
  )));
}

function paceOf(show) {
  if (show.pace === "play" && show.delay_ms === 0) return "instant";
  return show.delay_ms > 1000 ? "slow" : "1x";
}

// The keys of the stage. Single keys can be switched off in the help, as WCAG 2.1.4 asks.

import { send } from "./controls.js";
import { all, find } from "./dom.js";

const STORE = "arenoa-keys";

function on() {
  return localStorage.getItem(STORE) !== "off";
}

function busy(target) {
  return Boolean(target.closest("input, textarea, select, [contenteditable], dialog[open]"));
}

/** Whether the arrow keys move what has the focus from side to side. */
function scrolls(target) {
  const box = target.closest(".lanes");
  return Boolean(box) && box.scrollWidth > box.clientWidth;
}

/** Opens a menu by its id; the browser keeps the focus inside and returns it. */
function openMenu(name) {
  const menu = find(`dialog.menu#${name}`);
  if (menu && !menu.open) menu.showModal();
}

function menus() {
  for (const button of all("[data-opens]")) {
    button.addEventListener("click", (event) => { event.preventDefault(); openMenu(button.dataset.opens); });
  }
  for (const menu of all("dialog.menu")) {
    menu.addEventListener("click", (event) => {
      if (event.target === menu || event.target.closest(".close")) { event.preventDefault(); menu.close(); }
    });
  }
  find("[data-role='full-screen']")?.addEventListener("click", fullScreen);
}

/** Listens for keys and opens the menus. `stage` gives `playing()` and `panel()`. */
export function keys(stage) {
  menus();
  const box = find("#single-keys");
  if (box) {
    box.checked = on();
    box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  }
  const acts = {
    " ": () => send(stage.playing() ? "pause" : "play"),
    ArrowRight: (event) => send(event.shiftKey ? "next_step" : "next"),
    r: () => send("restart"),
    b: () => openMenu("break"),
    f: fullScreen,
    l: () => openMenu("language"),
    "?": () => openMenu("help"),
    p: () => stage.panel(),
    1: () => send("pace", "1x"),
    2: () => send("pace", "slow"),
    3: () => send("pace", "instant"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !on() || busy(event.target)) return;
    if (event.key === "ArrowRight" && scrolls(event.target)) return;
    if (event.key === " " && event.target.closest("button, a, summary")) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}

/** Full screen on and off, where the browser has it. */
export function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

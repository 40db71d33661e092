// The keys of the stage. Single keys can be switched off in the help, as WCAG 2.1.4 asks.

import { find } from "./dom.js";
import { send } from "./controls.js";

const STORE = "arenoa-keys";

function on() {
  return localStorage.getItem(STORE) !== "off";
}

function busy(target) {
  return Boolean(target.closest("input, textarea, select, [contenteditable], dialog[open]"));
}

/** Listens for keys. `stage` gives `playing()`, `over()` and the dialogs that keys open. */
export function keys(stage) {
  const box = find("#single-keys");
  if (box) {
    box.checked = on();
    box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  }
  const acts = {
    " ": () => send(stage.playing() ? "pause" : "play"),
    ArrowRight: (event) => send(event.shiftKey ? "next_step" : "next"),
    r: () => send("restart"),
    b: () => stage.dialog("break"),
    f: fullScreen,
    l: () => stage.dialog("language"),
    "?": () => stage.dialog("help"),
    p: () => stage.panel(),
    1: () => send("pace", "1x"),
    2: () => send("pace", "slow"),
    3: () => send("pace", "instant"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !on() || busy(event.target)) return;
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

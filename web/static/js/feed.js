// The live feed: server-sent events, resumed by the browser from the last journal number it saw.
//
// `entry` is one row of the journal, `show` the whole state of the player, `reset` means: forget everything.
// Entries are handed on once a frame, so that a story played in 30 ms costs one layout and not sixty.

/** A window that nobody sees lets go of its line after so long: a browser has only six for one server. */
const UNSEEN_MS = 5000;

/** Connects to the feed of the page's room and story and calls `on.entries`, `on.show`, `on.reset` and `on.connected`. */
export function connect({ prefix, story }, on) {
  let waiting = [];
  let last = 0;
  let seen = "";
  let due = false;

  const deliver = () => {
    due = false;
    const entries = waiting;
    waiting = [];
    if (entries.length) on.entries(entries);
  };
  // A hidden tab draws no frames; there a timer keeps the picture true.
  const soon = () => {
    if (due) return;
    due = true;
    if (document.hidden) setTimeout(deliver, 200);
    else requestAnimationFrame(deliver);
  };

  const hears = {
    entry(event) {
      const entry = JSON.parse(event.data);
      seen = event.lastEventId;
      if (entry.seq <= last) return;
      last = entry.seq;
      waiting.push(entry);
      soon();
    },
    show(event) {
      const show = JSON.parse(event.data);
      deliver();
      on.show(show);
    },
    reset() {
      last = 0;
      waiting = [];
      on.reset();
    },
    open: () => on.connected(true),
    error: () => on.connected(false),
  };
  const line = () => {
    const source = new EventSource(`${prefix}/live/events?after=0&seen=${seen}&story=${encodeURIComponent(story)}`);
    for (const [name, hear] of Object.entries(hears)) source.addEventListener(name, hear);
    return source;
  };
  whileSeen(line);
}

/** Keeps the line that `open` gives while the window is seen; it takes up again where it was left. */
export function whileSeen(open) {
  let source = open();
  let unseen = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(unseen);
    if (document.hidden) unseen = setTimeout(() => { source.close(); source = null; }, UNSEEN_MS);
    else source ??= open();
  });
  addEventListener("pagehide", () => source?.close());
}

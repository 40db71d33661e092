// The live feed: server-sent events, resumed by the browser from the last journal number it saw.
//
// `entry` is one row of the journal, `show` the whole state of the player, `reset` means: forget everything.
// Entries are handed on once a frame, so that a story played in 30 ms costs one layout and not sixty.

/** Connects to the feed of the page's room and story and calls `on.entries`, `on.show`, `on.reset` and `on.connected`. */
export function connect({ prefix, story }, on) {
  let waiting = [];
  let last = 0;
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

  const source = new EventSource(`${prefix}/live/events?after=0&story=${encodeURIComponent(story)}`);
  source.addEventListener("entry", (event) => {
    const entry = JSON.parse(event.data);
    if (entry.seq <= last) return;
    last = entry.seq;
    waiting.push(entry);
    soon();
  });
  source.addEventListener("show", (event) => {
    const show = JSON.parse(event.data);
    deliver();
    on.show(show);
  });
  source.addEventListener("reset", () => {
    last = 0;
    waiting = [];
    on.reset();
  });
  source.addEventListener("open", () => on.connected(true));
  source.addEventListener("error", () => on.connected(false));
  addEventListener("pagehide", () => source.close());
  return source;
}

// Serves the rendered stage and a recorded feed, to look at the stage without a country:
//   cargo test -p web --test pages && node web/tests/preview.mjs [port]
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "../../target/tmp");
const recorded = JSON.parse(readFileSync(join(here, "fixtures/old-age-pension.json"), "utf8"));
const TYPES = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const FACE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="#f0c667"/></svg>';

let at = 0;
let state = "idle";
let delay = 600;
let timer = 0;
const windows = new Set();

function show() {
  const total = recorded.entries.length;
  const now = recorded.entries[at - 1];
  const reached = recorded.story.steps.findIndex((step) => step.id === now?.step);
  const done = state === "held";
  const marks = recorded.marks.filter((mark) => mark.after <= at);
  return {
    story: recorded.story.id, branch: "", state: at >= total ? "held" : state, note: "", step: now?.step ?? "",
    steps: recorded.story.steps.map((step, index) => ({
      ...step, state: done || index < reached ? "done" : index === reached ? "now" : "waiting",
    })),
    pace: delay ? "timed" : "play", delay_ms: delay, elapsed_ms: at * 0.49, messages: at,
    signatures: recorded.entries.slice(0, at).filter((entry) => entry.verdict === "valid").length,
    clock: "2026-10-01T08:00:00Z", persona: recorded.story.persona,
    decisions: marks.flatMap((mark) => mark.decision ?? []), phone: marks.flatMap((mark) => mark.phone ?? []),
    balance: marks.findLast((mark) => mark.balance)?.balance ?? "",
  };
}

const tell = (name, data, id) => {
  for (const window of windows) window.write(`event: ${name}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`);
};

function step() {
  if (at >= recorded.entries.length) return;
  const entry = recorded.entries[at];
  at += 1;
  if (at >= recorded.entries.length) state = "held";
  tell("entry", entry, entry.seq);
  tell("show", show());
}

function run() {
  clearTimeout(timer);
  if (state !== "playing") return tell("show", show());
  step();
  if (!delay) while (state === "playing") step();
  timer = setTimeout(run, delay);
}

const acts = {
  play: () => { if (state === "held") acts.restart(); state = "playing"; run(); },
  pause: () => { state = "paused"; run(); },
  next: () => { state = "paused"; clearTimeout(timer); step(); },
  next_step: () => { const id = recorded.entries[at]?.step; while (recorded.entries[at]?.step === id && at < recorded.entries.length) step(); },
  pace: (value) => { delay = { slow: 1500, "1x": 600, instant: 0 }[value]; run(); },
  restart: () => { at = 0; state = "idle"; clearTimeout(timer); tell("reset", {}); tell("show", show()); },
  goto: (value) => { while (at < Math.min(Number(value), recorded.entries.length)) step(); },
};

function opened(seq) {
  const entry = recorded.entries[seq - 1];
  const answer = recorded.entries.find((one) => one.of === seq);
  const more = (one) => ({
    ...one, headers: [["content-type", "application/json"], ["traceparent", "00-4bf92f35-00f067aa-01"]], spec: "DCI registry core 1.0.0, sync/search",
    body: JSON.stringify({ header: { message_id: "MSG-000017", action: "search", total_count: 1 }, message: { reg_records: [{ birth_date: "1959-02-11", death_date: null, sex: "male" }] } }),
    curl: `curl -X POST http://127.0.0.1:8080${one.path}`,
  });
  return { ...more(entry), answer: answer ? more(answer) : null };
}

createServer((req, res) => {
  const url = new URL(req.url, "http://localhost");
  const send = (type, body) => res.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
  if (url.pathname === "/live/events") {
    res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    for (const entry of recorded.entries.slice(0, at)) res.write(`event: entry\nid: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`);
    res.write(`event: show\ndata: ${JSON.stringify(show())}\n\n`);
    windows.add(res);
    req.on("close", () => windows.delete(res));
    return;
  }
  if (url.pathname.startsWith("/live/entry/")) return send("application/json", JSON.stringify(opened(Number(url.pathname.split("/").pop()))));
  if (req.method === "POST") {
    let body = "";
    req.on("data", (part) => { body += part; });
    req.on("end", () => {
      const form = new URLSearchParams(body);
      acts[form.get("do")]?.(form.get("value"));
      res.writeHead(204).end();
    });
    return;
  }
  try {
    if (url.pathname.startsWith("/static/")) return send(TYPES[extname(url.pathname)], readFileSync(join(here, "..", normalize(url.pathname))));
    if (url.pathname.startsWith("/portrait/")) return send(TYPES[".svg"], readFileSync(join(pages, url.pathname.split("/").pop()), { encoding: "utf8", flag: "r" }));
    return send(TYPES[".html"], readFileSync(join(pages, url.pathname === "/still" ? "still.html" : "stage.html")));
  } catch {
    return url.pathname.startsWith("/portrait/") ? send(TYPES[".svg"], FACE) : res.writeHead(404).end();
  }
}).listen(Number(process.argv[2] ?? 8099), "127.0.0.1");

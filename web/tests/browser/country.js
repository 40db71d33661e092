// Starts the real program on a free port, and a real browser in front of it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ARGS = [
  "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const STORIES = fileURLToPath(new URL("../stories", import.meta.url));
const PROGRAM = process.env.ARENOA ?? fileURLToPath(new URL("../../../target/debug/arenoa", import.meta.url));

/** A country with the stories for tests, or with those that come with the program. */
export async function country({ builtIn = false, people = 1500 } = {}) {
  const data = mkdtempSync(join(tmpdir(), "arenoa-browser-"));
  const options = ["serve", "--port", "0", "--people", String(people), "--data", data];
  if (!builtIn) options.push("--scenarios", STORIES);
  const program = spawn(PROGRAM, options, { stdio: ["ignore", "pipe", "inherit"] });
  const base = await new Promise((resolve, reject) => {
    let said = "";
    program.stdout.on("data", (part) => {
      said += part;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    program.on("exit", (code) => reject(new Error(`arenoa ended with ${code}: ${said}`)));
  });
  // A test that broke leaves nothing behind, and nothing keeps the run from ending.
  process.on("exit", () => { program.kill("SIGKILL"); rmSync(data, { recursive: true, force: true }); });
  program.unref();
  program.stdout.unref();
  const ready = await fetch(`${base}/ready`);
  if (!ready.ok) throw new Error(`the country is not ready: ${ready.status}`);
  const stop = () => new Promise((resolve) => {
    program.ref();
    program.removeAllListeners("exit");
    program.on("exit", () => { rmSync(data, { recursive: true, force: true }); resolve(); });
    program.kill("SIGTERM");
  });
  return { base, stop };
}

/** The browser, with windows that keep account of what they asked for and what went wrong in them. */
export async function browser() {
  const engine = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
  const open = async (address, options = {}) => {
    const context = await engine.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    const page = await context.newPage();
    const { origin } = new URL(address);
    page.setDefaultTimeout(15000);
    page.troubles = [];
    page.on("console", (line) => ["error", "warning"].includes(line.type()) && page.troubles.push(line.text()));
    page.on("pageerror", (error) => page.troubles.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) page.troubles.push(`left the machine: ${request.url()}`);
    });
    await page.goto(address);
    return page;
  };
  return { open, stop: () => engine.close() };
}

/** The words on the state badge. */
export const state = (page) => page.locator("[data-role='state']").first();

/** Waits until the state badge reads `word`: idle, playing, paused, held or broken. */
export const reaches = (page, word) => page.locator(`[data-role='state'][data-state='${word}']`).first().waitFor();

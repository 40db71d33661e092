// Starts the program in a folder of its own and on a free port, for clients that real people publish.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A running country: `base` is its address. ARENOA names the program. */
export async function startCountry() {
  const data = mkdtempSync(join(tmpdir(), 'arenoa-client-'));
  const program = spawn(process.env.ARENOA, ['--data', data, '--port', '0', '--people', '300']);
  let said = '';
  const base = await new Promise((resolve, reject) => {
    program.on('exit', (code) => reject(new Error(`the program ended with ${code}: ${said}`)));
    program.stderr.on('data', (chunk) => { said += chunk; });
    program.stdout.on('data', (chunk) => {
      said += chunk;
      const up = said.match(/Arenoa is up: (http:\S+)/);
      if (up) resolve(up[1]);
    });
  });
  program.removeAllListeners('exit');
  const stop = async () => {
    const ended = new Promise((resolve) => program.on('exit', resolve));
    program.kill('SIGINT');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { base, stop };
}

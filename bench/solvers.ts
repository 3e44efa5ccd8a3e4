import crypto, { hash, scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { type Page, chromium } from 'playwright-core';

import { readArguments } from '#platform/arguments';

import { projectRoot } from '../libs/platform/project-root.ts';
import { CHROMIUM_ARGUMENTS, findChromium } from './lib/chromium.ts';
import { median } from './lib/histogram.ts';

/** As slow as a common phone. */
const SLOWDOWN = 4;
const ROUNDS = 3;
const ROUND_MS = 1500;

/** A function that a challenge could be made of. */
interface Candidate {
  readonly name: string;
  readonly memory: string;
  /** One evaluation on Node: what a check costs the server, and a try costs a bot. */
  readonly native: () => void;
  /** JavaScript that makes a function of so many evaluations in the page; it may be asynchronous. */
  readonly page: string;
}

const SALT = Buffer.alloc(16, 7);

const scrypt = (N: number, r: number, memory: string): Candidate => ({
  name: `scrypt, N=${String(N)}, r=${String(r)}`,
  memory,
  native: () => scryptSync(String(Math.random()), SALT, 32, { N, r, p: 1 }),
  page: `async (times) => {
    const salt = new Uint8Array(16);
    for (let n = 0; n < times; n++)
      await hashwasm.scrypt({ password: String(n), salt, costFactor: ${String(N)}, blockSize: ${String(r)},
        parallelism: 1, hashLength: 32, outputType: 'binary' });
  }`,
});

const argon2id = (kibibytes: number): Candidate => ({
  name: 'Argon2id, one pass',
  memory: `${String(kibibytes)} KiB`,
  native: () => {
    const message = Buffer.from(String(Math.random()));
    crypto.argon2Sync('argon2id', {
      message,
      nonce: SALT,
      parallelism: 1,
      tagLength: 32,
      memory: kibibytes,
      passes: 1,
    });
  },
  page: `async (times) => {
    const salt = new Uint8Array(16);
    for (let n = 0; n < times; n++)
      await hashwasm.argon2id({ password: String(n), salt, memorySize: ${String(kibibytes)}, iterations: 1,
        parallelism: 1, hashLength: 32, outputType: 'binary' });
  }`,
});

const message = Buffer.alloc(36);
const CANDIDATES: readonly Candidate[] = [
  {
    name: "SHA-256, the page's own solver",
    memory: 'none',
    native: () => hash('sha256', message, 'hex'),
    page: `(times) => {
      globalThis.search ??= createSearch({ salt: 'ab'.repeat(16), nonce: 'cd'.repeat(16), keyPrefix: '00'.repeat(16) });
      search(0, times);
    }`,
  },
  scrypt(16, 1, '2 KiB'),
  scrypt(1024, 8, '1024 KiB'),
  argon2id(8),
  argon2id(64),
  argon2id(1024),
];

const PROGRAM = {
  usage: 'npm run bench:solvers',
  about: 'Measures what a bot and the page of a slow phone pay for proofs of work of several kinds. It needs Chromium.',
  options: {},
};

/** Measures what a native core and a slow phone's page pay for the functions that a challenge could be made of. */
async function main(): Promise<void> {
  readArguments(PROGRAM);
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium was found in PATH');
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  try {
    const page = await slowPage(await browser.newPage());
    const rows: Record<string, string>[] = [];
    for (const { name, memory, native, page: source } of CANDIDATES) {
      const here = median(Array.from({ length: ROUNDS }, () => nativeCost(native)));
      const there = await pageCost(page, source);
      const times = (there / here).toFixed(1);
      rows.push({
        function: name,
        memory,
        'native µs': here.toFixed(2),
        'page µs': there.toFixed(2),
        'bot : page': times,
      });
    }
    console.log(`Chromium with the CPU slowed ${String(SLOWDOWN)} times, Node ${process.version}, one core each`);
    console.table(rows);
  } finally {
    await browser.close();
  }
}

/** A page that knows the solver and hash-wasm. All runs on its own thread: Chromium slows no other. */
async function slowPage(page: Page): Promise<Page> {
  const wasm = createRequire(import.meta.url).resolve('hash-wasm/dist/index.umd.min.js');
  await page.addScriptTag({ content: readFileSync(wasm, 'utf8') });
  const solver = readFileSync(join(projectRoot(), 'web/src/voter/solver.ts'), 'utf8');
  const script = stripTypeScriptTypes(solver).replaceAll(/^export /gm, '');
  await page.addScriptTag({ content: script });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  return page;
}

/** @returns µs of CPU for one evaluation, once the compiler has seen it */
function nativeCost(evaluate: () => void): number {
  let times = 0;
  const before = process.cpuUsage();
  for (const end = performance.now() + ROUND_MS; performance.now() < end; times += 8) {
    for (let n = 0; n < 8; n++) evaluate();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

/** @returns µs for one evaluation in the page: by its clock, so others on the same core make it look dearer */
async function pageCost(page: Page, source: string): Promise<number> {
  const costs = await page.evaluate<number[]>(`(async () => {
    const evaluate = ${source};
    let times = 16;
    const timed = async () => {
      const started = performance.now();
      await evaluate(times);
      return performance.now() - started;
    };
    while ((await timed()) < ${String(ROUND_MS / 4)}) times *= 2;
    const costs = [];
    for (let round = 0; round < ${String(ROUNDS)}; round++) costs.push((1000 * (await timed())) / times);
    return costs;
  })()`);
  // the clock of a busy machine only ever adds
  return Math.min(...costs);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

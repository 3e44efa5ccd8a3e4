import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeOnServer } from '../eventstoredb-double/server-under-test.ts';
import { temporaryDirectory } from '../support/server.ts';
import { needs } from '../tools/needs.ts';
import { STACK, Stack } from './stack.ts';

/** Votes a second, and for how long: by hand, as it needs the machine for itself. */
const RATE = Number(process.env['LOAD_RATE'] ?? 0);
const SECONDS = Number(process.env['LOAD_SECONDS'] ?? 60);
const WARM_UP_SECONDS = 20;
/** From the tap to the acknowledgement, ms. */
const P99_LIMIT_MS = 100;
const LIMIT_MS = 180_000 + SECONDS * 1000;

interface Report {
  readonly unexpected: string[];
  readonly latency: { readonly p99: number };
}

const suite = (): void => {
  let stack: Stack;

  /** @returns the exit code and the report */
  async function vote(rate: number, seconds: number): Promise<{ code: number | null; report: Report }> {
    const file = join(temporaryDirectory(), 'load.json');
    const options = {
      rate: String(rate),
      duration: String(seconds),
      url: `http://127.0.0.1:${String(stack.nginx.port)}`,
      'data-dir': stack.dataDir,
      'eventstore-url': stack.stores.eventstoreUrl,
      report: file,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const load = spawn(process.execPath, ['dist/bench/load.js', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = (await once(load, 'exit')) as [number | null];
    return { code, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
  }

  beforeAll(async () => {
    stack = await Stack.start();
    // nobody meets prime time with programs that were started a moment ago
    const warmUp = await stack.openPoll();
    await vote(RATE / 2, WARM_UP_SECONDS);
    await stack.closePoll(warmUp);
    await stack.openPoll();
  }, LIMIT_MS);

  afterAll(() => stack.stop());

  it(
    `takes ${String(RATE)} votes a second for ${String(SECONDS)} s through nginx, and is exact`,
    async () => {
      const { code, report } = await vote(RATE, SECONDS);
      expect(report.unexpected).toEqual([]);
      expect(code).toBe(0);
      expect(report.latency.p99).toBeLessThanOrEqual(P99_LIMIT_MS);
    },
    LIMIT_MS,
  );
};

describeOnServer('prime time', suite, needs('prime-time', ...STACK));

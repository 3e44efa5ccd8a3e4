import { describe, expect, it } from '@jest/globals';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RecordedEvent } from '#domain';
import { SqliteEventLog, SqliteImport } from '#event-log';

import { MINUTE, NOON, record, vote } from '../domain/testing/ballot-box.ts';
import { replay } from './index.ts';
import type { SourcePage } from './poll-pages.ts';

const MILLISECONDS = 300;

/** A vote, two together much later, and one more. */
const EVENTS = record([
  vote('a'),
  vote('b', 1, { recordedAt: NOON + MINUTE }),
  vote('c', 1, { recordedAt: NOON + MINUTE }),
  vote('d', 1, { recordedAt: NOON + 2 * MINUTE }),
]);

async function* pagesOf(...pages: (readonly RecordedEvent[])[]): AsyncGenerator<SourcePage> {
  for (const events of pages) yield { events, fraction: 1 };
}

class Target {
  readonly writes: { readonly at: number; readonly revisions: string }[] = [];
  private readonly started = performance.now();

  add(events: readonly RecordedEvent[]): void {
    const revisions = events.map(({ revision }) => String(revision)).join(' ');
    this.writes.push({ at: performance.now() - this.started, revisions });
  }
}

describe('a replay', () => {
  it('keeps the rhythm, faster', async () => {
    const target = new Target();
    const speed = MINUTE / MILLISECONDS;
    expect(await replay({ pages: pagesOf(EVENTS.slice(0, 2), EVENTS.slice(2)), target, speed })).toBe(4);
    expect(target.writes.map(({ revisions }) => revisions)).toEqual(['0', '1', '2', '3']);
    const times = target.writes.map(({ at }) => at);
    // timers may be late, never early
    expect(times[1]).toBeGreaterThan(MILLISECONDS - 60);
    expect(times[3]).toBeGreaterThan(2 * MILLISECONDS - 60);
  });

  it('goes as fast as it can', async () => {
    const target = new Target();
    expect(await replay({ pages: pagesOf(EVENTS), target, speed: Infinity })).toBe(4);
    expect(target.writes.map(({ revisions }) => revisions)).toEqual(['0 1 2 3']);
  });

  it('of a log with a gap says so, and keeps what was before it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'paredao-replay-'));
    const target = SqliteImport.begin(directory, 'visible');
    const pages = pagesOf(EVENTS.slice(0, 2), EVENTS.slice(3));
    await expect(replay({ pages, target, speed: Infinity })).rejects.toMatchObject({
      code: 'invalid-import',
      message: expect.stringContaining('revision 3 at position 12 cannot follow revision 1'),
    });
    target.finish();
    const log = SqliteEventLog.openReadOnly(directory);
    expect((await log.head()).position).toBe(EVENTS[1]!.position);
    await log.close();
    rmSync(directory, { recursive: true });
  });

  it('stops in the middle of a wait when it is told to', async () => {
    const target = new Target();
    const signal = AbortSignal.timeout(100);
    expect(await replay({ pages: pagesOf(EVENTS), target, speed: 1, signal })).toBe(1);
    expect(target.writes.map(({ revisions }) => revisions)).toEqual(['0']);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type PollEvent, encodePollEvent, pollStream } from '#domain';
import { SqliteEventLog } from '#event-log';

import { lastOpenedIn, pollsOf } from './index.ts';

const at = '2026-11-23T22:00:00.000Z';
const by = 'produção';
const participants = [
  { number: 1, name: 'Aurora' },
  { number: 2, name: 'Íris' },
];

const latestPoll = async (log: SqliteEventLog) => lastOpenedIn(await pollsOf(log));

describe('the latest poll', () => {
  let directory: string;
  let log: SqliteEventLog;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'paredao-latest-'));
    log = SqliteEventLog.open(directory);
  });
  afterEach(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const decided = async (event: PollEvent): Promise<void> => {
    await log.append(pollStream(event.pollId), [{ id: randomUUID(), ...encodePollEvent(event) }], 'any');
  };
  const draft = (pollId: string) =>
    decided({ type: 'PollDrafted', pollId, title: 'Quem sai?', participants, draftedAt: at, by });
  const open = (pollId: string) =>
    decided({ type: 'PollOpened', pollId, title: 'Quem sai?', participants, openedAt: at, by });

  it('is none while nothing was opened', async () => {
    expect(await latestPoll(log)).toBeUndefined();
    await draft('1');
    expect(await latestPoll(log)).toBeUndefined();
  });

  it('is the open one, and not a draft with a higher number', async () => {
    await open('1');
    await draft('2');
    expect(await latestPoll(log)).toBe('1');
  });

  it('is the one that was opened last, whatever their numbers', async () => {
    await draft('1');
    await open('2');
    await open('1');
    expect(await latestPoll(log)).toBe('1');
  });
});

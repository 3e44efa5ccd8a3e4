import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Poll, type PollEvent, ballotBoxStream, encodePollEvent, pollStream } from '#domain';
import { EventLog, EventLogUnavailableError } from '#event-log';
import { boxDifferences, boxFactsIn, openedIn } from '#seal';
import { openNote, verifierKey, verifierOf } from '#transparency';

import { PollsUnderTest } from '../testing/polls.ts';
import { makeProgram, signingWith } from '../testing/signing-program.ts';
import type { BoxOpener } from './box-opener.ts';

const AT = '2026-11-23T22:00:00.000Z';
const BOX = ballotBoxStream('1');
const FOREIGN = { type: 'VoteCast', version: 2, data: Buffer.from('{}'), id: randomUUID() };

let polls: PollsUnderTest;
let openers: BoxOpener[];

beforeEach(async () => {
  openers = [];
  polls = new PollsUnderTest();
  await polls.pollDirectory.onApplicationBootstrap();
});
afterEach(async () => {
  for (const opener of openers) opener.onModuleDestroy();
  await polls.dispose();
});

async function start(opener = polls.openerOn(polls.log)): Promise<BoxOpener> {
  openers.push(opener);
  await opener.onApplicationBootstrap();
  return opener;
}

async function eventually(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const poll = (): Poll => polls.pollDirectory.get('1')!;
const takesVotes = (opener: BoxOpener): boolean => {
  if (polls.pollDirectory.get('1') === undefined) return false;
  try {
    opener.assertOpen(poll());
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(EventLogUnavailableError);
    return false;
  }
};
const box = () => polls.events(BOX);
const messageOf = (fields: unknown): string => (fields as { err: Error }).err.message;
const errors = () => polls.lines.filter(({ level }) => level === 'error');

describe('the ballot box of a poll', () => {
  it('is opened with what the poll is; before that it takes no votes', async () => {
    await polls.open('1');
    await eventually(() => polls.pollDirectory.get('1') !== undefined);
    const opener = polls.openerOn(polls.log, 1, 'https://voto.example');
    expect(takesVotes(opener)).toBe(false);
    await start(opener);

    expect(takesVotes(opener)).toBe(true);
    const [first, ...others] = await box();
    const opened = openedIn(first!)!;
    expect(others).toEqual([]);
    expect([...boxDifferences(opened, boxFactsIn(await polls.events(pollStream('1')))!)]).toEqual([]);
    expect(opened).toMatchObject({ origin: 'voto.example/urna/1/1', difficulty: 1000, acts: { size: 1 } });
  });

  it('is opened once by several processes, which all take votes then', async () => {
    const all = await Promise.all([1, 2, 3].map(() => start()));
    await polls.open('1');
    await eventually(() => all.every(takesVotes));

    expect(await box()).toHaveLength(1);
    expect(polls.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('is opened after the opening of the poll, whoever asks first', async () => {
    await polls.open('1');
    await eventually(() => polls.pollDirectory.get('1') !== undefined);
    const opener = polls.openerOn(polls.log);
    await Promise.all([opener.open(poll()), opener.open(poll())]);

    expect(takesVotes(opener)).toBe(true);
    expect(await box()).toHaveLength(1);
  });

  it('stays as it was opened under another name', async () => {
    await polls.open('1');
    await start(polls.openerOn(polls.log, 1, 'https://antes.example'));
    const renamed = await start(polls.openerOn(polls.log, 1, 'https://depois.example'));

    expect(takesVotes(renamed)).toBe(true);
    expect(renamed.signersOf('1')?.receipts.name).toBe('antes.example/urna/1/1/recibo');
    expect(openedIn((await box())[0]!)?.origin).toBe('antes.example/urna/1/1');
  });

  it('takes no votes of a process whose keys are others, which says so again and again', async () => {
    await polls.open('1');
    await start();
    const stranger = await start(polls.openerOn(polls.log, 2));
    await eventually(() => errors().length > 1);

    expect(takesVotes(stranger)).toBe(false);
    expect(errors()[0]).toMatchObject({ fields: { poll: '1', err: { code: 'foreign-ballot-box' } } });
    expect(await box()).toHaveLength(1);
  });

  describe('whose key is elsewhere', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const folder = mkdtempSync(join(tmpdir(), 'paredao-'));
    const command = join(folder, 'sign');
    const program = (module: string): void => makeProgram(command, module);
    const opener = (): BoxOpener => polls.openerOn(polls.log, 1, undefined, { publicKey, command });
    const SIGNS = signingWith(privateKey);

    afterAll(() => rmSync(folder, { recursive: true }));

    it('takes votes once a program has signed; until then it is ready, so that somebody can close the poll', async () => {
      program('process.exit(1)');
      await polls.open('1');
      const waiting = await start(opener());
      await eventually(() => errors().length > 0);
      expect(takesVotes(waiting)).toBe(false);
      expect(errors()[0]).toMatchObject({ fields: { err: { code: 'seal-command-failed' } } });
      for (const [, check] of polls.readiness.checks()) await check();

      program(signingWith(generateKeyPairSync('ed25519').privateKey));
      await eventually(() => errors().some(({ fields }) => messageOf(fields).includes('another key than the first')));
      program(SIGNS);
      await eventually(() => takesVotes(waiting));
      const vkey = verifierKey('paredao.local/urna', publicKey);
      expect(openNote(openedIn((await box())[0]!)!.keys, [verifierOf(vkey)]).verified).toHaveLength(1);
    });

    it('takes votes for boxes that are open while its program hangs, after a start as well', async () => {
      program(SIGNS);
      await polls.open('1');
      const before = await start(opener());
      await eventually(() => takesVotes(before));
      program('setInterval(() => {}, 1000)');
      await polls.open('2', undefined, true);
      const started = performance.now();
      const restarted = await start(opener());

      expect([takesVotes(before), takesVotes(restarted)]).toEqual([true, true]);
      // a program is given ten seconds
      expect(performance.now() - started).toBeLessThan(8000);
      for (const [, check] of polls.readiness.checks()) await check();
      await polls.close('2');
    });

    it('takes no votes that a process without that key opened it for, and says why', async () => {
      program(SIGNS);
      await polls.open('1');
      await start();
      const careful = await start(opener());
      await eventually(() => errors().length > 0);

      expect(takesVotes(careful)).toBe(false);
      expect(messageOf(errors()[0]!.fields)).toContain('SEAL_COMMAND_KEY_FILE');
    });
  });

  it('takes no votes behind anything else, and the process is not ready', async () => {
    await polls.log.append(BOX, [FOREIGN], 'no-stream');
    await polls.open('1');
    const opener = await start();
    await eventually(() => errors().length > 0);

    expect(takesVotes(opener)).toBe(false);
    expect(await box()).toHaveLength(1);
    const failing = polls.readiness.checks().filter(([name]) => name === 'ballot-box-open');
    for (const [, check] of failing) await expect(check()).rejects.toThrow('not open yet');
  });

  it('is opened by nobody who has another evidence key', async () => {
    const decision: PollEvent = {
      type: 'PollOpened',
      ...{ pollId: '1', title: 'x', openedAt: AT, by: 'a', evidenceKeyHash: '0f'.repeat(32), ballotBoxes: 1 },
      participants: ['Ana', 'Íris'].map((name, at) => ({ number: at + 1, name })),
    };
    await polls.log.append(pollStream('1'), [{ ...encodePollEvent(decision), id: randomUUID() }], 'no-stream');
    const opener = await start();
    await eventually(() => errors().length > 0);

    expect(takesVotes(opener)).toBe(false);
    expect(await box()).toEqual([]);
  });

  it('is not opened in a poll of an earlier version, which takes votes as it did', async () => {
    const participants = ['Ana', 'Íris'].map((name, at) => ({ number: at + 1, name }));
    const decision = { type: 'PollOpened', pollId: '1', title: 'x', participants, openedAt: AT, by: 'a' } as const;
    await polls.log.append(pollStream('1'), [{ ...encodePollEvent(decision), id: randomUUID() }], 'no-stream');
    const opener = await start();
    await eventually(() => takesVotes(opener));

    expect(await box()).toEqual([]);
    expect(await opener.actsOf('1')).toBeUndefined();
  });

  it('is tried again while the log is away', async () => {
    let down = true;
    const log = {
      read: (...read: Parameters<EventLog['read']>) => {
        if (down) throw new EventLogUnavailableError('gone');
        return polls.log.read(...read);
      },
      append: polls.log.append.bind(polls.log),
    } as unknown as EventLog;
    await polls.open('1');
    const opener = await start(polls.openerOn(log));
    await eventually(() => errors().length > 0);
    expect(takesVotes(opener)).toBe(false);
    down = false;

    await eventually(() => takesVotes(opener));
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { pollStream } from '#domain';
import { EventLog, EventLogUnavailableError, WrongExpectedRevisionError } from '#event-log';

import { settled } from '../testing/held-log.ts';
import { PollsUnderTest, evidenceKeys } from '../testing/polls.ts';
import { ChangePoll, CreatePoll, type PollChange } from './poll.commands.ts';
import { ChangePollHandler, CreatePollHandler } from './poll.handlers.ts';
import { PollRepository } from './poll.repository.ts';

const AT = '2026-11-23T22:00:00.000Z';

let polls: PollsUnderTest;
let creating: CreatePollHandler;
let changing: ChangePollHandler;

const open = (by = 'ana', names = ['Ana', 'Bento']): Promise<string> =>
  creating.execute(new CreatePoll({ title: 'Quem fica?', names }, by)).then(({ id }) => `opened ${id}`, codeOf);
const draft = (): Promise<string> =>
  creating
    .execute(new CreatePoll({ title: 'Quem fica?', names: ['Ana', 'Bento'] }, 'ana', true))
    .then(({ id, status }) => `${status} ${id}`, codeOf);
const rename = (pollId: string, name: string): Promise<string> =>
  changing
    .execute(new ChangePoll(pollId, { type: 'ChangeParticipant', number: 1, name, reason: 'Erro', at: AT, by: 'ana' }))
    .then(({ participants }) => participants.map((participant) => participant.name).join(), codeOf);
const change = (pollId: string, what: PollChange): Promise<string> =>
  changing.execute(new ChangePoll(pollId, what)).then(({ status }) => status, codeOf);
const close = (pollId: string): Promise<string> => change(pollId, { type: 'ClosePoll', at: AT, by: 'ana' });
const openDraft = (pollId: string): Promise<string> => change(pollId, { type: 'OpenDraft', at: AT, by: 'ana' });
const codeOf = (error: unknown): string => (error as { code: string }).code;
const typesOf = async (pollId: string): Promise<string[]> =>
  (await polls.events(pollStream(pollId))).map(({ type }) => type);

beforeEach(async () => {
  polls = new PollsUnderTest();
  await polls.pollDirectory.onApplicationBootstrap();
  creating = new CreatePollHandler(polls.repository, polls.pollDirectory, polls.boxes);
  changing = new ChangePollHandler(polls.repository, polls.pollDirectory, polls.boxes);
});
afterEach(() => polls.dispose());

describe('opening a poll', () => {
  it('numbers polls from 1', async () => {
    expect(await open()).toBe('opened 1');
    await settled();
    await close('1');
    await settled();
    expect(await open()).toBe('opened 2');
  });

  it('is refused while one is open', async () => {
    await open();
    await settled();

    expect(await open()).toBe('poll-already-open');
  });

  it('succeeds for exactly one of several administrators at once', async () => {
    const answers = await Promise.all(['ana', 'bento', 'caio'].map((by) => open(by)));

    expect(answers.toSorted()).toEqual(['opened 1', 'poll-already-open', 'poll-already-open']);
    expect(await typesOf('1')).toEqual(['PollOpened']);
  });

  it('is refused with the rule that it breaks, and leaves nothing behind', async () => {
    expect(await open('ana', ['Ana', 'Ana'])).toBe('invalid-participants');
    expect(await typesOf('1')).toEqual([]);
  });
});

describe('a poll with an event that nobody can read', () => {
  const spoil = (): Promise<unknown> => {
    const data = Buffer.from('{"pollId":"1"}');
    return polls.log.append(pollStream('1'), [{ id: randomUUID(), type: 'PollPainted', version: 1, data }], 'any');
  };
  const annul = { type: 'AnnulPoll', reason: 'Adulterado', at: AT, by: 'ana' } as const;

  it('can be annulled while it is open, which closes it', async () => {
    await open();
    await spoil();
    expect(await change('1', annul)).toBe('closed');
    expect(await typesOf('1')).toEqual(['PollOpened', 'PollPainted', 'PollClosed', 'PollAnnulled']);
  });

  it('can be noted as one that does not agree, and annulled, when it is over', async () => {
    await open();
    await close('1');
    await change('1', { type: 'SealPoll', cut: 0n, at: AT });
    await spoil();
    await change('1', { type: 'NoteFailedCheck', findings: 1, auditedAt: AT, at: AT, by: 'bia' });
    await change('1', annul);
    expect((await typesOf('1')).slice(-2)).toEqual(['ResultCheckFailed', 'PollAnnulled']);
  });

  it('can be stopped: paused, closed and sealed', async () => {
    await open();
    await spoil();
    await change('1', { type: 'PausePoll', at: AT, by: 'ana' });
    expect(await close('1')).toBe('closed');
    expect(await change('1', { type: 'SealPoll', cut: 0n, at: AT })).toBe('sealed');
    expect((await typesOf('1')).slice(1)).toEqual(['PollPainted', 'PollPaused', 'PollClosed', 'PollSealed']);
  });

  it('is changed in no other way: one would have to know what was decided', async () => {
    await open();
    await spoil();
    const proclaim = { type: 'ProclaimResult', reason: 'No ar', at: AT, by: 'ana' } as const;
    const answers = [
      await rename('1', 'Caio'),
      await change('1', { type: 'CueStage', mode: 'parcial', at: AT, by: 'a' }),
    ];
    await close('1');
    expect([...answers, await change('1', proclaim)]).toEqual(Array(3).fill('unreadable-event'));
    expect(await typesOf('1')).toEqual(['PollOpened', 'PollPainted', 'PollClosed']);
  });
});

describe('drafting a poll', () => {
  it('is possible while one is open; the draft is opened when that is over', async () => {
    await open();
    await settled();
    expect(await draft()).toBe('draft 2');
    await settled();
    expect(await openDraft('2')).toBe('poll-already-open');
    await close('1');
    await settled();
    expect(await openDraft('2')).toBe('open');
  });

  it('leaves the number of a discarded draft unused', async () => {
    await draft();
    await settled();
    expect(await change('1', { type: 'DiscardDraft', at: AT, by: 'ana' })).toBe('discarded');
    await settled();
    expect(await openDraft('1')).toBe('poll-not-found');
    expect(polls.pollDirectory.lastOpened()).toBeUndefined();
    expect(await draft()).toBe('draft 2');
  });
});

describe('a rehearsal', () => {
  const make = (rehearsal: boolean, asDraft = false): Promise<string> =>
    creating
      .execute(new CreatePoll({ title: 'Quem fica?', names: ['Ana', 'Bento'], rehearsal }, 'ana', asDraft))
      .then(({ id }) => id, codeOf);

  it.each([
    ['a real poll', false],
    ['a rehearsal', true],
  ])('and a real poll are open beside each other, whichever came first (%s)', async (_first, rehearsal) => {
    expect(await make(rehearsal)).toBe('1');
    await settled();
    expect(await make(!rehearsal)).toBe('2');
    await settled();
    for (const kind of [true, false]) expect(await make(kind)).toBe('poll-already-open');
    const [real, rehearsed] = rehearsal ? ['2', '1'] : ['1', '2'];
    expect(polls.pollDirectory.lastOpened()?.id).toBe(real);
    expect(polls.pollDirectory.lastRehearsal()?.id).toBe(rehearsed);
  });

  it('that is a draft opens beside a real poll, and waits for another rehearsal only', async () => {
    await make(false);
    await settled();
    const drafts = [await make(true, true)];
    await settled();
    drafts.push(await make(true, true));
    await settled();
    expect(await openDraft(drafts[0]!)).toBe('open');
    await settled();
    expect(await openDraft(drafts[1]!)).toBe('poll-already-open');
    await close(drafts[0]!);
    await settled();
    expect(await openDraft(drafts[1]!)).toBe('open');
  });

  it('is told from a real poll by the log itself: this process may not have heard of the draft yet', async () => {
    await make(false);
    await settled();
    // from here on this process hears of nothing
    await polls.pollDirectory.onModuleDestroy();
    const draftId = await make(true, true);
    expect(polls.pollDirectory.get(draftId)).toBeUndefined();
    expect(await openDraft(draftId)).toBe('open');
  });
});

describe('changing a poll', () => {
  it('is done once by one of two administrators who close it at once', async () => {
    await open();
    const answers = await Promise.all([close('1'), close('1')]);

    expect(answers.toSorted()).toEqual(['closed', 'poll-not-open']);
    expect(await typesOf('1')).toEqual(['PollOpened', 'PollClosed']);
  });

  it('loses no change of two administrators who rename at once', async () => {
    await open();
    const answers = await Promise.all([rename('1', 'Aurora'), rename('1', 'Alba')]);

    expect(answers.toSorted()).toEqual(['Alba,Bento', 'Aurora,Bento']);
    expect(await typesOf('1')).toEqual(['PollOpened', 'ParticipantChanged', 'ParticipantChanged']);
  });

  it('stores nothing when nothing changes', async () => {
    await open();
    expect(await rename('1', 'Ana')).toBe('Ana,Bento');
    expect(await typesOf('1')).toEqual(['PollOpened']);
  });

  it('needs a poll', async () => {
    expect(await close('7')).toBe('poll-not-found');
  });

  it('is sent again as it was when the outcome is unknown: what was stored is not done twice', async () => {
    const sent: unknown[] = [];
    const log = {
      read: polls.log.read.bind(polls.log),
      append: async (...append: Parameters<EventLog['append']>) => {
        sent.push(append);
        const result = await polls.log.append(...append);
        if (sent.length < 3) throw new EventLogUnavailableError('the answer was lost');
        return result;
      },
    } as unknown as EventLog;
    await open();
    changing = new ChangePollHandler(new PollRepository(log, evidenceKeys()), polls.pollDirectory, polls.boxes);

    expect(await close('1')).toBe('closed');
    expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    expect(await typesOf('1')).toEqual(['PollOpened', 'PollClosed']);
  });

  it('gives up when others keep being faster', async () => {
    let attempts = 0;
    const log = {
      read: polls.log.read.bind(polls.log),
      append: (stream: string) => {
        attempts++;
        return Promise.reject(new WrongExpectedRevisionError(stream, 0n, 1n));
      },
    } as unknown as EventLog;
    await open();
    changing = new ChangePollHandler(new PollRepository(log, evidenceKeys()), polls.pollDirectory, polls.boxes);

    expect(await close('1')).toBe('wrong-expected-revision');
    expect(attempts).toBe(3);
  });
});

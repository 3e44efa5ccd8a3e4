import { describe, expect, it } from '@jest/globals';

import { type PollCommand, type PollEvent, decide, decodePollEvent, encodePollEvent } from '../index.ts';
import { describePollEvent } from '../events.ts';
import { pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-23T23:00:00.000Z';
const by = 'ana';
const key = { hash: '0f'.repeat(32), hex: 'f0'.repeat(32) };
const making = { pollId: '7', title: 'Quem sai?', names: ['Ana', 'Bento'], at, by } as const;
const openDraft: PollCommand = { type: 'OpenDraft', at: later, by };

const made = (type: 'OpenPoll' | 'DraftPoll', rehearsal?: boolean): PollEvent[] =>
  decide({ type, ...making, rehearsal }, undefined, key);

describe('a rehearsal', () => {
  it('says so in its opening, and in the draft before it', () => {
    const [opened] = made('OpenPoll', true);
    expect(opened).toMatchObject({ type: 'PollOpened', rehearsal: true });
    expect(pollAfter(opened!)).toMatchObject({ status: 'open', rehearsal: true });

    const [drafted] = made('DraftPoll', true);
    const [openedLater] = decide(openDraft, pollAfter(drafted!), key);
    expect(drafted).toMatchObject({ type: 'PollDrafted', rehearsal: true });
    expect(openedLater).toMatchObject({ type: 'PollOpened', rehearsal: true });
  });

  it('opens by its schedule as one', () => {
    const draft = pollAfter(...made('DraftPoll', true));
    const schedule: PollCommand = { type: 'SchedulePoll', opensAt: later, closesAt: null, at, by };
    const scheduled = pollAfter(...made('DraftPoll', true), ...decide(schedule, draft, key));

    const events = decide({ type: 'OpenAsScheduled', at: later, scheduledFor: later }, scheduled, key);

    expect(events).toMatchObject([{ type: 'PollOpened', rehearsal: true, scheduledFor: later }]);
  });

  it('stays one whatever happens to it', () => {
    const draft = made('DraftPoll', true);
    const history: PollEvent[] = [...draft, ...decide(openDraft, pollAfter(...draft), key)];
    for (const type of ['PausePoll', 'ResumePoll', 'ClosePoll'] as const) {
      history.push(...decide({ type, at: later, by }, pollAfter(...history), key));
    }
    history.push(...decide({ type: 'SealPoll', cut: 0n, at: later }, pollAfter(...history), key));

    expect(pollAfter(...history)).toMatchObject({ status: 'sealed', rehearsal: true });
  });

  it('is stored behind everything else, and read again', () => {
    const [opened] = made('OpenPoll', true);
    const stored = encodePollEvent(opened!);

    expect(Buffer.from(stored.data).toString()).toMatch(/,"rehearsal":true,"ballotBoxes":1}$/);
    expect(decodePollEvent(stored)).toEqual(opened);
  });

  it.each(['false', '"true"', '1', 'null'])('is never said as %s', (value) => {
    const stored = encodePollEvent(made('OpenPoll', true)[0]!);
    const text = Buffer.from(stored.data).toString().replace('"rehearsal":true', `"rehearsal":${value}`);

    expect(() => decodePollEvent({ ...stored, data: Buffer.from(text) })).toThrow('PollOpened.rehearsal');
  });

  it('is called so where auditors read of it', () => {
    expect(describePollEvent(made('DraftPoll', true)[0]!)).toMatch(/^Preparou o ensaio “Quem sai\?”: Ana ou Bento/);
    expect(describePollEvent(made('OpenPoll', true)[0]!)).toMatch(/^Abriu o ensaio “Quem sai\?”: Ana ou Bento/);
  });

  it('is refused where the opening could not say so: a poll of version 1 has no place for it', () => {
    expect(refusalOf(() => decide({ type: 'OpenPoll', ...making, rehearsal: true }, undefined))).toBe(
      'evidence-key-mismatch',
    );
    expect(refusalOf(() => decide(openDraft, pollAfter(...made('DraftPoll', true))))).toBe('evidence-key-mismatch');
  });
});

describe('a real poll', () => {
  it.each([undefined, false])('says nothing of rehearsals (%s)', (rehearsal) => {
    for (const type of ['OpenPoll', 'DraftPoll'] as const) {
      const [event] = made(type, rehearsal);
      expect(event).not.toHaveProperty('rehearsal');
      expect(pollAfter(event!)).not.toHaveProperty('rehearsal');
    }
  });
});

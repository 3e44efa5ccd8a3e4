import { describe, expect, it, test } from '@jest/globals';

import {
  type Audience,
  POLICIES,
  type PollCommand,
  type PollEvent,
  type Policy,
  audienceOf,
  decide,
  decodePollEvent,
  describePollEvent,
  encodePollEvent,
  isBoxPublic,
} from '../index.ts';
import { given, pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-23T23:00:00.000Z';
const by = 'ana';
const pollId = '1';
const key = { hash: '0f'.repeat(32), hex: 'f0'.repeat(32) };
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];
const making = { pollId, title: 'Quem sai?', names: ['Ana', 'Bento'], at, by } as const;
const openDraft: PollCommand = { type: 'OpenDraft', at: later, by };
const show: PollCommand = { type: 'ShowShares', at: later, by };
const hide: PollCommand = { type: 'HideShares', at: later, by };
const shown: PollEvent = { type: 'SharesShown', pollId, shownAt: later, by };
const hidden: PollEvent = { type: 'SharesHidden', pollId, hiddenAt: later, by };
const closed: PollEvent = { type: 'PollClosed', pollId, closedAt: later, by };

const sealed: PollEvent = { type: 'PollSealed', pollId, cut: '3', sealedAt: later, evidenceKey: key.hex };
const proclaimed: PollEvent = { type: 'ResultProclaimed', pollId, proclaimedAt: later, by };
const annulled: PollEvent = { type: 'PollAnnulled', pollId, reason: 'Erro', annulledAt: later, by };

const opened = (policy?: Policy): PollEvent[] => decide({ type: 'OpenPoll', ...making, policy }, undefined, key);
const draft = (policy?: Policy): PollEvent[] => decide({ type: 'DraftPoll', ...making, policy }, undefined, key);

/** As an earlier version drafted and opened it: without a policy. */
const earlierDraft: PollEvent = { type: 'PollDrafted', pollId, title: 'Quem sai?', participants, draftedAt: at, by };
const earlier: PollEvent = {
  ...{ type: 'PollOpened', pollId, title: 'Quem sai?', participants, openedAt: at, by },
  evidenceKeyHash: key.hash,
};

describe('the policy of a poll', () => {
  it('is part of its opening, and of the draft before it', () => {
    expect(opened('no-fim')).toMatchObject([{ type: 'PollOpened', policy: 'no-fim' }]);
    expect(draft('no-fim')).toMatchObject([{ type: 'PollDrafted', policy: 'no-fim' }]);
    expect(decide(openDraft, pollAfter(...draft('no-fim')), key)).toMatchObject([{ policy: 'no-fim' }]);
  });

  it('is that of one’s own vote where nobody says another', () => {
    expect(opened()).toMatchObject([{ policy: 'depois-do-voto' }]);
    expect(draft()).toMatchObject([{ policy: 'depois-do-voto' }]);
  });

  it('of a draft that an earlier version made is that of its time', () => {
    expect(decide(openDraft, pollAfter(earlierDraft), key)).toMatchObject([{ policy: 'sempre' }]);
  });

  it('is left out of a poll of version 1', () => {
    const [event] = decide({ type: 'OpenPoll', ...making, policy: 'no-fim' }, undefined);

    expect(event).not.toHaveProperty('policy');
    expect(encodePollEvent(event!).version).toBe(1);
  });

  test.each(POLICIES)('%s is stored and read again, and auditors can read it', (policy) => {
    const changed: PollEvent = { type: 'PolicyChanged', pollId, policy, changedAt: later, by };
    for (const event of [...opened(policy), ...draft(policy), changed]) {
      expect(decodePollEvent(encodePollEvent(event))).toEqual(event);
      expect(describePollEvent(event)).toContain('parcial');
    }
  });

  it('that nobody knows makes an event that cannot be read', () => {
    const strange = encodePollEvent({ type: 'PolicyChanged', pollId, policy: 'nunca' as Policy, changedAt: later, by });

    expect(() => decodePollEvent(strange)).toThrow('PolicyChanged.policy');
  });

  it('changes while the poll is a draft, and not once people vote', () => {
    const change: PollCommand = { type: 'DescribeDraft', policy: 'sob-comando', at: later, by };

    given(...draft())
      .when(change)
      .then({ type: 'PolicyChanged', pollId, policy: 'sob-comando', changedAt: later, by });
    given(...draft('sob-comando'))
      .when(change)
      .thenNothing();
    given(...opened())
      .when(change)
      .thenRefuses('poll-not-draft');
  });
});

describe('who may see the shares', () => {
  const audience = (...history: PollEvent[]): Audience => audienceOf(pollAfter(...history)!);

  test.each<[Policy, Audience]>([
    ['sempre', 'everybody'],
    ['depois-do-voto', 'voters'],
    ['no-fim', 'nobody'],
    ['sob-comando', 'nobody'],
  ])('of an open poll, %s: %s', (policy, expected) => {
    expect(audience(...opened(policy))).toBe(expected);
  });

  it('is everybody for polls of earlier versions, open or over', () => {
    expect(audience(earlier)).toBe('everybody');
    expect(audience(earlier, closed)).toBe('everybody');
  });

  it.each(POLICIES)(
    'of a poll that is over, %s, is nobody until the result is proclaimed, and never of one that is annulled',
    (policy) => {
      const over = [...opened(policy), closed, sealed];

      expect(audience(...opened(policy), closed)).toBe('nobody');
      expect(audience(...over)).toBe('nobody');
      expect(audience(...over, proclaimed)).toBe('everybody');
      expect(audience(...over, proclaimed, annulled)).toBe('nobody');
    },
  );

  it('of a poll on cue that is closed while they are shown is nobody', () => {
    expect(audience(...opened('sob-comando'), shown, closed)).toBe('nobody');
  });

  it('follows the cues', () => {
    expect(audience(...opened('sob-comando'), shown)).toBe('everybody');
    expect(audience(...opened('sob-comando'), shown, hidden)).toBe('nobody');
  });
});

describe('the ballot box', () => {
  const THREE_DAYS_MS = 72 * 3_600_000;
  const isPublic = (now: number, ...history: PollEvent[]): boolean => isBoxPublic(pollAfter(...history)!, now);
  const end = Date.parse(later);

  it('is published with the result, or with the annulment', () => {
    const over = [...opened('sempre'), closed, sealed];

    expect([isPublic(end, ...opened('sempre')), isPublic(end, ...draft()), isPublic(end, ...over)]).toEqual([
      ...[false, false, false],
    ]);
    expect(isPublic(end, ...over, proclaimed)).toBe(true);
    expect(isPublic(end, ...opened(), closed, annulled)).toBe(true);
    expect(isPublic(end, ...over, proclaimed, annulled)).toBe(true);
  });

  it('is published 72 hours after the closing, whatever becomes of the result', () => {
    for (const over of [
      [...opened(), closed],
      [...opened(), closed, sealed],
    ]) {
      expect(isPublic(end + THREE_DAYS_MS - 1, ...over)).toBe(false);
      expect(isPublic(end + THREE_DAYS_MS, ...over)).toBe(true);
    }
    expect(isPublic(end + 10 * THREE_DAYS_MS, ...opened())).toBe(false);
  });
});

describe('the cue', () => {
  it('shows and hides, once', () => {
    given(...opened('sob-comando'))
      .when(show)
      .then(shown);
    given(...opened('sob-comando'))
      .when(hide)
      .thenNothing();
    given(...opened('sob-comando'), shown)
      .when(show)
      .thenNothing();
    given(...opened('sob-comando'), shown)
      .when(hide)
      .then(hidden);
  });

  it('is for polls on cue that are open', () => {
    for (const cue of [show, hide]) {
      for (const policy of ['sempre', 'depois-do-voto', 'no-fim'] as const) {
        given(...opened(policy))
          .when(cue)
          .thenRefuses('shares-not-on-cue');
      }
      given(...opened('sob-comando'), closed)
        .when(cue)
        .thenRefuses('poll-not-open');
      given(earlier).when(cue).thenRefuses('shares-not-on-cue');
      expect(refusalOf(() => decide(cue, undefined))).toBe('poll-not-found');
    }
  });

  it('is stored and read again', () => {
    for (const cue of [shown, hidden]) expect(decodePollEvent(encodePollEvent(cue))).toEqual(cue);
    expect(describePollEvent(shown)).toBe('Mostrou a parcial ao público');
  });
});

import { describe, expect, it } from '@jest/globals';

import {
  MAX_REASON_LENGTH,
  type PollCommand,
  type PollEvent,
  decide,
  decodePollEvent,
  describePollEvent,
  encodePollEvent,
  isProclaimed,
  stateOf,
} from '../index.ts';
import { given, pollAfter } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-23T23:00:00.000Z';
const pollId = '3';
const commitment = `v2-${'0f'.repeat(32)}@2+41`;
const count = { votes: 41, digest: 'c0'.repeat(32) };
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];

const drafted: PollEvent = { type: 'PollDrafted', pollId, title: 't', participants, draftedAt: at, by: 'ana' };
const policy = 'sempre';
const opened: PollEvent = { type: 'PollOpened', pollId, title: 't', participants, openedAt: at, by: 'ana', policy };
const ofEarlierVersion: PollEvent = { type: 'PollOpened', pollId, title: 't', participants, openedAt: at, by: 'ana' };
const closed: PollEvent = { type: 'PollClosed', pollId, closedAt: later, by: 'ana' };
const sealed: PollEvent = { type: 'PollSealed', pollId, cut: '41', sealedAt: later };
const over = [opened, closed, sealed];
const checked: PollEvent = {
  ...{ type: 'ResultChecked', pollId, commitment, fold: count, sql: count, checkedAt: later, by: 'rui' },
  auditedAt: later,
};
const failed: PollEvent = { type: 'ResultCheckFailed', pollId, findings: 2, checkedAt: later, by: 'rui' };
const proclaimed: PollEvent = { type: 'ResultProclaimed', pollId, proclaimedAt: later, by: 'ana' };
const unchecked: PollEvent = { ...proclaimed, reason: 'O auditor ficou sem conexão.' };
const annulled: PollEvent = { type: 'PollAnnulled', pollId, reason: 'Nome errado.', annulledAt: later, by: 'ana' };

const soon = '2026-11-23T23:01:00.000Z';
const sign = (auditedAt = later, by = 'rui'): PollCommand => ({
  ...({ type: 'SignCheck', commitment, fold: count, sql: count, auditedAt, at: later, by } as const),
});
const noteFailure = (auditedAt = soon): PollCommand => ({
  ...({ type: 'NoteFailedCheck', findings: 2, auditedAt, at: later, by: 'rui' } as const),
});
const proclaim = (reason?: string): PollCommand => ({ type: 'ProclaimResult', reason, at: later, by: 'ana' });
const annul = (reason = 'Nome errado.'): PollCommand => ({ type: 'AnnulPoll', reason, at: later, by: 'ana' });
const close: PollCommand = { type: 'ClosePoll', at: later, by: 'ana' };

describe('the result of a closed poll', () => {
  it('is checked, then proclaimed: the poll says how far it has come', () => {
    given(...over)
      .when(sign())
      .then(checked);
    given(...over, checked)
      .when(proclaim())
      .then(proclaimed);

    expect(stateOf(pollAfter(...over)!)).toBe('sealed');
    expect(stateOf(pollAfter(...over, checked)!)).toBe('checked');
    expect(stateOf(pollAfter(...over, checked, proclaimed)!)).toBe('proclaimed');
    expect(pollAfter(...over, checked, proclaimed)).toMatchObject({
      checked: { at: later, by: 'rui', commitment, votes: 41 },
      proclaimedAt: later,
      proclaimedBy: 'ana',
    });
  });

  it('is signed once by two auditors at once; two signatures of different things are a check that failed', () => {
    const other = { ...sign(soon, 'lia'), commitment: `v2-${'f0'.repeat(32)}@2+41` } as PollCommand;
    const miscounted = { ...sign(soon, 'lia'), fold: { ...count, votes: 40 } } as PollCommand;
    given(...over, checked)
      .when(sign(soon, 'lia'))
      .thenNothing();
    for (const contradiction of [other, miscounted])
      given(...over, checked)
        .when(contradiction)
        .then({ ...failed, findings: 1, by: 'lia' });
    // a later release may commit in another form
    const later3 = `v3-${'f0'.repeat(32)}`;
    given(...over, checked)
      .when({ ...sign(soon, 'lia'), commitment: later3 } as PollCommand)
      .then({ ...checked, commitment: later3, by: 'lia', auditedAt: soon });
  });

  it('is proclaimed without a check only with a reason, which stays for ever', () => {
    for (const reason of [undefined, '', ' ', 'x'.repeat(MAX_REASON_LENGTH + 1)]) {
      given(...over)
        .when(proclaim(reason))
        .thenRefuses('invalid-reason');
    }
    given(...over)
      .when(proclaim(' O auditor ficou  sem conexão. '))
      .then(unchecked);

    expect(pollAfter(...over, unchecked, checked)).toMatchObject({ uncheckedBecause: 'O auditor ficou sem conexão.' });
  });

  it('needs no reason where it was checked, and keeps none', () => {
    given(...over, checked)
      .when(proclaim('Por via das dúvidas'))
      .then(proclaimed);
  });

  it('needs a reason again once a later check fails, and none once a check agrees again', () => {
    given(...over, checked)
      .when(noteFailure())
      .then(failed);
    given(...over, checked, failed)
      .when(proclaim())
      .thenRefuses('invalid-reason');
    given(...over, failed, checked)
      .when(proclaim())
      .then(proclaimed);

    expect(pollAfter(...over, checked, failed)).not.toHaveProperty('checked');
    expect(pollAfter(...over, failed, checked)).not.toHaveProperty('checkFailed');
    expect(stateOf(pollAfter(...over, checked, failed)!)).toBe('sealed');
  });

  it('is not signed with an audit from before one that failed, and a failure from before a signature is nothing', () => {
    given(...over, failed)
      .when(sign(later))
      .thenRefuses('check-outdated');
    given(...over, failed)
      .when(sign(soon))
      .then({ ...checked, auditedAt: soon });
    given(...over, checked)
      .when(noteFailure(later))
      .thenNothing();
    given(...over, failed)
      .when(noteFailure(later))
      .thenNothing();
  });

  it('stands no more when an audit failed after the one that was signed, even if before the signature', () => {
    const [first, between] = ['2026-11-23T22:50:00.000Z', '2026-11-23T22:55:00.000Z'];
    const signed = { ...checked, auditedAt: first } as const;
    given(...over)
      .when(sign(first))
      .then(signed);
    given(...over, signed)
      .when(noteFailure(between))
      .then(failed);
    given(...over, signed)
      .when(noteFailure(first))
      .thenNothing();
    given(...over, { ...checked, auditedAt: undefined } as unknown as PollEvent)
      .when(noteFailure(between))
      .thenNothing();
  });

  describe('of which two hosts with different clocks made audits', () => {
    const [early, late] = ['2026-11-23T20:00:00.000Z', '2026-11-24T01:00:00.000Z'];
    const signed = { ...checked, auditedAt: late, acts: 3 } as const;
    const noted = { ...failed, acts: 3 } as const;
    const having = (acts: number, command: PollCommand): PollCommand => ({ ...command, acts }) as PollCommand;

    it('stands no more when an audit failed that had read as much, or more, whatever its clock said', () => {
      for (const acts of [3, 4])
        given(...over, signed)
          .when(having(acts, noteFailure(early)))
          .then({ ...failed, acts });
      given(...over, { ...signed, acts: 4 })
        .when(having(3, noteFailure(late)))
        .thenNothing();
    });

    it('is signed only with an audit that had read of the failure', () => {
      given(...over, noted)
        .when(having(3, sign(late)))
        .thenRefuses('check-outdated');
      given(...over, noted)
        .when(having(4, sign(early)))
        .then({ ...checked, auditedAt: early, acts: 4 });
      given(...over, noted)
        .when(having(3, noteFailure(late)))
        .thenNothing();
    });

    it('is signed after a contradiction only with an audit that had read of it', () => {
      const other = having(3, { ...sign(late, 'lia'), commitment: `v2-${'f0'.repeat(32)}@2+41` } as PollCommand);
      const contradicted = { ...failed, findings: 1, by: 'lia', acts: 4 } as const;
      given(...over, signed)
        .when(other)
        .then(contradicted);
      given(...over, signed, contradicted)
        .when(having(4, sign(late)))
        .thenRefuses('check-outdated');
      given(...over, signed, contradicted)
        .when(having(5, sign(early)))
        .then({ ...signed, auditedAt: early, acts: 5 });
    });

    it('goes by their times where an earlier version noted one of them', () => {
      given(...over, checked)
        .when(having(4, noteFailure(early)))
        .thenNothing();
      given(...over, failed)
        .when(having(4, sign(early)))
        .thenRefuses('check-outdated');
    });
  });

  it('is signed once and proclaimed once, by however many', () => {
    given(...over, checked)
      .when(sign(later, 'outra'))
      .thenNothing();
    given(...over, checked, proclaimed)
      .when(proclaim())
      .thenNothing();
  });

  it('may be checked after it was proclaimed: that changes nothing of how it was', () => {
    given(...over, unchecked)
      .when(sign())
      .then(checked);

    expect(stateOf(pollAfter(...over, unchecked, checked)!)).toBe('proclaimed');
  });

  it('of an earlier version counts as proclaimed, with nobody saying so', () => {
    const poll = pollAfter(ofEarlierVersion, closed, sealed)!;

    expect([stateOf(poll), isProclaimed(poll)]).toEqual(['proclaimed', true]);
    expect(poll).not.toHaveProperty('proclaimedAt');
    given(ofEarlierVersion, closed, sealed).when(proclaim()).thenNothing();
    given(ofEarlierVersion, closed, sealed).when(sign()).then(checked);
    given(ofEarlierVersion, closed, sealed).when(annul()).then(annulled);
    expect(isProclaimed(pollAfter(ofEarlierVersion, closed, sealed, annulled)!)).toBe(false);
  });

  it.each([sign(), noteFailure(), proclaim('x')])('has to be there: $type', (command) => {
    given().when(command).thenRefuses('poll-not-found');
    given(drafted).when(command).thenRefuses('poll-not-closed');
    given(opened).when(command).thenRefuses('poll-not-closed');
    given(opened, closed).when(command).thenRefuses('poll-not-counted');
    given(...over, annulled)
      .when(command)
      .thenRefuses('poll-annulled');
  });
});

describe('a poll that went wrong', () => {
  it('is annulled with a reason, also after its result was proclaimed', () => {
    for (const history of [[opened, closed], over, [...over, checked], [...over, checked, proclaimed]]) {
      given(...history)
        .when(annul())
        .then(annulled);
    }
    given(...over)
      .when(annul(' '))
      .thenRefuses('invalid-reason');

    const poll = pollAfter(...over, checked, proclaimed, annulled)!;
    expect(poll.annulled).toEqual({ at: later, by: 'ana', reason: 'Nome errado.' });
    expect([stateOf(poll), isProclaimed(poll)]).toEqual(['annulled', false]);
  });

  it('is closed with it while it is open, paused or not', () => {
    const paused: PollEvent = { type: 'PollPaused', pollId, pausedAt: later, by: 'ana' };
    for (const history of [[opened], [opened, paused]]) {
      given(...history)
        .when(annul())
        .then(closed, annulled);
    }
    given(opened, closed, annulled).when(close).thenRefuses('poll-not-open');
  });

  it('is sealed like any other: its log can be audited', () => {
    given(opened, closed, annulled).when({ type: 'SealPoll', cut: 41n, at: later }).then(sealed);
  });

  it('stays annulled for the reason that was given first', () => {
    given(...over, annulled)
      .when(annul('Outro motivo'))
      .thenNothing();
  });

  it('is no draft, which is discarded', () => {
    given(drafted).when(annul()).thenRefuses('poll-not-open');
    given().when(annul()).thenRefuses('poll-not-found');
  });

  it('is named by the poll that is held in its place, from the draft to the opening', () => {
    const making = { pollId: '4', title: 't', names: ['Ana', 'Bento'], replaces: '3', at, by: 'ana' } as const;
    const key = { hash: '0f'.repeat(32), hex: 'f0'.repeat(32) };
    const draft = decide({ type: 'DraftPoll', ...making }, undefined, key);
    const opening = decide({ type: 'OpenDraft', at: later, by: 'ana' }, pollAfter(...draft), key);

    expect(pollAfter(...draft)?.replaces).toBe('3');
    expect(opening).toMatchObject([{ type: 'PollOpened', replaces: '3' }]);
    expect(opening.map(describePollEvent)).toEqual([
      'Abriu o paredão “t”: Ana ou Bento, parcial para quem já votou, no lugar do paredão 3, anulado',
    ]);
    expect(opening.map(encodePollEvent).map(decodePollEvent)).toEqual(opening);
  });
});

it('is told to auditors, and comes back from the log as it was', () => {
  const ofToday = [checked, failed].map((event) => ({ ...event, acts: 3 }));
  expect(ofToday.map(encodePollEvent).map(decodePollEvent)).toEqual(ofToday);

  const events = [checked, failed, proclaimed, unchecked, annulled];

  expect(events.map(encodePollEvent).map(decodePollEvent)).toEqual(events);
  expect(events.map(describePollEvent)).toEqual([
    `Assinou a conferência: 41 votos, compromisso ${commitment}`,
    'Registrou que a conferência não confere: 2 diferença(s)',
    'Proclamou o resultado',
    'Proclamou o resultado sem conferência: O auditor ficou sem conexão.',
    'Anulou o paredão: Nome errado.',
  ]);
});

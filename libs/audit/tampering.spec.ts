import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { TallySnapshot } from '#domain';
import { digestOf } from '#read-model';

import { HOUR, voteIdOf } from '../domain/testing/ballot-box.ts';
import { BOX, CUT, DUPLICATE, EXPIRED, IN_BOX, LATE, REPLACE, Voted, failuresOf } from './testing/voted.ts';

/** Who can write to the files of a service changes something there. Every audit but the first must name it. */
let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from();
});
afterEach(() => voted.dispose());

describe('the log as it is', () => {
  it('agrees with everything', async () => {
    const report = await voted.audit();
    expect(failuresOf(report)).toEqual({});
    expect(report).toMatchObject({ agrees: true, poll: { status: 'sealed' }, partial: false });
    expect(report.counts).toEqual({
      events: 16,
      revision: '15',
      votes: [8, 4],
      hours: { '2026-11-23T12': [2, 2], '2026-11-23T13': [3, 1], '2026-11-23T14': [3, 1] },
      duplicates: 1,
      late: 1,
      expired: 1,
      quarantined: 0,
      cuts: 1,
      cut: String(CUT),
    });
    expect(report.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'source skipped',
      'order ok',
      'ids ok',
      'bytes ok',
      'times ok',
      'closing ok',
      'sums ok',
      'independent ok',
      'read-model ok',
      'published skipped',
      'commitment skipped',
    ]);
  });

  it('is read as it was at any position and time', async () => {
    const { events } = voted;
    const sixth = events.findIndex(({ stream, revision }) => stream === BOX && revision === 5n);
    for (const until of [{ position: events[sixth]!.position }, { time: events[sixth]!.recordedAt }]) {
      const report = await voted.audit({ until });
      expect(report.counts).toMatchObject({ revision: '5', votes: [4, 2] });
      expect(report).toMatchObject({ partial: true, agrees: true, poll: { status: 'open' } });
      expect(report.checks.find(({ id }) => id === 'read-model')).toMatchObject({ outcome: 'skipped' });
    }
  });
});

/** Changes the stored tally as somebody would who knows how a digest is made. */
function changeTally(change: (snapshot: TallySnapshot) => Partial<TallySnapshot>): void {
  const tally = snapshotOf();
  const snapshot = { ...tally, ...change(tally) };
  const sql = 'UPDATE version_tallies SET snapshot = ?, digest = ?';
  voted.tamperTally(sql, JSON.stringify(snapshot), digestOf(snapshot));
}

let stored: TallySnapshot;
const snapshotOf = (): TallySnapshot => stored;

describe('the read model', () => {
  beforeEach(async () => {
    const { SqliteReadModel } = await import('#read-model');
    const readModel = SqliteReadModel.open(voted.directory);
    stored = (await (await readModel.current()).load('paredao-1'))!.snapshot;
    await readModel.close();
  });

  it.each<[string, (snapshot: TallySnapshot) => Partial<TallySnapshot>, RegExp]>([
    [
      'a count',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one + 1, two] }),
      /participante 1: 9 guardado, 8 recontado/,
    ],
    [
      'votes that changed sides',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one - 1, two + 1] }),
      /participante 2: 5/,
    ],
    [
      'an hour',
      ({ hours }) => ({ hours: { ...hours, '2026-11-23T12': [3, 1] } }),
      /hora 2026-11-23T12h UTC: 3 \+ 1 guardado, 2 \+ 2 recontado/,
    ],
    [
      'a duplicate counted twice',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one + 1, two], duplicates: 0 }),
      /duplicados: 0/,
    ],
    ['a late vote counted', ({ votes: [one = 0, two = 0] }) => ({ votes: [one, two + 1], late: 0 }), /atrasados: 0/],
    [
      'an expired vote counted',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one + 1, two], expired: 0 }),
      /expirados: 0/,
    ],
    ['the cut', () => ({ cut: '99' }), /revisão do corte: 99/],
    ['the last revision', () => ({ revision: '99' }), /última revisão: 99/],
    ['something quarantined', () => ({ quarantined: 1 }), /em quarentena: 1 guardado, 0 recontado/],
    ['a name', ({ poll }) => ({ poll: { ...poll!, title: 'Quem fica?' } }), /votação: .*Quem fica/],
    ['a minute', ({ minutes }) => ({ minutes: { ...minutes, '2026-11-23T14:00': [7, 7] } }), /minutos: /],
  ])('with %s changed is found', async (_, change, named) => {
    changeTally(change);
    const failures = failuresOf(await voted.audit());
    expect(Object.keys(failures)).toEqual(['read-model']);
    expect(failures['read-model']?.join('\n')).toMatch(named);
  });

  it('with a digest of its own is found', async () => {
    voted.tamperTally('UPDATE version_tallies SET digest = ?', '0'.repeat(64));
    expect(failuresOf(await voted.audit())['read-model']).toEqual([expect.stringContaining('não é o dos números')]);
  });

  it('that lost its tally is found', async () => {
    voted.tamperTally('DELETE FROM version_tallies');
    expect(failuresOf(await voted.audit())['read-model']).toEqual([expect.stringContaining('não guardou nenhuma')]);
  });
});

describe('the log in a SQLite file', () => {
  it.each<[what: string, tamper: () => void, check: string, named: RegExp]>([
    ['a vote removed', () => voted.tamper(`DELETE FROM events ${IN_BOX}`, 5), 'order', /falta a revisão 5$/],
    [
      'a vote removed and the gap closed',
      () => {
        voted.tamper(`DELETE FROM events ${IN_BOX}`, LATE);
        voted.tamperTally(`UPDATE version_tallies SET position = position`);
      },
      'read-model',
      /última revisão: 15 guardado, 14 recontado/,
    ],
    [
      'the end cut off',
      () => voted.tamper('DELETE FROM events WHERE position > 30'),
      'read-model',
      /participante 1: 8 guardado, 6 recontado/,
    ],
    [
      'a vote added',
      () =>
        voted.tamper(
          `INSERT INTO events SELECT max(position) + 1, stream, max(revision) + 1, recorded_at, id, type, version, data
           FROM events ${IN_BOX.replace('revision = ?', 'revision >= ?')}`,
          0,
        ),
      'read-model',
      /última revisão: 15 guardado, 16 recontado/,
    ],
    [
      'the participant of a vote changed',
      () => voted.tamper(REPLACE, '"participantId":1', '"participantId":2', 1),
      'read-model',
      /participante 1: 8 guardado, 7 recontado/,
    ],
    [
      'a participant that does not exist',
      () => voted.tamper(REPLACE, '"participantId":1', '"participantId":3', 1),
      'bytes',
      /votes-paredao-1, revisão 1: voto para participante que não existe/,
    ],
    [
      'a vote moved to another hour',
      () => voted.tamper(REPLACE, 'T13:00', 'T14:00', 4),
      'times',
      /revisão 4: voto de 2026-11-23T14:00/,
    ],
    [
      'a vote moved to another hour with its challenge',
      () =>
        voted.tamper(
          REPLACE.replace('replace(', 'replace(replace(').replace('?, ?)', `?, ?), 'T13:05', 'T14:05')`),
          'T13:00',
          'T14:00',
          4,
        ),
      'times',
      /revisão 4: voto de 2026-11-23T14:00/,
    ],
    [
      'white space',
      () => voted.tamper(REPLACE, ',"castAt"', ', "castAt"', 6),
      'bytes',
      /revisão 6: não está na forma canônica/,
    ],
    ['a field more', () => voted.tamper(REPLACE, '}}', '},"by":"x"}', 6), 'bytes', /revisão 6: não está na forma/],
    [
      'another type',
      () => voted.tamper(`UPDATE events SET type = 'VoteMoved' ${IN_BOX}`, 6),
      'bytes',
      /revisão 6: unknown event VoteMoved v1/,
    ],
    [
      'another version',
      () => voted.tamper(`UPDATE events SET version = 3 ${IN_BOX}`, 6),
      'bytes',
      /revisão 6: unknown event VoteCast v3/,
    ],
    [
      'an event id that is none',
      () => voted.tamper(`UPDATE events SET id = 'x' ${IN_BOX}`, 6),
      'ids',
      /revisão 6: "x" não é um UUID/,
    ],
    [
      'the id of a vote changed, so that it counts twice',
      () => voted.tamper(REPLACE, voteIdOf('v11'), voteIdOf('v99'), DUPLICATE),
      'read-model',
      /duplicados: 1 guardado, 0 recontado/,
    ],
    [
      'a vote made to look like one that was counted',
      () => voted.tamper(REPLACE, voteIdOf('v5'), voteIdOf('v4'), 5),
      'read-model',
      /duplicados: 1 guardado, 2 recontado/,
    ],
    [
      'a later recorded time',
      () => voted.tamper(`UPDATE events SET recorded_at = recorded_at + ${HOUR} ${IN_BOX}`, 5),
      'order',
      /revisão 6: registrado em 2026-11-23T13:02:01.000Z, antes do anterior \(2026-11-23T14:01:01/,
    ],
    [
      'an earlier recorded time, so that an expired vote counts',
      () => voted.tamper(`UPDATE events SET recorded_at = recorded_at - ${HOUR / 10} ${IN_BOX}`, EXPIRED),
      'read-model',
      /expirados: 1 guardado, 0 recontado/,
    ],
    [
      'two votes swapped in the order',
      () => {
        voted.tamper(`UPDATE events SET revision = -1 ${IN_BOX}`, 5);
        voted.tamper(`UPDATE events SET revision = 5 ${IN_BOX}`, 6);
        voted.tamper(`UPDATE events SET revision = 6 ${IN_BOX}`, -1);
      },
      'order',
      /revisão 6: a posição \d+ vem depois da \d+/,
    ],
    [
      'the cut removed',
      () => voted.tamper(`DELETE FROM events ${IN_BOX}`, CUT),
      'closing',
      /o lacre aponta o corte na revisão 14/,
    ],
    [
      'the cut removed, so that a late vote counts',
      () => voted.tamper(`DELETE FROM events ${IN_BOX}`, CUT),
      'read-model',
      /atrasados: 1 guardado, 0/,
    ],
    [
      'the cut moved behind a late vote',
      () => {
        voted.tamper(`UPDATE events SET revision = -1 ${IN_BOX}`, CUT);
        voted.tamper(`UPDATE events SET revision = 14 ${IN_BOX}`, LATE);
        voted.tamper(`UPDATE events SET revision = 15 ${IN_BOX}`, -1);
      },
      'closing',
      /o lacre aponta o corte na revisão 14/,
    ],
    [
      'a cut put in while the poll was open',
      () =>
        voted.tamper(
          `UPDATE events SET type = 'BallotBoxClosed', data = (SELECT data FROM events WHERE type = 'BallotBoxClosed') ${IN_BOX}`,
          8,
        ),
      'closing',
      /revisão 8: a urna foi fechada com a votação open/,
    ],
    [
      'the closing of another poll',
      () => voted.tamper(REPLACE, 'paredao-1', 'paredao-2', CUT),
      'bytes',
      /revisão 14: BallotBoxClosed não está na forma canônica/,
    ],
    [
      'a decision that is not canonical',
      () =>
        voted.tamper(
          `UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '","by"', '" ,"by"') AS BLOB) WHERE type = 'PollClosed'`,
        ),
      'bytes',
      /poll-paredao-1, revisão 1: PollClosed não está na forma canônica/,
    ],
    [
      'a poll that was never closed',
      () => voted.tamper(`DELETE FROM events WHERE type = 'PollClosed'`),
      'closing',
      /revisão 14: a urna foi fechada com a votação open/,
    ],
    [
      'a poll that was never opened',
      () => voted.tamper(`DELETE FROM events WHERE type = 'PollOpened'`),
      'closing',
      /revisão 0: voto antes da abertura/,
    ],
  ])('with %s is found', async (_, tamper, check, named) => {
    tamper();
    const report = await voted.audit();
    expect(report.agrees).toBe(false);
    expect(failuresOf(report)[check]?.join('\n')).toMatch(new RegExp(named.source, 'm'));
    // both recounts read the same log: whatever was done to it, they agree
    expect(failuresOf(report)).not.toHaveProperty('independent');
  });
});

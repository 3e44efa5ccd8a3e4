import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Boletim, Zeresima } from '#contract';
import { Boletim as BoletimSchema } from '#contract';
import { FIRST_BOX, checkpointStream } from '#domain';
import { Environment } from '#platform';
import type { PollTally } from '#read-model';
import { type SealedCheckpoint, type SealedLog, encodeCheckpointSigned, encodeWitnessOverruled } from '#seal';
import { cosigner, formatCheckpoint, parseNote, signNote, signatureLine, verifierKey } from '#transparency';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

import { act, recorded, sealed, wholePoll } from '../../../libs/audit/testing/sealed-poll.ts';
import { newKey } from '../../../libs/witness/testing/signed-log.ts';
import { boletimPaper } from './boletim-paper.ts';
import { Boletins } from './boletins.ts';
import { PublishedLogs } from './published-logs.ts';
import { POLL, PublishedPoll } from './testing/published-poll.ts';
import { UrnaWitnesses } from './urna-witnesses.ts';
import { zeresimaPaper } from './zeresima-paper.ts';
import { Zeresimas } from './zeresimas.ts';

const ADDRESS = 'https://voto.example/urna/paredao-1/boletim';
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);

let poll: PublishedPoll;
let tally: PollTally;
let boletins: Boletins;

beforeAll(async () => {
  poll = await PublishedPoll.of(24);
  tally = (await (await poll.readModel.current()).load('paredao-1')) as PollTally;
  boletins = boletinsWith({});
});
afterAll(() => poll.dispose());

function boletinsWith(settings: Partial<Environment>): Boletins {
  const witnesses = new UrnaWitnesses(Object.assign(new Environment(), settings));
  return new Boletins(poll.urnas(), poll.published(witnesses), witnesses);
}

const boletim = (change: Partial<PollTally['snapshot']> = {}): Promise<Boletim> =>
  boletins.of({ ...tally, snapshot: { ...tally.snapshot, ...change } }, ADDRESS);
const ANNULLED = { at: '2026-11-23T16:00:00.000Z', by: 'ana', reason: 'Nome <errado>' };

/** As it is in the second after an act: its acts lack the last one. */
class Behind extends PublishedLogs {
  override async checkpoint(log: SealedLog, keptMs?: number): Promise<SealedCheckpoint> {
    const checkpoint = await super.checkpoint(log, keptMs);
    return log.name.endsWith('/atos') ? { ...checkpoint, size: checkpoint.size - 1 } : checkpoint;
  }
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'found',
    (error: unknown) => (error as { code: string }).code,
  );

describe('a boletim', () => {
  it('has the form that it is declared to have, and the counts of the tally', async () => {
    const said = await boletim();

    expect([ajv.validate(BoletimSchema, said), ajv.errorsText()]).toEqual([true, 'No errors']);
    expect(said).toMatchObject({ total: 24, corte: 25, urna: { folhas: 27 }, na_urna: { contados: 24, atrasados: 1 } });
  });

  it('is made once the last vote is counted', async () => {
    const { poll: over } = tally.snapshot;

    expect(await codeOf(boletim({ cut: null }))).toBe('poll-not-counted');
    expect(await codeOf(boletim({ cut: null, poll: { ...over, status: 'open' } }))).toBe('poll-not-closed');
    expect(await codeOf(boletim({ cut: '27' }))).toBe('urna-not-sealed');
    expect(await codeOf(boletim({ cut: '26' }))).toBe('found');
  });

  it('says nothing of the result that the signed acts do not have', async () => {
    const { poll: over } = tally.snapshot;
    const { proclaimedAt: _, ...held } = over;
    const witnesses = new UrnaWitnesses(new Environment());
    const made = new Boletins(poll.urnas(), new Behind(poll.readModel, witnesses), witnesses);
    const of = (state: typeof over, by = made): Promise<unknown> =>
      codeOf(by.of({ ...tally, snapshot: { ...tally.snapshot, poll: state } }, ADDRESS));

    expect([await of(held), await of(over), await of(over, boletins)]).toEqual(['found', 'urna-not-sealed', 'found']);
    // it was annulled in another log
    expect(await of({ ...over, annulled: ANNULLED }, boletins)).toBe('urna-not-sealed');
  });

  it('says on paper what it is worth', async () => {
    const { poll: over } = tally.snapshot;
    const { proclaimedAt: _, ...held } = over;
    const pageOf = async (change: Partial<PollTally['snapshot']>): Promise<string> =>
      boletimPaper(await boletim(change), '/x.json');

    expect(await pageOf({})).not.toContain('paper-warning');
    const early = { ...held, closedAt: new Date().toISOString() };
    expect(await pageOf({ poll: early })).toContain('Provisório: o resultado não foi proclamado');
    expect(await pageOf({ quarantined: 1 })).toContain('Há votos que não puderam ser lidos');
    expect(await pageOf({ poll: { ...over, rehearsal: true } })).toContain('<strong>ENSAIO</strong>');
  });

  it('of an annulled poll says why', async () => {
    const event = {
      type: 'PollAnnulled',
      pollId: 'paredao-1',
      reason: ANNULLED.reason,
      annulledAt: ANNULLED.at,
    } as const;
    const drafts = [...wholePoll(), act('annul', { ...event, by: ANNULLED.by }, Date.parse(ANNULLED.at))];
    const annulled = await PublishedPoll.of(24, sealed(recorded(drafts)));
    const over = { ...tally.snapshot, poll: { ...tally.snapshot.poll, annulled: ANNULLED } };
    const witnesses = new UrnaWitnesses(new Environment());
    const made = new Boletins(annulled.urnas(), annulled.published(), witnesses);

    const said = await made.of({ ...tally, snapshot: over }, ADDRESS);
    expect(boletimPaper(said, '/x.json')).toContain('Paredão anulado: Nome &lt;errado&gt;');
    await annulled.dispose();
  });

  it('lists the witnesses that cosigned its last checkpoint, and says whether they are enough; forgeries, which make a note worthless, are left out', async () => {
    const WITNESSES = ['one', 'two', 'forger', 'away'].map((name) => ({ name: `${name}.example/w`, key: newKey() }));
    const witnesses = WITNESSES.map(
      ({ name, key }) => `${verifierKey(name, key, 'cosignature')} https://${name} contracted`,
    ).join(';');
    const note = (await poll.readModel.tiles.published('paredao-1/1'))!;
    const lines = WITNESSES.slice(0, 3).map(({ name, key }) => {
      const signer = cosigner(name, key, () => 1_795_474_890n);
      const text = name.startsWith('forger') ? 'another text\n' : parseNote(note).text;
      return signatureLine({ ...signer, signature: signer.sign(text) });
    });
    const [one = '', two = '', forged = ''] = lines;
    const forgedOfOne = one.slice(0, -7) + (one.at(-7) === 'A' ? 'B' : 'A') + one.slice(-6);
    await poll.readModel.tiles.amend('paredao-1/1', note, note + forged + forgedOfOne + one + two);
    const said = async (witnessQuorum: number): Promise<Boletim> =>
      boletinsWith({ witnesses, witnessQuorum }).of(tally, ADDRESS);

    const assinado_em = '2026-11-23T23:01:30.000Z';
    const assinaturas = [
      { nome: 'one.example/w', assinado_em },
      { nome: 'two.example/w', assinado_em },
    ];
    expect(await said(2)).toMatchObject({
      testemunhas: { exigidas: 2, assinaturas, suficientes: true },
      ...{ definitivo: true, urna: { checkpoint: note + one + two } },
    });
    const lacking = await said(3);
    expect(lacking).toMatchObject({ testemunhas: { exigidas: 3, assinaturas, suficientes: false }, definitivo: false });
    expect(ajv.validate(BoletimSchema, lacking)).toBe(true);
    expect(boletimPaper(lacking, '/x.json')).toContain('Provisório: 2 de 3 testemunhas assinaram');
    expect(boletimPaper(await said(2), '/x.json')).not.toContain('Provisório');
    expect((await boletim()).testemunhas).toEqual({ exigidas: 0, assinaturas: [], suficientes: true });
  });

  it('lets no name be markup', async () => {
    const { poll: over } = tally.snapshot;
    const participants = over.participants.map((one) => ({ ...one, name: `<b>'"&${one.name}` }));
    const page = boletimPaper(
      await boletim({ poll: { ...over, participants, title: '</title><script>' } }),
      '/x?a="&b',
    );

    expect(page).not.toMatch(/<b>|<script|a="&b/);
    expect(page).toContain('&lt;b&gt;&#39;&quot;&amp;Aurora');
  });
});

describe('a zerésima', () => {
  const zeresimas = (): Zeresimas => new Zeresimas(poll.log, poll.urnas());

  it('has the form that it is declared to have, with the checkpoint of the empty box', async () => {
    const said = await zeresimas().of(tally, ADDRESS);

    expect([ajv.validate(Zeresima, said), ajv.errorsText()]).toEqual([true, 'No errors']);
    expect(said.checkpoint!.split('\n').slice(0, 3)).toEqual(['voto.example/urna/paredao-1/1', '1', said.raiz]);
    expect(JSON.parse(said.folha)).toMatchObject({ type: 'BallotBoxOpened', data: { title: 'Quem sai?' } });
    expect((await boletim()).zeresima).toBe(said.raiz);
  });

  it('has that checkpoint behind what an operator or a stranger wrote before, and behind that of another opening', async () => {
    const { signer } = (await poll.urnas().of(POLL)).box;
    const ofAnother = signNote(formatCheckpoint({ origin: signer.name, size: 1, root: Buffer.alloc(32) }), [signer]);
    const decision = { by: 'sre', at: '2026-11-23T20:00:00.000Z', reason: 'perdida', witness: 'x', size: 9 };
    const written = [
      encodeWitnessOverruled(decision),
      ...['voto.example/urna/paredao-1/1\n1\n', ofAnother].map(encodeCheckpointSigned),
    ];
    const stream = checkpointStream('paredao-1', FIRST_BOX);
    const before = written.map((content) => ({ id: randomUUID(), stream, recordedAt: 0, content }));
    const other = await PublishedPoll.of(3, sealed(recorded([...before, ...wholePoll(3)])));
    const said = await new Zeresimas(other.log, other.urnas()).of(tally, ADDRESS);
    await other.dispose();

    expect(said.checkpoint?.split('\n').slice(0, 3)).toEqual(['voto.example/urna/paredao-1/1', '1', said.raiz]);
  });

  it('says on paper that nobody has a vote, and when it is not signed yet', async () => {
    const said = await zeresimas().of(tally, ADDRESS);

    expect(zeresimaPaper(said, '/x.json')).toContain('1 · Aurora</th><td>0</td>');
    expect(zeresimaPaper({ ...said, checkpoint: null }, '/x.json')).toContain('Ainda não assinada');
    expect(zeresimaPaper(said, '/x.json')).not.toContain('Ainda não assinada');
  });
});

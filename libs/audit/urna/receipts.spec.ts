import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, sign } from 'node:crypto';

import { type RecordedEvent, decodeVoteCast, encodeVoteCast } from '#domain';
import { SealKeys } from '#seal';
import { publicKeyOf, verifierOf } from '#transparency';

import { POLL_ID } from '../../domain/testing/ballot-box.ts';
import { receiptsOf as receiptsFor, voteEvent } from '../../receipts/testing/votes.ts';
import { type AuditOptions, type AuditReport, keptKeysOf, receiptsOf, renderText } from '../index.ts';
import { type Draft, VKEY, ballot, receiptFile, recorded, sealed, wholePoll } from '../testing/sealed-poll.ts';
import { Voted, failuresOf, found } from '../testing/voted.ts';

const DRAFTS = wholePoll();
const EVENTS = recorded(DRAFTS);
const HONEST = sealed(EVENTS);
const at = (name: string): number =>
  DRAFTS.findIndex(({ id }) => id.startsWith(Buffer.from(name).toString('hex').padStart(8, '0').slice(-8)));
const cast = (...names: string[]): RecordedEvent[] => names.map((name) => EVENTS[at(name)]!);

async function audited(events: readonly RecordedEvent[], file: string, options: Partial<AuditOptions> = {}) {
  const voted = await Voted.of(events);
  try {
    const handedOver = { receipts: receiptsOf('recibo', file), keptKeys: keptKeysOf('recibo', file) };
    return await voted.audit({ ...handedOver, independent: false, ...options });
  } finally {
    voted.dispose();
  }
}

const checkOf = ({ checks }: AuditReport) => checks.find(({ id }) => id === 'receipts');
const changed = (index: number, change: (one: Draft) => Draft): RecordedEvent[] =>
  sealed(recorded(DRAFTS.with(index, change(DRAFTS[index]!))));

describe('receipts', () => {
  it('of votes that count agree', async () => {
    const report = await audited(HONEST, receiptFile(cast('v0', 'v5', 'v23')));

    expect(checkOf(report)).toMatchObject({ outcome: 'ok', detail: { count: 3, parts: [3] } });
    expect(report.agrees).toBe(true);
    expect(renderText(report)).toContain('recibos: 3; de voto contado: 3');
  });

  it('are asked for by nobody who has none', async () => {
    expect(checkOf(await audited(HONEST, receiptFile(cast('v0')), { receipts: undefined }))).toBeUndefined();
  });

  it.each<[string, RecordedEvent[]]>([
    ['removed', sealed(recorded(DRAFTS.toSpliced(at('v5'), 1)))],
    [
      'turned',
      changed(at('v5'), (one) => {
        return { ...one, content: encodeVoteCast({ ...decodeVoteCast(one.content), participantId: 2 }) };
      }),
    ],
    ['replaced by another of the same id', changed(at('v5'), ({ id }) => ({ ...ballot('other', 1, 0), id }))],
    ['given another id', changed(at('v5'), (one) => ({ ...one, id: '00000000-0000-4000-8000-000000000001' }))],
  ])('of a vote that was %s prove that, even where everything was signed anew', async (_, tampered) => {
    const report = await audited(tampered, receiptFile(cast('v4', 'v5')));

    expect(failuresOf(report)['receipts']).toEqual([found('receipt-not-in-box', { file: 'recibo' })]);
    expect(checkOf(report)).toMatchObject({ detail: { count: 2, parts: [1] } });
    expect(renderText(report)).toContain('É prova contra o serviço');
  });

  it('of a vote behind the cut say that it does not count', async () => {
    const report = await audited(HONEST, receiptFile(cast('late')));

    expect(failuresOf(report)['receipts']).toEqual([found('receipt-late', { revision: '26' }, { expected: '25' })]);
  });

  it('of a vote that stands twice count once, and of a race that is for somebody else fail and say which one counts', async () => {
    const again = { ...DRAFTS[at('v5')]!, id: '00000000-0000-4000-8000-000000000001' };
    const turned = { ...decodeVoteCast(again.content), participantId: 2 };
    const raced = { ...again, id: '00000000-0000-4000-8000-000000000002', content: encodeVoteCast(turned) };
    const events = recorded(DRAFTS.toSpliced(at('v5') + 1, 0, again, raced));
    const [second, third] = events.slice(at('v5') + 1, at('v5') + 3);
    const report = await audited(sealed(events), receiptFile([...cast('v5'), second!, third!]));

    expect(checkOf(report)).toMatchObject({
      ...{ outcome: 'failed', detail: { count: 3, parts: [2] } },
      findings: [found('receipt-raced', { revision: '8' }, { expected: 1, actual: 2 })],
    });
    expect(renderText(report)).toContain('o primeiro voto com o mesmo desafio, para Aurora (1), é o que conta');
  });

  it('of an open poll are in the box, and count so far; a reading that ends before them says nothing', async () => {
    const open = sealed(recorded(DRAFTS.slice(0, at('v9') + 1)));
    const file = receiptFile(cast('v5'));

    expect(checkOf(await audited(open, file))).toMatchObject({ outcome: 'ok', detail: { count: 1, parts: [1] } });
    const early = await audited(HONEST, file, { until: { position: 5n } });
    expect(checkOf(early)).toMatchObject({ outcome: 'ok', detail: { count: 1, parts: [0] } });
  });

  it.each<[string, string, object]>([
    ['of other keys', receiptFile(cast('v5'), new SealKeys([Buffer.alloc(32, 9)])), { actual: 'signature' }],
    ['that is none of a vote', receiptFile([EVENTS[1]!]), { actual: 'leaf' }],
  ])('%s prove nothing', async (_, file, rest) => {
    expect(failuresOf(await audited(HONEST, file))['receipts']).toEqual([found('receipt-not-proven', {}, rest)]);
  });

  it('whose leaf was exchanged prove nothing', async () => {
    const [one = '', other = ''] = receiptFile(cast('v4', 'v5')).split('\n');
    const leafAt = Math.ceil(((453 + 'voto.example/urna/9/1'.length) * 4) / 3 / 4) * 4;
    const mixed = one.slice(0, leafAt) + other.slice(leafAt);

    expect(failuresOf(await audited(HONEST, mixed))['receipts']).toEqual([
      found('receipt-not-proven', {}, { actual: 'path' }),
    ]);
  });

  it('of another poll, and of a poll without such keys, are said to be that', async () => {
    const foreign = receiptsFor('8').issuer.issue([voteEvent()]).join('\n');
    expect(failuresOf(await audited(HONEST, foreign))['receipts']).toEqual([found('receipt-of-another-box')]);

    const earlier = await Voted.from();
    const report = await earlier.audit({ receipts: receiptsOf('recibo', foreign), independent: false });
    earlier.dispose();
    expect(failuresOf(report)['receipts']).toEqual([found('receipt-without-log')]);
  });
});

/** Keys of somebody who has those of the deployment, and names other ones for a box with its signature. */
async function rekeyed(): Promise<SealKeys> {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]);
  const deployment = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const keys = new SealKeys([Buffer.alloc(32, 8)], [publicKeyOf(VKEY)]);
  const note = await keys.noteSignedElsewhere(
    async (text) => sign(null, Buffer.from(text), deployment),
    'voto.example',
    POLL_ID,
  );
  return Object.assign(keys, { noteFor: () => note });
}

describe('keys that a voter kept', () => {
  const note = new SealKeys([Buffer.alloc(32, 7)]).noteFor('voto.example', POLL_ID);
  const vkeys = [verifierOf(VKEY)];
  const file = `${note}${receiptFile(cast('v5'))}`;

  it('agree with those of the box, and are looked at alone as well', async () => {
    for (const [text, count] of [
      [file, 1],
      [note, 0],
    ] as const)
      expect(checkOf(await audited(HONEST, text, { vkeys }))).toMatchObject({ outcome: 'ok', detail: { count } });
  });

  it('prove that the box was begun again with other keys, and so does a receipt by them', async () => {
    const keys = await rekeyed();
    const forged = sealed(recorded(DRAFTS, keys), keys);
    expect(failuresOf(await audited(forged, receiptFile(cast('v5')), { vkeys }))).toEqual({
      receipts: [found('receipt-not-proven')],
    });
    const report = await audited(forged, file, { vkeys });

    expect(failuresOf(report)).toEqual({
      receipts: [found('kept-keys-differ', { file: 'recibo' }), found('receipt-of-other-keys', { file: 'recibo' })],
    });
    expect(renderText(report)).toContain('a urna foi refeita. É prova contra o serviço');
  });

  it('prove nothing without the signature of the service, and where nobody says which that is', async () => {
    const made = new SealKeys([Buffer.alloc(32, 9)]).noteFor('voto.example', POLL_ID);

    for (const [text, trusted] of [
      [made, vkeys],
      [(await rekeyed()).noteFor('', ''), []],
    ] as const)
      expect(failuresOf(await audited(HONEST, text, { vkeys: trusted }))['receipts']).toEqual([
        found('kept-keys-not-proven'),
      ]);
    const elsewhere = new SealKeys([Buffer.alloc(32, 7)]).noteFor('voto.example', '8');
    expect(failuresOf(await audited(HONEST, elsewhere, { vkeys }))['receipts']).toEqual([
      found('receipt-of-another-box'),
    ]);
  });
});

describe('a file of receipts', () => {
  const [text = ''] = receiptFile(cast('v5')).split('\n');

  it('has one a line, also as the code on a printed one says it', () => {
    const file = `\n${text}\r\n  https://voto.example/recibo.html#${text}\n`;

    expect(receiptsOf('a', file)).toEqual([receiptsOf('a', text)[0], receiptsOf('a', text)[0]]);
  });

  it('may have keys of the box between them', () => {
    const note = new SealKeys([Buffer.alloc(32, 7)]).noteFor('voto.example', POLL_ID);
    const file = `${text}\n${note}\n${text}`.replaceAll('\n', '\r\n');

    expect(receiptsOf('a', file)).toHaveLength(2);
    expect(keptKeysOf('a', file)).toMatchObject([{ name: 'a', note, box: { name: 'voto.example/urna/paredao-1/1' } }]);
    expect(() => receiptsOf('arquivo', note.replaceAll('1/1+', 'x+'))).toThrow('arquivo');
  });

  it.each([
    ['nothing', '\n \n'],
    ['a text', 'recibo'],
    ['an address without one', 'https://voto.example/recibo.html#'],
  ])('is none with %s', (_, file) => {
    expect(() => receiptsOf('arquivo', file)).toThrow('arquivo');
  });
});

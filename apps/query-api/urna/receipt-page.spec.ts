import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, sign } from 'node:crypto';

import { SealKeys } from '#seal';
import { publicKeyOf } from '#transparency';

import { voteEvent } from '../../../libs/receipts/testing/votes.ts';
import { ReceiptIssuer } from '../../../libs/receipts/receipt-issuer.ts';
import type { KeptKeys } from '../../../web/src/shared/kept-keys.ts';
import { isSignedBy, keysOf } from '../../../web/src/receipt/keys.ts';
import { isPromised, isRekeyed } from '../../../web/src/receipt/promise.ts';
import { heldReceipt } from '../../../web/src/receipt/vote.ts';

const [HOST, POLL] = ['voto.example', '7'];
const ORIGIN = `${HOST}/urna/${POLL}/1`;
const KEYS = new SealKeys([Buffer.alloc(32, 7)]);
const NOTE = KEYS.noteFor(HOST, POLL);
const [SERVICE = ''] = KEYS.deploymentKeys(HOST);

/** What somebody signs who has the deployment's key, and begins the box again with other ones. */
async function rekeyed(): Promise<{ keys: SealKeys; note: string }> {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]);
  const deployment = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const keys = new SealKeys([Buffer.alloc(32, 8)], [publicKeyOf(SERVICE)]);
  const note = await keys.noteSignedElsewhere(async (text) => sign(null, Buffer.from(text), deployment), HOST, POLL);
  return { keys, note };
}

function receiptBy(keys: SealKeys, note: string) {
  const { receipts } = keys.signersOf(note, HOST, POLL)!;
  return heldReceipt(new ReceiptIssuer(ORIGIN, receipts).issue([voteEvent()])[0]!)!;
}

const kept: KeptKeys = { nota: NOTE, servico: SERVICE };
const HELD = receiptBy(KEYS, NOTE);

const keysIn = (note: string) => keysOf(note, ORIGIN);

describe('a receipt on its page', () => {
  it('is good by the keys of its box, whether they were kept or not', () => {
    const now = keysIn(NOTE)!;

    expect(isPromised(HELD.receipt, now.receipts)).toBe(true);
    for (const before of [undefined, kept]) expect(isRekeyed(HELD.receipt, now, before)).toBe(false);
  });

  it('is worth nothing by its signature alone where the box has other keys', async () => {
    const now = keysIn((await rekeyed()).note)!;

    expect([isPromised(HELD.receipt, now.receipts), isRekeyed(HELD.receipt, now, undefined)]).toEqual([false, false]);
  });

  it('is proof with the keys that were kept: of before, and of after the box was begun again', async () => {
    const { keys, note } = await rekeyed();
    for (const { receipt } of [HELD, receiptBy(keys, note)]) expect(isRekeyed(receipt, keysIn(note), kept)).toBe(true);
    expect(isRekeyed(HELD.receipt, keysIn('nothing that names keys'), kept)).toBe(true);
  });

  it('is no proof by keys that the service did not sign, or that promise nothing', async () => {
    const { note } = await rekeyed();
    const stranger = new SealKeys([Buffer.alloc(32, 9)]);
    const made = stranger.noteFor(HOST, POLL);

    expect(isRekeyed(receiptBy(stranger, made).receipt, keysIn(note), { nota: made, servico: SERVICE })).toBe(false);
    expect(isRekeyed(receiptBy(stranger, made).receipt, keysIn(note), kept)).toBe(false);
  });
});

describe('a note of keys', () => {
  it('is signed by a key, and by no other', () => {
    const [other = ''] = new SealKeys([Buffer.alloc(32, 9)]).deploymentKeys(HOST);

    expect(isSignedBy(NOTE, SERVICE)).toBe(true);
    for (const [note, vkey] of [
      [NOTE, other],
      [NOTE.replace('paredao-chaves/v1', 'paredao-chaves/v2'), SERVICE],
      [NOTE, 'nothing'],
      ['', SERVICE],
    ] as const)
      expect(isSignedBy(note, vkey)).toBe(false);
  });
});

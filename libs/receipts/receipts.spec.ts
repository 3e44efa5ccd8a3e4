import { describe, expect, it } from '@jest/globals';

import { leafOf } from '#seal';
import { openNote, signatureLine } from '#transparency';

import { MalformedReceiptError, type Receipt, faultOf, parseReceipt, receiptBytes, signedText } from './index.ts';
import { receiptsOf, voteEvent } from './testing/votes.ts';

const { issuer, key } = receiptsOf();
const read = (text: string): Receipt => parseReceipt(receiptBytes(text));
const batch = (size: number) => Array.from({ length: size }, (_, at) => voteEvent((at % 3) + 1));
const issued = (size: number): Receipt[] => issuer.issue(batch(size)).map(read);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the receipts of a batch', () => {
  it.each([1, 2, 3, 5, 48, 500, 2047, 2048])('of %i votes are good, each for its own leaf', (size) => {
    const events = batch(size);
    const receipts = issuer.issue(events).map(read);

    expect(receipts.map((receipt) => faultOf(receipt, key)).filter(Boolean)).toEqual([]);
    expect(receipts.map(({ leaf }) => hex(leaf))).toEqual(events.map((event) => hex(leafOf(event))));
    expect(new Set(receipts.map(({ slot }) => slot)).size).toBe(size);
    expect(new Set(receipts.map(({ root, signature }) => hex(root) + hex(signature))).size).toBe(1);
  });

  it('follow each other', () => {
    for (const size of [2048, 1, 300, 48, 48]) {
      expect(issued(size).filter((receipt) => faultOf(receipt, key) !== undefined)).toEqual([]);
    }
  });

  it('of long leaves are good', () => {
    const provider = 'x'.repeat(5000);
    const long = voteEvent(1, { humanCheck: { provider, price: 'base', evidence: '0f'.repeat(16) } });

    const [one, other] = issuer.issue([long, voteEvent()]).map(read);
    expect([faultOf(one!, key), faultOf(other!, key)]).toEqual([undefined, undefined]);
    expect(one!.leaf.length).toBeGreaterThan(5000);
  });

  it('have the same length and different hashes, however many there are', () => {
    const [alone] = issuer.issue([voteEvent()]);
    const crowded = issuer.issue(batch(2048));

    expect(crowded.map(({ length }) => length)).toEqual(Array(2048).fill(alone!.length));
    for (const { path } of [read(alone!), ...crowded.slice(0, 50).map(read)])
      expect(new Set(path.map(hex)).size).toBe(path.length);
  });

  it('do not show in what order the votes came', () => {
    const pairs = Array.from({ length: 400 }, () => issued(2).map(({ slot }) => slot));
    const inOrder = pairs.filter(([first, second]) => first! < second!).length;
    const inFirstHalf = pairs.filter(([first]) => first! < 1024).length;

    // by chance they are outside of these once in ten billion times
    expect([inOrder > 135 && inOrder < 265, inFirstHalf > 135 && inFirstHalf < 265]).toEqual([true, true]);
  });

  it('are not those of the same votes at another time', () => {
    const events = batch(3);
    const [first, second] = [issuer.issue(events).map(read), issuer.issue(events).map(read)];

    expect(hex(first[0]!.root)).not.toBe(hex(second[0]!.root));
    expect(first[0]!.path.map(hex)).not.toEqual(second[0]!.path.map(hex));
  });

  it('are signed as a note that other programs verify', () => {
    const [{ origin, root, signature }] = issued(5) as [Receipt];
    const text = signedText(origin, Buffer.from(root).toString('base64'));

    expect(text).toMatch(/^paredao-recibo\/v1\nvoto\.example\/urna\/7\/1\n[\w+/]{43}=\n$/);
    const { name, keyId } = key;
    expect(openNote(`${text}\n${signatureLine({ name, keyId, signature })}`, [key]).text).toBe(text);
  });
});

describe('a receipt', () => {
  const [, receipt] = issued(3) as [Receipt, Receipt, Receipt];
  const other = Buffer.alloc(32, 1);

  it.each<[string, Partial<Receipt>, string]>([
    ['leaf', { leaf: leafOf(voteEvent()) }, 'path'],
    ['slot', { slot: receipt.slot ^ 1 }, 'path'],
    ['top of its path', { path: [...receipt.path.slice(0, -1), other] }, 'path'],
    ['root', { root: other }, 'signature'],
    ['signature', { signature: Buffer.alloc(64, 1) }, 'signature'],
    ['origin', { origin: 'voto.example/urna/8/1' }, 'other-origin'],
  ])('with another %s is none', (_, change, fault) => {
    expect(faultOf({ ...receipt, ...change }, key)).toBe(fault);
  });

  it('of one ballot box is none of another', () => {
    expect(faultOf(receipt, receiptsOf('8').key)).toBe('other-origin');
    expect(faultOf({ ...receipt, origin: 'voto.example/urna/8/1' }, receiptsOf('8').key)).toBe('signature');
  });

  const [text] = issuer.issue([voteEvent()]) as [string];
  const bytes = Buffer.from(text, 'base64url');
  const changed = (change: (copy: Buffer) => Uint8Array): string =>
    Buffer.from(change(Buffer.from(bytes))).toString('base64url');

  it('is read as it was written', () => {
    expect(Buffer.compare(receiptBytes(text), bytes)).toBe(0);
    expect(read(text).origin).toBe('voto.example/urna/7/1');
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['other letters', `${text.slice(0, -1)}=`],
    ['an impossible length', `${text}AAA`.slice(0, Math.ceil(text.length / 4) * 4 + 1)],
    [
      'bits behind the last byte',
      `${changed((copy) => Buffer.concat([copy, Buffer.alloc((4 - (copy.length % 3)) % 3)])).slice(0, -2)}AB`,
    ],
    ['another version', changed((copy) => copy.fill(2, 0, 1))],
    ['a slot that no tree has', changed((copy) => copy.fill(8, 1, 2))],
    ['a text that ends too early', changed((copy) => copy.subarray(0, 400))],
    ['no leaf', changed((copy) => copy.subarray(0, 453 + 21))],
    ['an origin without end', changed((copy) => copy.fill(255, 451, 453))],
    ['an origin that is no UTF-8', changed((copy) => copy.fill(255, 453, 454))],
  ])('is not read from %s', (_, malformed) => {
    expect(() => read(malformed)).toThrow(MalformedReceiptError);
  });
});

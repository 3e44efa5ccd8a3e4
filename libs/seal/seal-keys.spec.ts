import { describe, expect, it } from '@jest/globals';
import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';

import { openNote, publicKeyOf, signNote, verifierOf } from '#transparency';

import { SealKeys, parsePollKeys } from './index.ts';

const HOST = 'voto.example:8443';
const seed = (byte: number): Buffer => Buffer.alloc(32, byte);
const keys = new SealKeys([seed(1)]);

it('names the keys of a poll in a note that the key of the deployment signed', () => {
  const [deployment] = keys.deploymentKeys(HOST);
  const note = keys.noteFor(HOST, '7');
  const { box, acts, receipts } = parsePollKeys(note);

  expect(openNote(note, [verifierOf(deployment!)]).verified).toMatchObject([{ name: `${HOST}/urna` }]);
  expect([box, acts, receipts].map((vkey) => verifierOf(vkey).name)).toEqual([
    `${HOST}/urna/7/1`,
    `${HOST}/urna/7/atos`,
    `${HOST}/urna/7/1/recibo`,
  ]);
  expect(new Set([deployment, box, acts, receipts].map((vkey) => vkey!.split('+')[2])).size).toBe(4);
});

it('signs with the keys that the note names', () => {
  const note = keys.noteFor(HOST, '7');
  const { box, acts, receipts } = parsePollKeys(note);
  const signers = keys.signersOf(note, HOST, '7')!;

  for (const [vkey, signer] of [
    [box, signers.box],
    [acts, signers.acts],
    [receipts, signers.receipts],
  ] as const)
    expect(openNote(signNote('hello\n', [signer]), [verifierOf(vkey)]).text).toBe('hello\n');
});

it('goes on with the key that a poll began with', () => {
  const rotated = new SealKeys([seed(2), seed(1)]);
  const note = keys.noteFor(HOST, '7');

  expect(rotated.noteFor(HOST, '7')).not.toBe(note);
  expect(rotated.signersOf(note, HOST, '7')?.box.keyId).toEqual(keys.signersOf(note, HOST, '7')?.box.keyId);
  expect(rotated.deploymentKeys(HOST).slice(1)).toEqual(keys.deploymentKeys(HOST));
});

describe('a deployment whose key is elsewhere', () => {
  const [own, other] = [1, 2].map(() => generateKeyPairSync('ed25519'));
  const away = new SealKeys([seed(1)], [own!.publicKey]);
  const signWith = (key: KeyObject) => (text: string) => Promise.resolve(sign(null, Buffer.from(text), key));

  it('has it sign the keys of a poll, which it signs for itself', async () => {
    const note = await away.noteSignedElsewhere(signWith(own!.privateKey), HOST, '7');
    const [first, ...more] = away.deploymentKeys(HOST);

    expect(openNote(note, [verifierOf(first!)]).verified).toHaveLength(1);
    expect(more).toEqual([]);
    expect(parsePollKeys(note)).toEqual(parsePollKeys(keys.noteFor(HOST, '7')));
    expect(away.signersOf(note, HOST, '7')?.box.name).toBe(`${HOST}/urna/7/1`);
    expect(keys.signersOf(note, HOST, '7')).toBeUndefined();
  });

  it('introduces no poll with the seed, and goes on with those from before if their key is listed', () => {
    const before = keys.noteFor(HOST, '7');
    const listed = new SealKeys([seed(1)], [own!.publicKey, publicKeyOf(keys.deploymentKeys(HOST)[0]!)]);

    expect(away.signersOf(before, HOST, '7')).toBeUndefined();
    expect(listed.signersOf(before, HOST, '7')?.box.keyId).toEqual(keys.signersOf(before, HOST, '7')?.box.keyId);
  });

  it.each([
    ['another key', signWith(other!.privateKey)],
    ['nothing', () => Promise.resolve(new Uint8Array())],
    ['too much', () => Promise.resolve(new Uint8Array(65))],
  ])('takes no signature of %s', async (_, signElsewhere) => {
    await expect(away.noteSignedElsewhere(signElsewhere, HOST, '7')).rejects.toMatchObject({
      name: 'TransparencyError',
    });
  });

  it('believes no second signature', async () => {
    const note = await away.noteSignedElsewhere(signWith(own!.privateKey), HOST, '7');
    expect(away.signersOf(`${note}${note.split('\n').at(-2)!}\n`, HOST, '7')).toBeUndefined();
  });
});

it('signs for no note of another deployment, of another poll or of another name', () => {
  const note = keys.noteFor(HOST, '7');

  expect(new SealKeys([seed(2)]).signersOf(note, HOST, '7')).toBeUndefined();
  expect(keys.signersOf(note, HOST, '8')).toBeUndefined();
  expect(keys.signersOf(note, 'voto.example', '7')).toBeUndefined();
});

it.each([
  ['another text', 'paredao-chaves/v2\na\nb\nc\n'],
  ['too few keys', 'paredao-chaves/v1\na\nb\n'],
  ['too many', 'paredao-chaves/v1\na\nb\nc\nd\n'],
])('reads no keys of %s', (_, text) => {
  const note = signNote(text, [keys.signersOf(keys.noteFor(HOST, '7'), HOST, '7')!.box]);
  expect(() => parsePollKeys(note)).toThrow('no keys of a poll');
});

import { describe, expect, it } from '@jest/globals';
import { type KeyObject, generateKeyPairSync } from 'node:crypto';

import {
  type TransparencyErrorCode,
  cosignatureTime,
  cosigner,
  formatCheckpoint,
  formatTlogProof,
  inclusionProof,
  leafHash,
  noteSigner,
  openNote,
  parseCheckpoint,
  parseNote,
  parseTlogProof,
  signNote,
  signatureBy,
  signatureLine,
  signedOnlyBy,
  verifierKey,
  verifierOf,
  verifyTlogProof,
  withoutWrong,
} from '#transparency';
import { PlainTree, leafData } from './testing/trees.ts';

const ORIGIN = 'vote.example/urna/1/1';
const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
const logKey = newKey();
const log = noteSigner(ORIGIN, logKey);
const witnessKey = newKey();
const witness = cosigner('witness.example/w1', witnessKey, () => 1_795_474_890n);
const tree = new PlainTree(300);
const head = { origin: ORIGIN, size: 300, root: tree.rootAt(300) };
const text = formatCheckpoint(head);
const failsAs = (code: TransparencyErrorCode) => expect.objectContaining({ code }) as unknown as Error;

describe('a checkpoint', () => {
  it('is read as it was written, with extensions too', () => {
    expect(parseCheckpoint(text)).toEqual({ ...head, root: Buffer.from(head.root) });
    expect(parseCheckpoint(`${text}extension\n`).size).toBe(300);
    expect(formatCheckpoint({ ...head, size: 0 })).toContain('\n0\n');
  });

  it.each([
    ['without an origin', text.replace(ORIGIN, '')],
    ['with a size that is no number', text.replace('\n300\n', '\n3e2\n')],
    ['with zeros in front', text.replace('\n300\n', '\n0300\n')],
    ['with a size beyond what is exact', text.replace('\n300\n', '\n9999999999999999\n')],
    ['with a short root', `${ORIGIN}\n300\n${Buffer.alloc(31).toString('base64')}\n`],
    ['with a root in another base64', text.replace(/=\n$/, '\n')],
    ['without its last line feed', text.slice(0, -1)],
    ['with an empty line', `${text}\nextension\n`],
  ])('%s is none', (_, other) => expect(() => parseCheckpoint(other)).toThrow(failsAs('malformed-checkpoint')));
});

describe('a signed note', () => {
  const note = signNote(text, [log, witness]);
  const verifiers = [
    verifierOf(verifierKey(ORIGIN, logKey)),
    verifierOf(verifierKey(witness.name, witnessKey, 'cosignature')),
  ];

  it('is opened with the keys of those who signed it', () => {
    const { verified, unknown, ...opened } = openNote(note, verifiers);

    expect(opened.text).toBe(text);
    expect(verified.map(({ name }) => name)).toEqual([ORIGIN, 'witness.example/w1']);
    expect(unknown).toEqual([]);
    expect(cosignatureTime(verified[1]!.signature)).toBe(1_795_474_890n);
    expect(openNote(Buffer.from(note), verifiers)).toEqual(openNote(note, verifiers));
  });

  it('may have signatures by others, which say nothing', () => {
    const { verified, unknown } = openNote(note, [log]);

    expect(verified).toHaveLength(1);
    expect(unknown.map(({ name }) => name)).toEqual(['witness.example/w1']);
    expect(() => openNote(note, [noteSigner(ORIGIN, newKey())])).toThrow(failsAs('unknown-signer'));
    expect(() => openNote(note, [])).toThrow(failsAs('unknown-signer'));
  });

  it('takes signatures that others send later', () => {
    const signed = signNote(text, [log]);
    const { signatures } = parseNote(signed);
    const line = signatureLine({ ...witness, signature: witness.sign(text) });

    expect(signed + line).toBe(signNote(text, [witness], signatures));
    expect(openNote(signed + line, verifiers).verified).toHaveLength(2);
  });

  it('counts a key once that signed it twice', () => {
    expect(openNote(signNote(text, [witness, witness, witness]), verifiers).verified).toHaveLength(1);
  });

  it('is refused when a known key did not sign this text', () => {
    expect(() => openNote(note.replace('\n300\n', '\n301\n'), verifiers)).toThrow(failsAs('invalid-signature'));
    const swapped = { ...log, keyId: log.keyId, signature: witness.sign(text).subarray(8) };
    expect(() => openNote(`${text}\n${signatureLine(swapped)}`, verifiers)).toThrow(failsAs('invalid-signature'));
    const short = { ...log, signature: Buffer.of(1) };
    expect(() => openNote(`${text}\n${signatureLine(short)}`, verifiers)).toThrow(failsAs('invalid-signature'));
  });

  it('is not taken for one of a later time', () => {
    const { signatures } = parseNote(signNote(text, [witness]));
    const later = Buffer.from(signatures[0]!.signature);
    later.writeBigUInt64BE(2n);

    expect(() => openNote(`${text}\n${signatureLine({ ...witness, signature: later })}`, verifiers)).toThrow(
      failsAs('invalid-signature'),
    );
  });

  it('is freed of what is wrong in it, and of what is not known only where that is wanted', () => {
    const wrong = [log, witness].map((key) => signatureLine({ ...key, signature: Buffer.alloc(72) })).join('');
    const others = signatureLine({ name: 'other', keyId: log.keyId, signature: Buffer.of(1) });
    const [head = '', good = ''] = note.split(/(?<=\n\n)/);
    const soiled = head + wrong + others + good;

    expect(withoutWrong(soiled, verifiers)).toBe(head + others + good);
    expect(signedOnlyBy(soiled, verifiers)).toBe(note);
    expect(signatureBy(witness, head + wrong)).toBeUndefined();
    expect(signatureBy(witness, soiled)).toEqual(parseNote(note).signatures.at(-1));
  });

  it.each([
    ['without signatures', `${text}\n`],
    ['without an empty line', note.replace('\n\n', '\n')],
    ['that does not end in a line feed', note.slice(0, -1)],
    ['with a hyphen for a dash', note.replace('— ', '- ')],
    ['with a control character', note.replace('300', '3\u00070')],
    ['with a signature that is no base64', note.replace(/\n$/, '!\n')],
    ['with a hundred and one signatures', `${text}\n${signatureLine({ ...log, signature: Buffer.of(1) }).repeat(101)}`],
  ])('%s is none', (_, other) => expect(() => openNote(other, verifiers)).toThrow(failsAs('malformed-note')));

  it('is UTF-8', () => {
    const bytes = Buffer.from(note);
    bytes[3] = 0xff;

    expect(() => openNote(bytes, verifiers)).toThrow(failsAs('malformed-note'));
    expect(() => signNote('\ud800\n', [log])).toThrow(failsAs('malformed-note'));
    expect(() => signNote('no line feed', [log])).toThrow(failsAs('malformed-note'));
  });
});

describe('a verifier key', () => {
  const vkey = verifierKey(ORIGIN, logKey);

  it('names its key', () => {
    const { name, keyId, type } = verifierOf(vkey);

    expect({ name, type }).toEqual({ name: ORIGIN, type: 'note' });
    expect(vkey).toContain(`+${Buffer.from(keyId).toString('hex')}+`);
  });

  it.each([
    ['of another name', vkey.replace('urna', 'arma')],
    ['of another key', verifierKey(ORIGIN, newKey()).replace(/\+[0-9a-f]{8}\+/, /\+[0-9a-f]{8}\+/.exec(vkey)![0])],
    ['of a type that is not known', vkey.replace(/\+[^+]+$/, `+${Buffer.alloc(33, 9).toString('base64')}`)],
    ['that is cut', vkey.slice(0, -4)],
    ['without a name', vkey.replace(ORIGIN, '')],
  ])('%s is refused', (_, other) => expect(() => verifierOf(other)).toThrow(failsAs('malformed-key')));

  it.each(['', 'with space', 'with+plus', 'line\nfeed', '\ud800'])('has no name such as %j', (name) => {
    expect(() => noteSigner(name, logKey)).toThrow(failsAs('malformed-key'));
  });

  it('is of Ed25519', () => {
    const { privateKey } = generateKeyPairSync('ed448');

    expect(() => noteSigner(ORIGIN, privateKey)).toThrow(failsAs('malformed-key'));
  });
});

describe('a proof file', () => {
  const proofOf = async (index: number) => ({
    index,
    hashes: await inclusionProof(index, 300, tree.read),
    checkpoint: signNote(text, [log, witness]),
  });

  it('proves that a leaf is in a log', async () => {
    const proof = parseTlogProof(formatTlogProof({ ...(await proofOf(42)), extra: leafData(42) }));

    expect(verifyTlogProof(proof, proof.extra!, [log])).toEqual({ ...head, root: Buffer.from(head.root) });
    expect(parseTlogProof(formatTlogProof(await proofOf(42))).extra).toBeUndefined();
  });

  it('proves nothing of another leaf, with another place, or by another key', async () => {
    const proof = await proofOf(42);

    expect(() => verifyTlogProof(proof, leafData(43), [log])).toThrow(failsAs('not-included'));
    expect(() => verifyTlogProof({ ...proof, index: 43 }, leafData(42), [log])).toThrow(failsAs('not-included'));
    expect(() => verifyTlogProof({ ...proof, index: 300 }, leafData(42), [log])).toThrow(failsAs('not-included'));
    expect(() => verifyTlogProof(proof, leafData(42), [noteSigner(ORIGIN, newKey())])).toThrow(
      failsAs('unknown-signer'),
    );
  });

  it('needs the signature of the log itself', async () => {
    const other = noteSigner('other.example/log', newKey());
    const byWitness = { ...(await proofOf(42)), checkpoint: signNote(text, [witness]) };
    const byOther = { ...byWitness, checkpoint: signNote(text, [other]) };
    const verifiers = [log, witness, other];

    expect(() => verifyTlogProof(byWitness, leafData(42), verifiers)).toThrow(failsAs('other-origin'));
    expect(() => verifyTlogProof(byOther, leafData(42), verifiers)).toThrow(failsAs('other-origin'));
  });

  it.each([
    ['of another version', (file: string) => file.replace('@v1', '@v2')],
    ['without a place', (file: string) => file.replace('index 42\n', '')],
    ['with zeros in front of it', (file: string) => file.replace('index 42', 'index 042')],
    [
      'with a hash that is too long',
      (file: string) => file.replace('index 42\n', `index 42\n${Buffer.alloc(33).toString('base64')}\n`),
    ],
    [
      'with more hashes than a tree is high',
      (file: string) =>
        file.replace('index 42\n', `index 42\n${`${leafHash(leafData(0)).toString('base64')}\n`.repeat(64)}`),
    ],
    ['without a checkpoint', (file: string) => file.slice(0, file.indexOf('\n\n'))],
  ])('%s is none', async (_, change) => {
    const file = formatTlogProof(await proofOf(42));

    expect(() => parseTlogProof(change(file))).toThrow(failsAs('malformed-proof'));
  });
});

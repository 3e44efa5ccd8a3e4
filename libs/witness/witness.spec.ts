import { beforeEach, describe, expect, it } from '@jest/globals';

import { noteSigner, openNote, parseNote, signNote, verifierOf } from '#transparency';
import { WitnessStore } from '#witness';
import { formatAddCheckpoint } from './add-checkpoint.ts';
import { Deployment, SignedLog, newKey } from './testing/signed-log.ts';
import { TestWitness } from './testing/witnesses.ts';

const deployment = new Deployment();
const box = new SignedLog('vote.example/urna/1/1');
const acts = new SignedLog('vote.example/urna/1/atos');
const keys = Buffer.from(deployment.introduce(box, acts));

let auditor: TestWitness;
const post = async (log: SignedLog, oldSize: number, size: number) =>
  auditor.witness.addCheckpoint(await log.body(oldSize, size));
const size = (leaves: number) => ({ status: 409, type: 'text/x.tlog.size', body: `${leaves}\n` });
const last = (log = box): number | undefined => auditor.store.find(log.origin)?.size;

beforeEach(() => {
  auditor = new TestWitness([deployment.vkey]);
  auditor.witness.addLog(keys);
});

describe('a witness', () => {
  it('cosigns a log from its beginning, and what goes on from there', async () => {
    for (const [from, to] of [
      [0, 1],
      [1, 255],
      [255, 255],
      [255, 700],
    ] as const) {
      const { status, body } = await post(box, from, to);
      const { text } = parseNote(box.note(to));

      expect(status).toBe(200);
      expect(openNote(`${text}\n${body}`, [verifierOf(auditor.vkey)]).verified).toHaveLength(1);
      expect(last()).toBe(to);
    }
    expect((await post(acts, 0, 3)).status).toBe(200);
  });

  it('says which size it has to a log that is wrong about it', async () => {
    await post(box, 0, 300);

    expect(await post(box, 0, 400)).toEqual(size(300));
    expect(await post(box, 200, 400)).toEqual(size(300));
    expect(await post(box, 350, 400)).toEqual(size(300));
    expect(await post(box, 200, 200)).toEqual(size(300));
    expect(last()).toBe(300);
  });

  it('knows an empty log, and only the one that there is', async () => {
    expect((await post(box, 0, 0)).status).toBe(200);
    const { text } = parseNote(box.note(0));
    const other = text.replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(32).toString('base64')}\n`);
    const note = signNote(other, [noteSigner(box.origin, box.key)]);
    const body = formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: note });

    expect(auditor.witness.addCheckpoint(Buffer.from(body))).toEqual(size(0));
    expect((await post(box, 0, 5)).status).toBe(200);
  });

  it('refuses a fork, whatever it proves, and keeps what the log signed', async () => {
    await post(box, 0, 300);
    const fork = box.fork(200);

    expect(await post(fork, 300, 300)).toEqual(size(300));
    expect(await post(fork, 0, 300)).toEqual(size(300));
    expect((await post(fork, 300, 400)).status).toBe(422);
    expect((await post(box, 300, 500)).status).toBe(200);
    expect(auditor.store.refused(box.origin).map(({ size: at, reason }) => [at, reason])).toEqual([
      [300, 'fork'],
      [400, 'unproven'],
    ]);
    const [proof] = auditor.store.refused(box.origin);
    expect(openNote(proof!.note, [verifierOf(box.vkey)]).text).toBe(parseNote(fork.note(300)).text);
    expect(auditor.said.filter((line) => line.startsWith('error: FORK'))).toHaveLength(1);
  });

  it('knows a fork by any checkpoint that it ever cosigned', async () => {
    for (const [from, to] of [
      [0, 250],
      [250, 300],
    ] as const)
      await post(box, from, to);

    expect(await post(box.fork(200), 0, 250)).toEqual(size(300));
    expect(auditor.store.logs()).toEqual([
      { origin: box.origin, checkpoints: 2, size: 300, forks: 1, unproven: 0 },
      { origin: acts.origin, checkpoints: 0, size: null, forks: 0, unproven: 0 },
    ]);
  });

  it('takes back what it says of a checkpoint that came with a wrong proof at first', async () => {
    await post(box, 0, 300);
    const body = formatAddCheckpoint({ oldSize: 300, proof: [], checkpoint: box.note(400) });

    expect(auditor.witness.addCheckpoint(Buffer.from(body)).status).toBe(422);
    expect((await post(box, 300, 400)).status).toBe(200);
    expect(auditor.store.refused(box.origin)).toEqual([]);
  });

  it('does not know logs that nobody introduced', async () => {
    expect((await post(new SignedLog('vote.example/urna/2/1'), 0, 5)).status).toBe(404);
  });

  it('takes no checkpoint that the log did not sign', async () => {
    const impostor = new SignedLog(box.origin);
    const forged = parseNote(box.note(5)).signatures;
    const wrong = signNote(parseNote(box.note(6)).text, [], forged);

    expect((await post(impostor, 0, 5)).status).toBe(403);
    expect(auditor.witness.addCheckpoint(Buffer.from(`old 0\n\n${wrong}`)).status).toBe(403);
    expect(last()).toBeUndefined();
  });

  it('refuses an old size that is larger than the new one', async () => {
    await post(box, 0, 300);

    expect((await post(box, 300, 200)).status).toBe(400);
  });

  it.each([
    ['nothing', ''],
    ['no checkpoint', 'old 0\n'],
    ['a size below 0', 'old -1\n\n'],
    ['a size with a zero in front', 'old 00\n\n'],
    ['a space behind the size', 'old 0 \n\n'],
    ['no old size', 'new 0\n\n'],
    ['a size that is no safe number', 'old 9999999999999999\n\n'],
    ['a hash that is no base64', 'old 0\n!\n\n'],
    ['a proof of 64 hashes', `old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n`],
  ])('refuses a request with %s', (_what, head) => {
    expect(auditor.witness.addCheckpoint(Buffer.from(`${head}${box.note(5)}`)).status).toBe(400);
    expect(auditor.witness.addCheckpoint(Buffer.from(head)).status).toBe(400);
  });

  it('refuses what is no UTF-8', async () => {
    const body = await box.body(0, 5);
    body[0] = 0xff;

    expect(auditor.witness.addCheckpoint(body).status).toBe(400);
  });

  it('forgets nothing when it starts again', async () => {
    await post(box, 0, 300);
    auditor.restart();

    expect(await post(box.fork(200), 0, 400)).toEqual(size(300));
    expect((await post(box, 300, 400)).status).toBe(200);
  });

  it('signs nothing that it cannot keep', async () => {
    await post(box, 0, 300);
    const full = new TestWitness([deployment.vkey], '', auditor.directory);
    full.store.close();
    const body = await box.body(300, 400);

    expect(() => full.witness.addCheckpoint(body)).toThrow();
    expect(last()).toBe(300);
  });

  it('decides once for each size, also when two of its processes share a directory', async () => {
    const other = new TestWitness([deployment.vkey], '', auditor.directory);
    await post(box, 0, 300);

    expect(other.witness.addCheckpoint(await box.fork(200).body(0, 300))).toEqual(size(300));
    other.store.close();
  });

  it('keeps signatures of the log and its own, and no others', async () => {
    const others = noteSigner('somebody.example', newKey());
    const { text } = parseNote(box.note(5));
    const note = signNote(text, [others, noteSigner(box.origin, box.key), others]);
    auditor.witness.addCheckpoint(Buffer.from(`old 0\n\n${note}`));

    expect(parseNote(auditor.store.find(box.origin)!.note).signatures.map(({ name }) => name)).toEqual([
      box.origin,
      'auditor.example/w1',
    ]);
  });
});

describe('a log', () => {
  const add = (note: string, witness = auditor) => witness.witness.addLog(Buffer.from(note)).status;

  it('is introduced by its deployment, as often as it likes', () => {
    expect(add(keys.toString())).toBe(200);
    expect(auditor.store.logs()).toHaveLength(2);
  });

  it('is introduced by nobody else', () => {
    const [other, impostor] = [new Deployment('other.example/urna'), new Deployment()];
    const foreign = new SignedLog('other.example/urna/1/1');
    const known = new TestWitness([deployment.vkey, other.vkey]);

    expect(add(impostor.introduce(box, acts))).toBe(403);
    expect(add(other.introduce(foreign, foreign))).toBe(403);
    expect(add(other.introduce(box, acts), known)).toBe(403);
    expect(add(deployment.introduce(box, foreign), known)).toBe(403);
    const strange = new SignedLog('vote.example/urna/\u202e1/1');
    expect(add(deployment.introduce(strange, strange), known)).toBe(403);
    expect(known.store.logs()).toEqual([]);
  });

  it('keeps its key for good, whatever the deployment says', () => {
    const [changed, fresh] = [new SignedLog(box.origin), new SignedLog('vote.example/urna/1/2')];

    expect(add(deployment.introduce(changed, acts))).toBe(403);
    expect(add(deployment.introduce(fresh, changed))).toBe(403);
    expect(auditor.store.keyOf(box.origin)).toBe(box.vkey);
    expect(auditor.store.keyOf(fresh.origin)).toBeUndefined();
  });

  it('has an origin under the prefix that was asked for', () => {
    const narrow = new TestWitness([deployment.vkey], 'vote.example/urna/12/');
    const twelve = ['1', 'atos'].map((name) => new SignedLog(`vote.example/urna/12/${name}`)) as [SignedLog, SignedLog];

    expect(add(keys.toString(), narrow)).toBe(403);
    expect(add(deployment.introduce(...twelve), narrow)).toBe(200);
  });

  it('is not introduced by another note of its deployment', () => {
    expect(add(deployment.introduce(box, acts, 'paredao-chaves/v2'))).toBe(400);
    expect(add(keys.toString().replace('paredao', 'Paredao'))).toBe(403);
    expect(add('nothing')).toBe(400);
    expect(add('')).toBe(400);
  });
});

it('nothing is read where no witness ever was', () => {
  expect(WitnessStore.openExisting('/nowhere')).toBeUndefined();
});

import { type ServerResponse, createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { encodeWitnessOverruled } from '#seal';
import { cosigner, formatCheckpoint, openNote, parseNote, signatureLine, verifierKey, verifierOf } from '#transparency';
import { Witnesses, parseWitnesses } from '#witness';

import { recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { DEPLOYMENT_VKEY, SEALED, SealWorld } from '../../../libs/seal/testing/seal-world.ts';
import { newKey } from '../../../libs/witness/testing/signed-log.ts';
import { TestWitness, temporaryDirectory } from '../../../libs/witness/testing/witnesses.ts';
import { Cosigning } from './cosigning.ts';
import { LogSeal } from './log-seal.ts';

const { signal } = new AbortController();
const closers: (() => Promise<unknown>)[] = [];
let world: SealWorld;

beforeEach(() => {
  world = new SealWorld();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await world.dispose();
});

/** What a projector has of one log, and its witnesses. */
class Sealing {
  readonly log: LogSeal;
  readonly cosignings: readonly Cosigning[];
  readonly lines: ReturnType<typeof recordingLogger>['lines'];
  /** What witnesses answered. */
  readonly heard: string[] = [];

  /** @param list as the environment has it */
  constructor(...list: readonly string[]) {
    const { logger, lines } = recordingLogger();
    this.lines = lines;
    const { stores } = world;
    const witnesses = new Witnesses(parseWitnesses(list.join(';')), (level, text, about) => logger[level](about, text));
    this.log = new LogSeal(SEALED, stores, witnesses, logger);
    const heard = (witness: string, outcome: string): unknown => this.heard.push(`${witness} ${outcome}`);
    this.cosignings = witnesses.clients.map((one) => new Cosigning(one, witnesses, stores.tiles, heard));
  }

  async cosign(isPublic = false): Promise<void> {
    await Promise.all(this.cosignings.map((one) => one.round([{ log: this.log, isPublic }], signal)));
  }

  async seal(): Promise<void> {
    await this.log.tick(signal);
    await this.cosign();
  }
}

const witnessOf = (name: string): TestWitness =>
  new TestWitness([DEPLOYMENT_VKEY], '', temporaryDirectory(), `${name}.example/w`);

/** Its entry in a list. */
async function listening(witness: TestWitness, mark = 'contracted', port = 0): Promise<string> {
  const { url, close } = await witness.listen(port);
  closers.push(close);
  return `${witness.vkey} ${url} ${mark}`;
}

/** One that signs with another key, or another root. */
async function liar(what: 'signature' | 'root'): Promise<string> {
  const [name, key] = [`${what}.example/w`, newKey()];
  const { keyId } = verifierOf(verifierKey(name, key, 'cosignature'));
  const signer = cosigner(name, what === 'signature' ? newKey() : key, () => 1_795_474_890n);
  const text = (size: number): string =>
    what === 'root'
      ? formatCheckpoint({ origin: SEALED.signer.name, size, root: Buffer.alloc(32) })
      : parseNote(lastShown).text;
  let lastShown = '';
  const answer = (body: string, response: ServerResponse): void => {
    lastShown = body.slice(body.indexOf('\n\n') + 2);
    response.end(signatureLine({ name, keyId, signature: signer.sign(text(300)) }));
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString())).once('end', () => answer(body, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => server.close());
  const { port } = server.address() as AddressInfo;
  return `${verifierKey(name, key, 'cosignature')} http://127.0.0.1:${port} contracted`;
}

/** Names of those whose signature the published checkpoint has: the log's and those of witnesses. */
async function signers(...witnesses: readonly TestWitness[]): Promise<string[]> {
  const note = (await world.readModel.tiles.published(SEALED.name))!;
  const { verified, unknown } = openNote(note, [SEALED.signer, ...witnesses.map(({ vkey }) => verifierOf(vkey))]);
  expect(unknown).toEqual([]);
  return verified.map(({ name }) => name).slice(1);
}

/** Asks until as many of them signed. */
async function cosigned(sealing: Sealing, count: number, ...witnesses: readonly TestWitness[]): Promise<string[]> {
  for (;;) {
    const names = await signers(...witnesses);
    if (names.length >= count) return names.toSorted();
    await delay(50);
    await sealing.cosign();
  }
}

describe('cosignatures', () => {
  it('are added to the published checkpoint, and lost by neither a restart nor another sealer', async () => {
    const [one, two] = [witnessOf('one'), witnessOf('two')];
    const list = [await listening(one), await listening(two)];
    const other = new Sealing(...list);
    await world.cast(200);
    await other.log.tick(signal);
    await world.cast(100);
    const sealing = new Sealing(...list);
    await sealing.seal();
    await cosigned(sealing, 2, one, two);
    await other.log.tick(signal);
    const restarted = new Sealing(...list);
    await restarted.seal();

    expect(await world.published()).toBe(300);
    expect((await signers(one, two)).toSorted()).toEqual(['one.example/w', 'two.example/w']);
    expect(restarted.heard).toEqual([]);
  });

  it('of a witness that was away come when it is back; meanwhile the others sign, and the log is sealed', async () => {
    const [one, late] = [witnessOf('one'), witnessOf('late')];
    const { port, url, close } = await late.listen();
    await close();
    const sealing = new Sealing(await listening(one), `${late.vkey} ${url} contracted`);
    for (let step = 0; step < 2; step++) {
      await world.cast(300);
      await sealing.seal();
    }
    const [, waiting] = sealing.cosignings;

    expect([sealing.log.size, await cosigned(sealing, 1, one, late)]).toEqual([600, ['one.example/w']]);
    expect(waiting!.waitingSeconds).toBeGreaterThan(0);
    expect(waiting!.ageSeconds).toBeUndefined();
    expect(sealing.lines.filter(({ level }) => level !== 'info')).toMatchObject([
      { level: 'warn', fields: { witness: 'late.example/w' }, message: 'a witness does not cosign' },
    ]);

    await listening(late, 'contracted', port);
    await cosigned(sealing, 2, one, late);
    expect(waiting!.waitingSeconds).toBe(0);
    expect(late.store.find(SEALED.signer.name)!.size).toBe(600);
  });

  it.each(['signature', 'root'] as const)('with a wrong %s are not stored', async (what) => {
    const one = witnessOf('one');
    const sealing = new Sealing(await liar(what), await listening(one));
    await world.cast(300);
    await sealing.seal();

    expect(await cosigned(sealing, 1, one)).toEqual(['one.example/w']);
    expect(sealing.cosignings[0]!.waitingSeconds).toBeGreaterThan(0);
    expect(sealing.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  it.each(['the witness', 'the log'])(
    'that somebody made up into the store, in the name of %s, keep no witness silent',
    async (whose) => {
      const one = witnessOf('one');
      const sealing = new Sealing(await listening(one));
      await world.cast(300);
      await sealing.log.tick(signal);
      const { tiles } = world.readModel;
      const note = (await tiles.published(SEALED.name))!;
      const key = whose === 'the log' ? SEALED.signer : verifierOf(one.vkey);
      const forged = signatureLine({ ...key, signature: Buffer.alloc(whose === 'the log' ? 64 : 72) });
      await tiles.amend(SEALED.name, note, note.replace('\n\n', `\n\n${forged}`));
      await sealing.cosign();

      expect([sealing.heard, await signers(one)]).toEqual([['one.example/w cosigned'], ['one.example/w']]);
      expect(await tiles.published(SEALED.name)).not.toContain(forged);
    },
  );

  it('are asked of a witness without a contract once the box is public', async () => {
    const [one, open] = [witnessOf('one'), witnessOf('open')];
    const sealing = new Sealing(await listening(one), await listening(open, ''));
    await world.cast(300);
    await sealing.seal();

    expect([await cosigned(sealing, 1, one, open), open.store.logs(), sealing.cosignings[1]!.waitingSeconds]).toEqual([
      ['one.example/w'],
      [],
      0,
    ]);
    await sealing.cosign(true);
    expect(await signers(one, open)).toEqual(['one.example/w', 'open.example/w']);
  });
});

describe('a sealer that asks witnesses', () => {
  it('suspects nobody when another sealer was faster', async () => {
    const witness = witnessOf('one');
    const list = await listening(witness);
    const [fast, slow] = [new Sealing(list), new Sealing(list)];
    await world.cast(300);
    await fast.seal();
    await slow.log.tick(signal);
    await world.cast(300);
    await fast.seal();
    await cosigned(fast, 1, witness);
    await slow.seal();

    expect([slow.log.size, slow.log.isRefused]).toEqual([600, false]);
    expect(slow.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(await world.sizes()).toEqual([300, 600]);
  });

  /** 300 leaves are sealed, 600 after that, all cosigned; then the log is that of 300 again, nothing is published, and 400 others come. */
  async function restored(witness: TestWitness, list: string): Promise<void> {
    await world.cast(300);
    await new Sealing(list).seal();
    const goBack = await world.backUp();
    await world.cast(300);
    const sealing = new Sealing(list);
    await sealing.seal();
    await cosigned(sealing, 1, witness);
    await goBack();
    await world.loseTiles();
    await world.cast(400, 'other');
  }

  it('signs nothing while one of them has seen more than there is, until an operator sets it aside', async () => {
    const [one, two] = [witnessOf('one'), witnessOf('two')];
    const list = [await listening(one), `${two.vkey} http://127.0.0.1:1 contracted`];
    await restored(one, list[0]!);
    const sealing = new Sealing(...list);
    await sealing.seal();

    expect([sealing.log.isRefused, await world.sizes()]).toEqual([true, [300]]);
    expect(sealing.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining('is not the one that was published'),
      }),
    );

    const decision = { by: 'sre', at: '2026-11-23T22:00:00.000Z', reason: 'disco perdido' };
    const event = { ...encodeWitnessOverruled({ ...decision, witness: one.vkey, size: 600 }), id: randomUUID() };
    await world.log.append(SEALED.checkpoints, [event], 'any');
    const decided = new Sealing(...list);
    await decided.seal();

    expect([decided.log.isRefused, await world.sizes()]).toEqual([false, [300, 700]]);
    expect(decided.heard).toEqual([]);
    expect(await signers(one)).toEqual([]);
  });

  it('goes on when all are away, and signs nothing more when one is back that has seen another log', async () => {
    const one = witnessOf('one');
    const { port, url, close } = await one.listen();
    const list = `${one.vkey} ${url} contracted`;
    await restored(one, list);
    await close();
    const sealing = new Sealing(list);
    await sealing.seal();
    expect([sealing.log.isRefused, await world.sizes()]).toEqual([false, [300, 700]]);

    await listening(one, 'contracted', port);
    while (!sealing.log.isRefused) {
      await delay(50);
      await sealing.cosign();
      await sealing.log.tick(signal);
    }
    await world.cast(1, 'other');
    await sealing.log.tick(signal);

    expect(await world.sizes()).toEqual([300, 700]);
    expect(one.store.find(SEALED.signer.name)!.size).toBe(600);
  });

  it('signs no second beginning of a log of which everything was lost', async () => {
    const witness = witnessOf('one');
    const list = await listening(witness);
    const goBack = await world.backUp();
    await world.cast(300);
    const before = new Sealing(list);
    await before.seal();
    await cosigned(before, 1, witness);
    await goBack();
    await world.loseTiles();
    await world.cast(1, 'other');
    const sealing = new Sealing(list);
    await sealing.seal();

    expect([sealing.log.isRefused, await world.sizes()]).toEqual([true, []]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RecordedEvent } from '#domain';
import { SqliteEventLog } from '#event-log';
import { encodeCheckpointSigned, encodeSealOverruled, leafOf } from '#seal';
import {
  type Signer,
  type Verifier,
  cosigner,
  parseCheckpoint,
  parseEntries,
  parseNote,
  signatureLine,
  tilesOf,
} from '#transparency';

import { newKey } from '../../witness/testing/signed-log.ts';
import { exportUrna } from '../index.ts';
import { recorded, sealed, signedHead, wholePoll, withCheckpointsOf } from '../testing/sealed-poll.ts';
import { Voted, WHOLE_POLL } from '../testing/voted.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paredao-urna-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const EVENTS = recorded(wholePoll(300));
const SEALED = sealed(EVENTS);
const BOX = EVENTS.filter(({ stream }) => stream.startsWith('votes-'));
const ACTS = EVENTS.filter(({ stream }) => stream.startsWith('poll-'));

type Published = Parameters<typeof exportUrna>[0]['published'];

async function exported(
  events: readonly RecordedEvent[],
  directory = folder,
  published?: Published,
  witnesses?: readonly Verifier[],
): Promise<void> {
  const voted = await Voted.of(events);
  const log = SqliteEventLog.openReadOnly(voted.directory);
  try {
    await exportUrna({ log, pollId: 'paredao-1', directory, published, witnesses });
  } finally {
    await log.close();
    voted.dispose();
  }
}

/** Every file below a folder, by its path. */
function filesIn(directory: string): Map<string, Buffer> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => statSync(join(directory, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(directory, path))]));
}

const entriesIn = (files: Map<string, Buffer>, log: string): string[] =>
  [...files]
    .filter(([path]) => path.startsWith(`${log}/tile/entries/`))
    .flatMap(([, bundle]) => parseEntries(bundle).map((entry) => Buffer.from(entry).toString()));

describe('an exported ballot box', () => {
  it('has every leaf, tile and key of both logs, and their last checkpoints', async () => {
    await exported(SEALED);
    const files = filesIn(folder);

    for (const [log, events, name] of [
      ['1', BOX, 1],
      ['atos', ACTS, 'atos'],
    ] as const) {
      expect(entriesIn(files, log)).toEqual(events.map((event) => leafOf(event).toString()));
      expect(files.get(`${log}/checkpoint`)?.toString()).toBe(signedHead(EVENTS, name));
      const tiles = [...files.keys()].filter((path) => /^[^/]+\/tile\/\d/.test(path) && path.startsWith(`${log}/`));
      expect(tiles).toHaveLength([...tilesOf(events.length)].length);
      expect(files.get(`${log}/vkey`)?.toString()).toMatch(new RegExp(`^voto.example/urna/paredao-1/${log}\\+`));
    }
    expect(files.get('chaves')?.toString()).toContain(files.get('1/vkey')!.toString());
    expect(files.get('LEIAME.txt')?.toString()).toContain(`voto.example/urna/paredao-1/1: ${BOX.length} folhas`);
  });

  it('is the same bytes each time', async () => {
    const again = mkdtempSync(join(tmpdir(), 'paredao-urna-'));
    await exported(SEALED);
    await exported(SEALED, again);

    expect(filesIn(again)).toEqual(filesIn(folder));
    rmSync(again, { recursive: true });
  });

  it('ends where its last checkpoint does', async () => {
    const last = BOX.length - 3;
    const early = SEALED.filter(({ stream, data }) => stream !== 'checkpoints-paredao-1-1' || sizeIn(data) <= last);
    await exported(withCheckpointsOf(EVENTS, early));
    const files = filesIn(folder);

    const { size } = parseCheckpoint(parseNote(files.get('1/checkpoint')!).text);
    expect(size).toBe(last - ((last - 1) % 5));
    expect(entriesIn(files, '1')).toHaveLength(size);
  });
});

describe('its checkpoint', () => {
  const head = signedHead(EVENTS, 1);
  const [ours, theirs] = ['nossa.example/w', 'alheia.example/w'].map((name) => cosigner(name, newKey(), () => 1n));
  const signedBy = (witness: Signer, text = parseNote(head).text): string =>
    signatureLine({ ...witness, signature: witness.sign(text) });

  it('is the one that was published, with what our witnesses signed, and nothing that is wrong or of others', async () => {
    const cosigned = head + signedBy(ours!, 'another text\n') + signedBy(theirs!) + signedBy(ours!);
    const published: Published = (log) => Promise.resolve(log === 'paredao-1/1' ? cosigned : undefined);
    await exported(SEALED, folder, published, [ours!]);
    expect(readFileSync(join(folder, '1/checkpoint'), 'utf8')).toBe(head + signedBy(ours!));
    expect(readFileSync(join(folder, 'atos/checkpoint'), 'utf8')).toBe(signedHead(EVENTS, 'atos'));
  });

  it.each([
    ['is older', signedHead(EVENTS.slice(0, 20), 1)],
    ['is none of this log', signedHead(EVENTS, 'atos')],
    ['is nonsense', 'x'],
  ])('is the last that was signed where what was published %s', async (_, note) => {
    await exported(SEALED, folder, () => Promise.resolve(note));
    expect(readFileSync(join(folder, '1/checkpoint'), 'utf8')).toBe(head);
  });

  it('is not one that an operator set aside, nor what a stranger wrote behind it', async () => {
    const stream = 'checkpoints-paredao-1-1';
    const own = SEALED.filter((event) => event.stream === stream);
    const decision = { by: 'sre', at: '2026-11-23T20:00:00.000Z', reason: 'perdida', note: head };
    const written = [encodeSealOverruled(decision), encodeCheckpointSigned('voto.example/urna/paredao-1/1\n9\n')];
    const behind = written.map((content, index) => ({
      ...own.at(-1)!,
      ...content,
      id: randomUUID(),
      revision: BigInt(own.length + index),
      position: SEALED.at(-1)!.position + BigInt(1 + index),
    }));
    await exported([...SEALED, ...behind]);
    const { size } = parseCheckpoint(parseNote(readFileSync(join(folder, '1/checkpoint'))).text);
    expect(size).toBe(sizeIn(own.at(-2)!.data));
  });
});

const sizeIn = (data: Uint8Array): number =>
  parseCheckpoint(parseNote((JSON.parse(Buffer.from(data).toString()) as { note: string }).note).text).size;

describe('no export is made of', () => {
  it('a poll of an earlier version', async () => {
    const voted = await Voted.from(WHOLE_POLL);
    const refused = exported(voted.events);
    await expect(refused).rejects.toMatchObject({
      code: 'no-urna',
      message: expect.stringContaining('earlier version'),
    });
    voted.dispose();
  });

  it('a box of which nothing was signed yet', async () => {
    await expect(exported(EVENTS)).rejects.toThrow('no checkpoint of voto.example/urna/paredao-1/1 was signed yet');
  });

  it('a box that is not what was signed', async () => {
    const events = recorded(wholePoll(300).toSpliced(7, 1));
    const refused = exported(withCheckpointsOf(events, SEALED));
    await expect(refused).rejects.toThrow(
      /^votes-paredao-1 is not what the last checkpoint .* says of its first \d+ events/,
    );
  });

  it('a box whose checkpoints somebody else signed', async () => {
    const forged = SEALED.map((event) =>
      event.stream === 'checkpoints-paredao-1-1'
        ? {
            ...event,
            data: Buffer.from(
              Buffer.from(event.data)
                .toString()
                .replace(/(— .* ).*\\n/, '$1AAAAAAAAAAAA\\n'),
            ),
          }
        : event,
    );
    await expect(exported(forged)).rejects.toThrow('no checkpoint of voto.example/urna/paredao-1/1 was signed yet');
  });
});

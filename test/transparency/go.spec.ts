import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { type KeyObject, createHash, createPrivateKey } from 'node:crypto';
import { join } from 'node:path';

import {
  CompactRange,
  TileBuilder,
  bundlePath,
  consistencyProof,
  cosigner,
  formatCheckpoint,
  inclusionProof,
  leafHash,
  nodesFromTiles,
  noteSigner,
  openNote,
  signNote,
  tilePath,
  verifierKey,
  verifierOf,
} from '#transparency';
import { PlainTree, TileFiles, leafData } from '../../libs/transparency/testing/trees.ts';
import { needs } from '../tools/needs.ts';

interface GoProof {
  readonly index: number;
  readonly hashes: readonly string[];
}

interface Vectors {
  readonly trees: readonly {
    readonly size: number;
    readonly root: string;
    readonly inclusion: readonly GoProof[];
    readonly consistency: readonly GoProof[];
    readonly tiles: readonly { readonly path: string; readonly sha256: string }[];
  }[];
  readonly paths: readonly {
    readonly level: number;
    readonly index: number;
    readonly width: number;
    readonly path: string;
  }[];
  readonly notes: Readonly<
    Record<
      'origin' | 'logSeed' | 'logKey' | 'witness' | 'witnessSeed' | 'witnessKey' | 'text' | 'signed' | 'cosigned',
      string
    >
  >;
}

const TIME_LIMIT_MS = 300_000;
const LARGEST = 70_000;

/** Runs the program of Go's own transparency log. */
function go(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('go', ['run', '.', ...args], {
    ...{ cwd: join('test', 'transparency', 'go'), input, encoding: 'utf8', timeout: TIME_LIMIT_MS },
    ...{ maxBuffer: 64 * 1024 * 1024, env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' } },
  });
  if (status !== 0) throw new Error(`go run: ${stderr}`);
  return stdout;
}

/** The Ed25519 key that grows from 32 bytes (RFC 8410). */
const keyFrom = (seed: string): KeyObject =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });

const inBase64 = (hashes: readonly Uint8Array[]): string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('base64'));

needs('go')("Go's transparency log", () => {
  const vectors = JSON.parse(go([])) as Vectors;
  const tree = new PlainTree(LARGEST);

  it('has the same roots and proofs', async () => {
    const range = new CompactRange();
    for (const { size, root, inclusion, consistency } of vectors.trees) {
      while (range.size < size) range.append(leafHash(leafData(range.size)));
      expect(inBase64([range.root()])).toEqual([root]);
      for (const { index, hashes } of inclusion)
        expect(inBase64(await inclusionProof(index, size, tree.read))).toEqual(hashes);
      for (const { index, hashes } of consistency)
        expect(inBase64(await consistencyProof(index, size, tree.read))).toEqual(hashes);
    }
    expect(vectors.trees.length).toBeGreaterThan(300);
  });

  it('has the same tiles at the same paths', () => {
    const [files, builder] = [new TileFiles(), new TileBuilder()];
    for (const { size, tiles } of vectors.trees) {
      files.grow(builder, size);
      for (const { path, sha256 } of tiles)
        expect(createHash('sha256').update(files.files.get(path)!).digest('hex')).toBe(sha256);
    }
    for (const { level, index, width, path } of vectors.paths)
      expect(level < 0 ? bundlePath({ index, width }) : tilePath({ level, index, width })).toBe(path);
  });

  it('writes keys, notes and cosignatures as we do', () => {
    const { notes } = vectors;
    const [logKey, witnessKey] = [keyFrom(notes.logSeed), keyFrom(notes.witnessSeed)];
    const log = noteSigner(notes.origin, logKey);

    expect(verifierKey(notes.origin, logKey)).toBe(notes.logKey);
    expect(verifierKey(notes.witness, witnessKey, 'cosignature')).toBe(notes.witnessKey);
    expect(signNote(notes.text, [log])).toBe(notes.signed);
    const { verified } = openNote(notes.cosigned, [verifierOf(notes.logKey), verifierOf(notes.witnessKey)]);
    expect(verified.map(({ name }) => name)).toEqual([notes.origin, notes.witness]);
  });

  it('verifies our tiles, proofs and signatures', async () => {
    const { notes } = vectors;
    const size = 66_000;
    const [files, builder] = [new TileFiles(), new TileBuilder()];
    files.grow(builder, size);
    const read = nodesFromTiles(size, files.read);
    const text = formatCheckpoint({ origin: notes.origin, size, root: builder.root() });
    const signers = [
      noteSigner(notes.origin, keyFrom(notes.logSeed)),
      cosigner(notes.witness, keyFrom(notes.witnessSeed), () => 7n),
    ];
    const places = [0, 1, 255, 256, 65_535, 65_536, size - 1];
    const handed = {
      ...{ size, checkpoint: signNote(text, signers), logKey: notes.logKey },
      tiles: Object.fromEntries([...files.files].map(([path, hashes]) => [path, inBase64([hashes])[0]])),
      inclusion: await Promise.all(
        places.map(async (index) => ({ index, hashes: inBase64(await inclusionProof(index, size, read)) })),
      ),
      consistency: await Promise.all(
        places.map(async (place) => ({
          index: place + 1,
          hashes: inBase64(await consistencyProof(place + 1, size, read)),
        })),
      ),
      oldRoots: inBase64(places.map((place) => tree.rootAt(place + 1))),
    };

    expect(go(['check'], JSON.stringify(handed))).toBe('verified\n');
    const [path] = [...files.files.keys()];
    const spoilt = { ...handed, tiles: { ...handed.tiles, [path!]: Buffer.alloc(8192).toString('base64') } };
    expect(() => go(['check'], JSON.stringify(spoilt))).toThrow('go run');
  });
});

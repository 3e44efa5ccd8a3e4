import { generateKeyPairSync } from 'node:crypto';

import {
  TileBuilder,
  type TileReader,
  consistencyProof,
  formatCheckpoint,
  leafHash,
  nodesFromTiles,
  noteSigner,
  signNote,
  verifierKey,
} from '#transparency';
import { formatAddCheckpoint } from '../add-checkpoint.ts';
import type { ShownCheckpoint } from '../client/witness-client.ts';

export const newKey = () => generateKeyPairSync('ed25519').privateKey;

/** A deployment with its key, as witnesses know it. */
export class Deployment {
  private readonly key = newKey();
  readonly vkey: string;

  constructor(readonly name = 'vote.example/urna') {
    this.vkey = verifierKey(name, this.key);
  }

  /** Signs the keys of a poll's logs. */
  introduce(box: SignedLog, acts: SignedLog, first = 'paredao-chaves/v1'): string {
    const receipts = verifierKey(`${box.origin}/recibo`, newKey());
    const text = `${first}\n${box.vkey}\n${acts.vkey}\n${receipts}\n`;
    return signNote(text, [noteSigner(this.name, this.key)]);
  }
}

/** A log of some leaves that signs a checkpoint of any size, as logs never do. */
export class SignedLog {
  readonly vkey: string;
  private readonly roots: Uint8Array[] = [];
  private readonly files = new Map<string, Uint8Array>();

  /**
   * @param leaf what it has at a place: another log with the same key is a fork
   * @param size leaves that it has, at most
   */
  constructor(
    readonly origin: string,
    readonly key = newKey(),
    leaf = (index: number): string => `leaf ${index}`,
    size = 700,
  ) {
    this.vkey = verifierKey(origin, key);
    const builder = new TileBuilder();
    for (let index = 0; index <= size; index++) {
      this.roots.push(builder.root());
      builder.append(leafHash(Buffer.from(leaf(index))));
    }
    for (const { tile, hashes } of builder.take()) this.files.set(`${tile.level}/${tile.index}`, hashes);
  }

  /** The same log up to some leaf, and another one from there on. */
  fork(from: number): SignedLog {
    return new SignedLog(this.origin, this.key, (index) => (index < from ? `leaf ${index}` : `other ${index}`));
  }

  /** Its checkpoint of a size. */
  note(size: number): string {
    const text = formatCheckpoint({ origin: this.origin, size, root: this.roots[size]! });
    return signNote(text, [noteSigner(this.origin, this.key)]);
  }

  readonly tiles: TileReader = async (tiles) => tiles.map(({ level, index }) => this.files.get(`${level}/${index}`)!);

  /** What a sealer hands to the witnesses. */
  sealed(size: number, keys = ''): ShownCheckpoint {
    return { note: this.note(size), tiles: this.tiles, keys };
  }

  /** The request that asks a witness to go on from one size to another. */
  async body(oldSize: number, size: number): Promise<Buffer> {
    const isProven = oldSize > 0 && oldSize <= size;
    const proof = isProven ? await consistencyProof(oldSize, size, nodesFromTiles(size, this.tiles)) : [];
    return Buffer.from(formatAddCheckpoint({ oldSize, proof, checkpoint: this.note(size) }));
  }
}

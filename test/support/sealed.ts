import { type EventLog, wholeStream } from '#event-log';
import type { ReadModel } from '#read-model';
import { faultOf, parseReceipt, receiptBytes } from '#receipts';
import { leafOf, noteIn, openedIn, parsePollKeys } from '#seal';
import { TileBuilder, leafHash, openNote, parseCheckpoint, tilesOf, verifierOf } from '#transparency';

import { type StoresPlace, withEventLog, withReadModel } from '../../bench/lib/stores.ts';
import { eventually } from './eventually.ts';

const WAIT_MS = 60_000;

/** What was sealed of a log. */
export interface Sealed {
  /** Leaves of each checkpoint, in the order in which they were signed. */
  readonly sizes: readonly number[];
  /** Those of checkpoints that the log does not agree with. */
  readonly wrong: readonly number[];
  readonly leaves: number;
  /** Leaves of the checkpoint that was published. */
  readonly published: number | undefined;
  /** The tiles up to the last checkpoint are stored, and are those of the log. Told only when all is sealed: they are stored before. */
  readonly sameTiles: boolean;
}

/** What was sealed of a poll, compared with its logs by nothing but the public standards. */
export async function sealedOf(place: StoresPlace, which: 'box' | 'acts', pollId = '1'): Promise<Sealed> {
  const sealed = await withEventLog(place, (log) =>
    withReadModel(place, (readModel) => compared({ log, readModel, pollId, which })),
  );
  return sealed!;
}

interface Compared {
  readonly log: EventLog;
  readonly readModel: ReadModel;
  readonly pollId: string;
  readonly which: 'box' | 'acts';
}

async function compared({ log, readModel, pollId, which }: Compared): Promise<Sealed> {
  const name = which === 'box' ? '1' : 'atos';
  const [first] = await wholeStream(log, `votes-${pollId}`);
  const key = verifierOf(parsePollKeys(openedIn(first!)!.keys)[which]);
  const read = (note: string) => parseCheckpoint(openNote(note, [key]).text);
  const signed = (await wholeStream(log, `checkpoints-${pollId}-${name}`)).map((event) => read(noteIn(event)!.note));
  const builder = new TileBuilder();
  const roots = new Map<number, string>();
  const asked = new Set(signed.map(({ size }) => size));
  for (const event of await wholeStream(log, which === 'box' ? `votes-${pollId}` : `poll-${pollId}`)) {
    builder.append(leafHash(leafOf(event)));
    if (asked.has(builder.size)) roots.set(builder.size, Buffer.from(builder.root()).toString('hex'));
  }
  const last = signed.at(-1)?.size ?? 0;
  const stored = await readModel.tiles.read(`${pollId}/${name}`, [...tilesOf(last)]);
  const built = builder.take();
  const tiles = [...tilesOf(last)].map(
    ({ level, index }) => built.find(({ tile }) => tile.level === level && tile.index === index)?.hashes,
  );
  const wrong = signed.filter(({ size, root }) => roots.get(size) !== Buffer.from(root).toString('hex'));
  const note = await readModel.tiles.published(`${pollId}/${name}`);
  return {
    sizes: signed.map(({ size }) => size),
    wrong: wrong.map(({ size }) => size),
    leaves: builder.size,
    published: note === undefined ? undefined : read(note).size,
    sameTiles: stored.every((hashes, at) => Buffer.from(tiles[at]!).equals(hashes)),
  };
}

export const isOneLineage = (sizes: readonly number[]): boolean =>
  sizes.every((size, at) => at === 0 || size > sizes[at - 1]!);

/** What is wrong with receipts, where each must be good and its leaf in the box. */
export async function wrongReceipts(place: StoresPlace, receipts: readonly string[], pollId = '1'): Promise<string[]> {
  const box = await withEventLog(place, (log) => wholeStream(log, `votes-${pollId}`));
  const key = verifierOf(parsePollKeys(openedIn(box[0]!)!.keys).receipts);
  const leaves = new Set(box.map((event) => leafOf(event).toString()));
  return receipts.flatMap((text) => {
    const receipt = parseReceipt(receiptBytes(text));
    const fault = faultOf(receipt, key);
    return fault ?? (leaves.has(Buffer.from(receipt.leaf).toString()) ? [] : 'not in the box');
  });
}

/** Box and acts of a poll when everything that is in them is sealed. Before the first checkpoint there are no tiles to be read. */
export async function whollySealed(place: StoresPlace, pollId = '1'): Promise<[box: Sealed, acts: Sealed]> {
  const both = () =>
    Promise.all([sealedOf(place, 'box', pollId), sealedOf(place, 'acts', pollId)]).catch(() => undefined);
  const logs = await eventually(
    both,
    (found) => found?.every(({ leaves, published }) => published === leaves) === true,
    WAIT_MS,
  );
  return logs!;
}

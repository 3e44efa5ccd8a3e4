import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { SqliteEventLog } from '#event-log';
import { RECORD_BYTES, bitsFor, formatVotesFile, parseVotesFile, prefixOf, votesPath, writeRecord } from '#receipts';
import { leafOf } from '#seal';
import { parseTlogProof, verifierOf, verifyTlogProof } from '#transparency';

import { NOON, POLL_ID, SECOND } from '../../../libs/domain/testing/ballot-box.ts';
import { ballot, recorded, sealed, wholePoll } from '../../../libs/audit/testing/sealed-poll.ts';
import { recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { lookUp } from '../../../web/src/receipt/lookup.ts';
import { keysOf } from '../../../web/src/receipt/keys.ts';
import { type HeldReceipt, heldReceipt } from '../../../web/src/receipt/vote.ts';
import { PublishedPoll, POLL } from './testing/published-poll.ts';
import type { Urna } from './urnas.ts';
import { VoteIndex } from './vote-index.ts';
import { VotesFiles } from './votes-files.ts';

const VOTES = 5000;

let published: PublishedPoll;
let urna: Urna;
let files: VotesFiles;
let size: number;
let cut: number;
let checkpoint: string;
let leaves: Buffer[];

/** A vote that was stored twice, and one whose challenge was used for somebody else before. */
const twice = ballot('v7', 1, NOON + SECOND);
const other = { ...ballot('v8', 2, NOON + SECOND), id: '00000099-0000-4000-8000-000000000000' };

beforeAll(async () => {
  const drafts = wholePoll(VOTES);
  const close = drafts.findIndex(({ content }) => content.type === 'PollClosed');
  drafts.splice(close - 1, 0, { ...twice, id: '00000098-0000-4000-8000-000000000000' }, other);
  published = await PublishedPoll.of(VOTES, sealed(recorded(drafts)));
  urna = await published.urnas().of(POLL);
  const logs = published.published();
  files = new VotesFiles(
    published.readModel,
    logs,
    new VoteIndex(published.log, published.readModel, recordingLogger().logger),
  );
  ({ size, note: checkpoint } = await logs.checkpoint(urna.box));
  const log = SqliteEventLog.openReadOnly(published.voted.directory);
  leaves = [];
  for await (const page of log.read(`votes-${POLL_ID}`, 0n))
    for (const event of page) {
      if (event.type === 'BallotBoxClosed') cut = leaves.length;
      leaves.push(leafOf(event));
    }
  await log.close();
});
afterAll(() => published.dispose());

/** Whoever holds a receipt of this leaf. What the receipt itself promises is checked elsewhere. */
function holder(leaf: Uint8Array): HeldReceipt {
  const { voteId: id, participantId: participant, castAt: at } = JSON.parse(Buffer.from(leaf).toString()).data;
  const receipt = { origin: urna.box.signer.name, leaf, slot: 0, path: [], root: leaf, signature: leaf };
  return { text: '', receipt, paredao: POLL_ID, vote: { id, participant, at } };
}

const file = (path: string): Promise<Uint8Array> => {
  const [leavesAsked, bits, prefix] = path.split('/').slice(-3).map(Number) as [number, number, number];
  return files.file(urna.box, String(cut), { leaves: leavesAsked, bits, prefix });
};

const find = (leaf: Uint8Array, load = file, corte = cut) => {
  const box = keysOf(urna.opened.keys, urna.box.signer.name)!.box;
  return lookUp(holder(leaf), { key: box, boletim: { urna: { checkpoint } as never, corte } }, load);
};

const leafWith = (text: string, nth = 0): Buffer => leaves.filter((leaf) => leaf.includes(text)).at(nth)!;
const idOf = (draft: ReturnType<typeof ballot>): string =>
  String(JSON.parse(Buffer.from(draft.content.data).toString()).voteId);

describe('the files in which votes are looked up', () => {
  it('have every vote of the box once, a thousand or more each', async () => {
    const bits = bitsFor(size);
    const found: number[] = [];
    for (let prefix = 0; prefix < 2 ** bits; prefix++) {
      const { votes } = parseVotesFile(await file(votesPath(size, prefix)))!;
      expect(votes.length).toBeGreaterThanOrEqual(1000);
      expect(votes.every(({ id }) => prefixOf(id, bits) === prefix)).toBe(true);
      found.push(...votes.map(({ index }) => index));
    }

    expect(bits).toBe(2);
    const votes = leaves.flatMap((leaf, index) => (leaf.includes('"VoteCast"') ? index : []));
    expect(found.toSorted((one, two) => one - two)).toEqual(votes);
  });

  it('say that a vote counts, with a proof that other programs verify', async () => {
    for (const index of [1, 2, 900, 4000, cut - 5]) {
      const found = await find(leaves[index]!);
      expect(found.kind).toBe('counted');
      const proof = parseTlogProof('proof' in found ? found.proof : '');
      expect([proof.index, Buffer.from(proof.extra!)]).toEqual([index, leaves[index]]);
      expect(verifyTlogProof(proof, leaves[index]!, [verifierOf(urna.box.vkey)]).size).toBe(size);
    }
  });

  it('say which leaf of a vote counts', async () => {
    expect((await find(leafWith(idOf(twice), 1))).kind).toBe('counted');
    expect((await find(leafWith(idOf(other), 0))).kind).toBe('counted');
    expect((await find(leafWith(idOf(other), 1))).kind).toBe('repeated');
    expect((await find(leaves[cut + 1]!)).kind).toBe('late');
  });

  it('do not have a vote that is not in the box', async () => {
    const { content, id } = ballot('gone', 1, NOON + SECOND);
    expect((await find(leafOf({ ...content, id }))).kind).toBe('missing');
  });

  it.each<[string, (bytes: Uint8Array) => number]>([
    ['says of a leaf that it is another one', () => 6 + 2 + leaves[cut]!.length + 4 + 40],
    ['has another hash beside the leaves', ({ length }) => length - 1],
    ['says another place of the end', () => 5],
    ['has another leaf at the end', () => 20],
  ])('lead nowhere when one of them %s', async (_what, at) => {
    const changed = async (path: string): Promise<Uint8Array> => {
      const bytes = Uint8Array.from(await file(path));
      bytes[at(bytes)]! ^= 1;
      return bytes;
    };

    expect((await find(leaves[9]!, changed)).kind).toBe('contradicted');
  });

  it('have the leaf that closes the box, and no other is taken for it', async () => {
    const whole = parseVotesFile(await file(votesPath(size, 0)))!;
    expect([whole.closing.index, Buffer.from(whole.closing.leaf)]).toEqual([cut, leaves[cut]]);
    const late = leaves[cut + 1]!;

    // somebody who wants the late vote to count says that the box was closed later, or nowhere
    expect((await find(late, file, cut + 2)).kind).toBe('contradicted');
    const moved = async (path: string): Promise<Uint8Array> => {
      const { votes, beside } = parseVotesFile(await file(path))!;
      const records = votes.map((vote) => {
        const record = new Uint8Array(RECORD_BYTES);
        writeRecord(record, 0, vote);
        return record;
      });
      const hashes = votes.map(({ hash }) => hash);
      return formatVotesFile({ index: cut + 2, leaf: whole.closing.leaf }, records, hashes, beside);
    };
    expect((await find(late, moved, cut + 2)).kind).toBe('contradicted');
  });

  it('are made meanwhile for others while somebody waits for the index', async () => {
    const real = new VoteIndex(published.log, published.readModel, recordingLogger().logger);
    const slow = {
      closing: (...asked: Parameters<VoteIndex['closing']>) => real.closing(...asked),
      records: (...asked: Parameters<VoteIndex['records']>) =>
        asked[2] === 3 ? real.records(...asked) : new Promise<never>(() => {}),
    };
    const made = new VotesFiles(published.readModel, published.published(), slow as VoteIndex);
    for (const prefix of [0, 1, 2]) void made.file(urna.box, String(cut), { leaves: size, bits: 2, prefix });

    const { votes } = parseVotesFile(await made.file(urna.box, String(cut), { leaves: size, bits: 2, prefix: 3 }))!;
    expect(votes.length).toBeGreaterThanOrEqual(1000);
  });

  it('are made of an index that the box is read for once', async () => {
    const before = published.eventsRead;
    const again = new VotesFiles(
      published.readModel,
      published.published(),
      new VoteIndex(published.log, published.readModel, recordingLogger().logger),
    );
    await again.file(urna.box, String(cut), { leaves: size, bits: 2, prefix: 3 });

    // the leaf that closes the box, and the late vote
    expect(published.eventsRead - before).toBe(2);
  });

  it.each([
    ['more leaves', { leaves: 5006 }, 'tile-not-found'],
    ['fewer leaves', { leaves: 3000 }, 'tile-not-found'],
    ['smaller files', { bits: 3 }, 'tile-not-found'],
    ['a file after the last', { prefix: 4 }, 'tile-not-found'],
  ])('are not there for %s', async (_what, change, code) => {
    const asked = { leaves: size, bits: 2, prefix: 0, ...change };
    await expect(files.file(urna.box, String(cut), asked)).rejects.toMatchObject({ code });
  });

  it('are not there before the end of the box is sealed', async () => {
    const asked = { leaves: size, bits: 2, prefix: 0 };
    await expect(files.file(urna.box, null, asked)).rejects.toMatchObject({ code: 'urna-not-sealed' });
    await expect(files.file(urna.box, String(size), asked)).rejects.toMatchObject({ code: 'urna-not-sealed' });
  });
});

describe('a text that is no receipt', () => {
  it.each(['', 'x', 'guardado', 'A'.repeat(1200)])('is none: %s', (text) => {
    expect(heldReceipt(text)).toBeUndefined();
  });
});

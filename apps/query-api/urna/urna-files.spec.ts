import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { EMPTY_ROOT, TileBuilder, formatCheckpoint, leafHash, parseEntries, signNote, tilePath } from '#transparency';

import { POLL, PublishedPoll } from './testing/published-poll.ts';
import type { UrnaFiles } from './urna-files.ts';
import { type UrnaLog, logOf } from './urnas.ts';

/** With what opens and cuts the box, and a late vote: two full tiles, and one of 91 hashes. */
const VOTES = 600;
const LEAVES = VOTES + 3;

let poll: PublishedPoll;
let box: UrnaLog;
let acts: UrnaLog;
let files: UrnaFiles;

beforeAll(async () => {
  poll = await PublishedPoll.of(VOTES);
  ({ box, acts } = await poll.urnas().of(POLL));
});
beforeEach(() => {
  files = poll.files();
});
afterAll(() => poll.dispose());

const plain = async (path: string, log = box): Promise<Buffer> => Buffer.from((await files.file(log, path)).plain);
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'found',
    (error: unknown) => (error as { code: string }).code,
  );

describe('the files of a published log', () => {
  it('are those that its entries give, whole and in part', async () => {
    const builder = new TileBuilder();
    for (const bundle of ['entries/000', 'entries/001', 'entries/002.p/91'])
      for (const entry of parseEntries(await plain(bundle))) builder.append(leafHash(entry));
    const tiles = builder.take();

    expect(builder.size).toBe(LEAVES);
    for (const { tile, hashes } of tiles)
      expect((await plain(tilePath(tile).replace('tile/', ''))).equals(hashes)).toBe(true);
    expect(tiles.map(({ tile }) => tilePath(tile))).toEqual([
      'tile/0/000',
      'tile/0/001',
      'tile/0/002.p/91',
      'tile/1/000.p/2',
    ]);
    expect(parseEntries(await plain('entries/000.p/5', acts))).toHaveLength(5);
  });

  it('are there in every part of them: also of checkpoints that were published before', async () => {
    const [whole, entries] = [await plain('0/001'), parseEntries(await plain('entries/001'))];
    for (const width of [1, 7, 255]) {
      expect((await plain(`0/001.p/${width}`)).equals(whole.subarray(0, 32 * width))).toBe(true);
      expect(parseEntries(await plain(`entries/001.p/${width}`))).toEqual(entries.slice(0, width));
    }
  });

  it.each([
    '0/002',
    '0/002.p/92',
    'entries/002',
    'entries/003.p/1',
    '1/000',
    '1/000.p/3',
    '2/000.p/1',
    '63/000',
    '0/x001/000',
  ])('do not go on after the checkpoint: %s', async (path) => {
    expect(await codeOf(files.file(box, path))).toBe('tile-not-found');
  });

  it.each(['', '0', '0/0', '0/000/', '0/000.p/0', '0/000.p/256', '00/000', '../checkpoint', 'entries/x/000', '0/%30'])(
    'have no other names: %j',
    async (path) => {
      expect(await codeOf(files.file(box, path))).toBe('tile-not-found');
    },
  );

  it('are read from the log by no more than two of its pages, and once', async () => {
    const before = poll.eventsRead;
    await Promise.all(Array.from({ length: 50 }, () => plain('entries/000')));

    expect(poll.eventsRead - before).toBeLessThanOrEqual(500);
  });

  it('are unpacked what they were packed from', async () => {
    const { plain: bytes, packed } = await files.file(box, 'entries/000');
    const { gunzipSync } = await import('node:zlib');

    expect(gunzipSync(await packed!()).equals(bytes)).toBe(true);
    expect((await files.file(box, '0/000')).packed).toBeUndefined();
  });

  it('wait while the log has fewer events than were sealed', async () => {
    const shorter = new Proxy(poll.log, {
      get: (target, name): unknown =>
        name === 'read'
          ? (stream: string, from: bigint) => take(target.read(stream, from), 3)
          : Reflect.get(target, name),
    });
    files = poll.files(undefined, shorter);

    expect(await codeOf(files.file(box, 'entries/000'))).toBe('urna-not-sealed');
    expect(await codeOf(files.file(box, 'entries/000.p/3'))).toBe('found');
  });

  it('wait while the tiles are built again', async () => {
    const other = await PublishedPoll.of(3);
    const { box: log } = await other.urnas().of(POLL);
    files = other.files();
    expect(await codeOf(files.file(log, '0/000.p/6'))).toBe('found');
    const note = await other.readModel.tiles.published(log.name);
    await other.readModel.tiles.drop(log.name);
    expect(await codeOf(other.files().file(log, '0/000.p/6'))).toBe('urna-not-sealed');
    await other.readModel.tiles.publish(log.name, note!, 6);

    expect(await codeOf(other.files().file(log, '0/000.p/6'))).toBe('urna-not-sealed');
    await other.dispose();
  });
});

describe('a published checkpoint', () => {
  it('is asked for again when somebody wants more than it has', async () => {
    const other = await PublishedPoll.of(3);
    const { box: log } = await other.urnas().of(POLL);
    const published = other.published();
    expect(await published.size(log, 1)).toBe(6);
    const text = formatCheckpoint({ origin: log.signer.name, size: 9, root: EMPTY_ROOT });
    await other.readModel.tiles.publish(log.name, signNote(text, [log.signer]), 9);

    expect((await published.checkpoint(log)).size).toBe(6);
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect(await published.size(log, 7)).toBe(9);
    await other.dispose();
  });

  it('that the log did not sign is none', async () => {
    const other = await PublishedPoll.of(3);
    const { box: log, acts: unrelated } = await other.urnas().of(POLL);
    const text = formatCheckpoint({ origin: log.signer.name, size: 9, root: EMPTY_ROOT });
    await other.readModel.tiles.publish(log.name, signNote(text, [unrelated.signer]), 9);

    expect(await codeOf(other.published().checkpoint(log))).toBe('urna-not-sealed');
    await other.dispose();
  });
});

describe('the logs of a poll', () => {
  it('are its box and its acts, and no others', async () => {
    const urna = await poll.urnas().of(POLL);

    expect([logOf(urna, '1').name, logOf(urna, 'atos').name]).toEqual(['paredao-1/1', 'paredao-1/atos']);
    for (const name of ['0', '2', '01', '', 'Atos', 'toString'])
      expect(await codeOf(Promise.resolve().then(() => logOf(urna, name)))).toBe('urna-not-found');
  });

  it('are none of a poll of an earlier version, nor of one that another deployment opened', async () => {
    expect(await codeOf(poll.urnas().of({ id: 'paredao-1' }))).toBe('urna-of-earlier-version');
    const { OTHER_SEED } = await import('./testing/published-poll.ts');
    const foreign = poll.urnas(OTHER_SEED);

    expect([await codeOf(foreign.of(POLL)), await codeOf(foreign.of(POLL))]).toEqual(['urna-foreign', 'urna-foreign']);
    expect(await codeOf(poll.urnas().of({ id: '99', ballotBoxes: 1 }))).toBe('urna-not-sealed');
  });

  it('are read once', async () => {
    const urnas = poll.urnas();
    await urnas.of(POLL);
    const before = poll.eventsRead;
    await urnas.of(POLL);

    expect(poll.eventsRead).toBe(before);
  });
});

async function* take<T>(pages: AsyncIterable<readonly T[]>, most: number): AsyncIterable<readonly T[]> {
  for await (const page of pages) {
    yield page.slice(0, most);
    return;
  }
}

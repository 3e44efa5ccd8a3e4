import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';

import { formatEntries, leafHash, parseEntries } from '#transparency';

import { LeafHasher, leafOf } from './leaf.ts';

const id = 'b7c1f9d2-5a0e-4a52-9c39-3a1f0f0d8b11';

it('is the event as canonical JSON, its data byte for byte', () => {
  const data = Buffer.from('{ "b":1,"a":"ção" }');
  expect(leafOf({ type: 'VoteCast', version: 2, id, data }).toString()).toBe(
    `{"type":"VoteCast","version":2,"id":"${id}","data":{ "b":1,"a":"ção" }}`,
  );
});

it('has no room for data that no entry could hold', () => {
  const data = Buffer.alloc(70_000, 'x');
  const leaf = leafOf({ type: 'a "type"', version: 1, id, data });
  expect(JSON.parse(leaf.toString())).toEqual({
    ...{ type: 'a "type"', version: 1, id },
    data: { sha256: createHash('sha256').update(data).digest('hex'), bytes: 70_000 },
  });
});

it.each<[string, Partial<Parameters<typeof leafOf>[0]>]>([
  ['type', { type: 'x'.repeat(6000) }],
  ['type that is longer as JSON', { type: '\u0001'.repeat(11_000), data: Buffer.from('1') }],
  ['type that is longer than a leaf', { type: 'ç'.repeat(40_000), data: Buffer.from('1') }],
  ['id', { id: 'x'.repeat(70_000), type: 'y'.repeat(70_000) }],
])('is short enough to be served whatever a stranger appended: a long %s', (_, change) => {
  const event = { type: 'VoteCast', version: 1, id, data: Buffer.alloc(60_000, '1'), ...change };
  const leaf = leafOf(event);

  expect(parseEntries(formatEntries([leaf]))).toEqual([leaf]);
  const digestOf = (text: string) => ({
    ...{ sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) },
  });
  const { type, id: said } = JSON.parse(leaf.toString());
  expect(type).toEqual(digestOf(event.type));
  expect(said).toEqual(change.id === undefined ? id : digestOf(event.id));
  expect(new LeafHasher().hash(event)).toEqual(leafHash(leaf));
});

it('is what it always was where it is short enough, to the byte', () => {
  // as long as an entry may be
  const type = 'x'.repeat(65_535 - `{"type":"","version":1,"id":"${id}","data":1}`.length);
  const leaf = leafOf({ type, version: 1, id, data: Buffer.from('1') });

  expect(leaf.toString()).toBe(`{"type":"${type}","version":1,"id":"${id}","data":1}`);
  expect(leaf).toHaveLength(65_535);
});

it('is hashed as it is, whatever came before', () => {
  const hasher = new LeafHasher();
  const events = ['VoteCast', 'VoteCast', 'a "type"', 'ção', 'x'.repeat(200)].flatMap((type) =>
    [0, 1, 200, 8190, 8191, 8192, 60_000, 60_001].flatMap((bytes) =>
      [id, 'no "uuid"'].map((one) => ({ type, version: bytes % 3, id: one, data: Buffer.alloc(bytes, type) })),
    ),
  );

  for (const event of events) expect(hasher.hash(event)).toEqual(leafHash(leafOf(event)));
});

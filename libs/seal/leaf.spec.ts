import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';

import { leafHash } from '#transparency';

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

it('is hashed as it is, whatever came before', () => {
  const hasher = new LeafHasher();
  const events = ['VoteCast', 'VoteCast', 'a "type"', 'ção', 'x'.repeat(200)].flatMap((type) =>
    [0, 1, 200, 8190, 8191, 8192, 60_000, 60_001].flatMap((bytes) =>
      [id, 'no "uuid"'].map((one) => ({ type, version: bytes % 3, id: one, data: Buffer.alloc(bytes, type) })),
    ),
  );

  for (const event of events) expect(hasher.hash(event)).toEqual(leafHash(leafOf(event)));
});

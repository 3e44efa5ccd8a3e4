import { expect, it } from '@jest/globals';

import { type PriceClass, UnreadableEventError, VoteCodec, decodeVoteCast, encodeVoteCast } from '../index.ts';
import { randomFrom } from '../testing/random.ts';

const random = randomFrom(7);
const oneOf = <T>(values: readonly T[]): T => values[random(values.length)]!;
const hex = (): string => Array.from({ length: 32 }, () => random(16).toString(16)).join('');

/** Few times, participants and prices: so that one is like another, or nearly. */
function canonical(): string {
  const vote = {
    voteId: hex(),
    participantId: 1 + random(10),
    castAt: Date.UTC(2026, 10, 23, 22, oneOf([1, 2, 12, 22])),
    expiresAt: Date.UTC(2026, 10, 23, 23, oneOf([1, 2, 12, 22])),
    humanCheck: {
      provider: oneOf(['altcha', 'altchb', 'a']),
      price: oneOf<PriceClass>(['base', 'raised', 'suspicious']),
      evidence: hex(),
    },
  };
  return Buffer.from(encodeVoteCast(vote).data).toString('latin1');
}

const at = (text: string): number => random(text.length);
const replaced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

/** What somebody may do to the bytes of a vote, here as Latin-1. */
const CHANGES: Readonly<Record<string, (text: string) => string>> = {
  nothing: (text) => text,
  truncated: (text) => text.slice(0, at(text)),
  'without its beginning': (text) => text.slice(at(text)),
  'with a byte more': (text) => replaced(text, 9, 9, String.fromCharCode(random(256))),
  'with another byte': (text) => ((from) => replaced(text, from, from + 1, String.fromCharCode(random(256))))(at(text)),
  'with a byte left out': (text) => ((from) => replaced(text, from, from + 1, ''))(at(text)),
  'with a digit somewhere': (text) => ((from) => replaced(text, from, from + 1, oneOf([...'0189afgAF'])))(at(text)),
  'with a space somewhere': (text) => ((from) => replaced(text, from, from, ' '))(at(text)),
  'with a space instead': (text) => ((from) => replaced(text, from, from + 1, ' '))(at(text)),
  'with bytes exchanged': (text) =>
    ((one) => text.slice(0, one) + text.slice(one).split('').reverse().join(''))(at(text)),
  'with keys exchanged': (text) => text.replace(/("voteId":[^,]+),("participantId":\d+)/, '$2,$1'),
  'with a key twice': (text) => text.replace('"participantId"', '"participantId":1,"participantId"'),
  'with a number as 1e0': (text) => text.replace(/"participantId":\d+/, '"participantId":1e0'),
  'with a huge number': (text) => text.replace(/"participantId":\d+/, `"participantId":${'9'.repeat(400)}`),
  'with an escape': (text) => text.replace('"voteId"', '"\\u0076oteId"'),
  'with an escape in the id': (text) => replaced(text, 11, 17, '\\u0061'),
  'with an escape in the evidence': (text) => replaced(text, text.length - 9, text.length - 3, '\\u0061'),
  'with an id in capitals': (text) => replaced(text, 11, 43, hex().toUpperCase()),
  'with a quote in the id': (text) => replaced(text, 11 + random(32), 12 + random(32), '"'),
  'that is no UTF-8': (text) => ((from) => replaced(text, from, from + 1, '\xff'))(at(text)),
  'with a letter of two bytes': (text) => ((from) => replaced(text, from, from + 2, '\xc3\xa7'))(at(text)),
  'with an impossible time': (text) => text.replace('11-23T', '11-31T'),
  'as the end of another': (text) => `${canonical().slice(0, at(text))}${text}`,
};

function outcomeOf(decode: () => object): unknown {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return [error.reason, error.message];
  }
}

it.each(Object.entries(CHANGES))(
  'a vote %s is to a codec that knows others what it is to one that knows none',
  (_, change) => {
    const codec = new VoteCodec();
    for (let round = 0; round < 500; round++) {
      const original = Buffer.from(canonical(), 'latin1');
      codec.decode({ version: 2, data: original });
      const data = Buffer.from(change(original.toString('latin1')), 'latin1');

      const outcome = outcomeOf(() => codec.decode({ version: 2, data }));
      // toEqual takes too long for so many
      const expected = outcomeOf(() => decodeVoteCast({ version: 2, data }));
      if (JSON.stringify(outcome) !== JSON.stringify(expected)) expect([data.toString(), outcome]).toEqual(expected);
    }
  },
);

it('a vote is remembered as it was, whatever becomes of the memory that it came in', () => {
  const codec = new VoteCodec();
  const data = Buffer.from(canonical().replace(/"provider":"\w+"/, '"provider":"altcha"'));
  codec.decode({ version: 2, data });
  data.write('altchb', data.indexOf('altcha'));

  expect(codec.decode({ version: 2, data }).humanCheck.provider).toBe('altchb');
});

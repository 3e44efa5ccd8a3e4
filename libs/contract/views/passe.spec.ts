import { describe, expect, it } from '@jest/globals';
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';

import { Passes } from './passe.ts';

const KEY = Buffer.alloc(32, 1);
const passes = new Passes(createSecretKey(KEY));
const AT = Date.parse('2026-11-23T22:41:30.500Z');
const passe = passes.of('12', AT);

describe('a passe', () => {
  it('is a MAC over poll and hour, and says no more than the hour', () => {
    const mac = createHmac('sha256', KEY).update('12|2026-11-23T22').digest().subarray(0, 16).toString('base64url');

    expect(passe).toBe(`2026-11-23T22.${mac}`);
  });

  it('is the same for everybody who voted in that hour, in every process', () => {
    expect(passes.of('12', Date.parse('2026-11-23T22:00:00.000Z'))).toBe(passe);
    expect(passes.of('12', Date.parse('2026-11-23T22:59:59.999Z'))).toBe(passe);
    expect(new Passes(createSecretKey(KEY)).of('12', AT)).toBe(passe);
    expect(passes.of('12', Date.parse('2026-11-23T23:00:00.000Z'))).not.toBe(passe);
    // and that of the hour before again, of a vote that is answered twice
    expect(passes.of('12', AT)).toBe(passe);
  });

  it('admits to its poll, whatever the hour', () => {
    expect(passes.admits('12', passe)).toBe(true);
    expect(passes.admits('12', passes.of('12', AT + 90 * 3_600_000))).toBe(true);
  });

  it('admits to no other poll', () => {
    expect(passes.admits('13', passe)).toBe(false);
    expect(passes.admits('1', passe)).toBe(false);
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['another hour', passe.replace('T22', 'T21')],
    ['another MAC', `2026-11-23T22.${randomBytes(16).toString('base64url')}`],
    ['one of another deployment', new Passes(createSecretKey(Buffer.alloc(32, 2))).of('12', AT)],
    ['a byte less', passe.slice(0, -1)],
    ['two', `${passe}, ${passe}`],
    ['a line more', `${passe}\n`],
    ['a very long one', `2026-11-23T22.${'x'.repeat(10_000)}`],
  ])('%s is none', (_what, forged) => {
    expect(passes.admits('12', forged)).toBe(false);
  });
});

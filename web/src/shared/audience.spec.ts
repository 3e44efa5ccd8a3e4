import { describe, expect, it } from '@jest/globals';
import { audienceOf } from './audience.ts';

const tokenOf = (claims: object): string =>
  `head.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.${String(Math.random())}`;
const ana = { sub: 'ana', role: 'producao', pwd: '1' };

describe('the audience of a login', () => {
  it('is the same for each login of a user', () => {
    expect(audienceOf(tokenOf({ ...ana, iat: 1 }))).toBe(audienceOf(tokenOf({ ...ana, iat: 2 })));
  });

  it.each([{ sub: 'rui' }, { role: 'auditor' }, { pwd: '2' }, { sub: 'ana","producao', role: '' }])(
    'is another one with %j',
    (other) => {
      expect(audienceOf(tokenOf({ ...ana, ...other }))).not.toBe(audienceOf(tokenOf(ana)));
    },
  );

  it.each(['signed.with.another-key', '', tokenOf({ sub: 'ana' }), tokenOf([])])('is the token itself: %s', (token) => {
    expect(audienceOf(token)).toBe(token);
  });
});

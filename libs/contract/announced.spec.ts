import { describe, expect, it } from '@jest/globals';

import { announcedIn } from './announced.ts';

describe('what was announced', () => {
  it('is read as people write numbers in Brazil', () => {
    expect(announcedIn('total = 1.001.471; 1=62,73%;2=373000 ; 10=0,5 %')).toEqual({
      total: 1_001_471,
      participants: new Map<number, object>([
        [1, { share: 62.73, decimals: 2 }],
        [2, { votes: 373_000 }],
        [10, { share: 0.5, decimals: 1 }],
      ]),
    });
  });

  it.each([
    ['nothing', ''],
    ['a decimal point', '1=62.73%'],
    ['groups of other sizes', 'total=1.00.147'],
    ['more than a whole', '1=101%'],
    ['a share of the total', 'total=100%'],
    ['a participant that no poll has', '11=5'],
    ['the same thing twice', '1=5;1=6'],
    ['more than there is to say', `1=5${' '.repeat(400)}`],
  ])('is not guessed from %s', (_, text) => expect(announcedIn(text)).toBeUndefined());
});

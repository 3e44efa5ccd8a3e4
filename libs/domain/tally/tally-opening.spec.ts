import { describe, it } from '@jest/globals';

import { boxOpened, cut, vote } from '../testing/ballot-box.ts';
import { given } from '../testing/tally-specification.ts';

describe('what opens a ballot box', () => {
  it('is no vote as its first event', () => {
    given(boxOpened())
      .when(vote('a'), vote('b', 2))
      .then({ votes: [1, 1], revision: '2', quarantined: 0 });
    given(boxOpened(), vote('a'))
      .when(vote('a'), cut())
      .then({ votes: [1, 0], duplicates: 1, cut: '3' });
  });

  it('is set aside anywhere else', () => {
    given(vote('a'))
      .when(boxOpened())
      .then({ votes: [1, 0], quarantined: 1 });
    given(boxOpened())
      .when(boxOpened(), vote('a'))
      .then({ votes: [1, 0], quarantined: 1 });
  });
});

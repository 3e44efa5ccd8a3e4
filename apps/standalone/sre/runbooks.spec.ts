import { describe, expect, it } from '@jest/globals';

import { loadRunbooks, readRunbooks } from './runbooks.ts';

const TEXT = `# Operations

#### Votes

- **Means:** the log
  hangs.
- **The public sees:** a wait.
- **Do:** look at [the log](#log), and run \`npm start\`.
- **Over when:** it is over.

## Scale

- a list
`;

describe('the runbooks', () => {
  it('are the paragraphs with parts, as plain text', () => {
    expect([...readRunbooks(TEXT)]).toEqual([
      [
        'Votes',
        {
          means: 'the log hangs.',
          public: 'a wait.',
          toDo: 'look at the log, and run npm start.',
          over: 'it is over.',
        },
      ],
    ]);
  });

  it('of this project are found beside the program', () => {
    expect(loadRunbooks().get('VotesStandStill')?.means).toMatch(/^votes come in/);
  });
});

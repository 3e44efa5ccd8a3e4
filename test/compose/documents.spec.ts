import { expect, it } from '@jest/globals';

import { DOCUMENTS, NOT_HERE, commandsOf } from '../containers/documents.ts';

const STARTS = /docker compose (?:--profile \w+ )*(run|up)\b([^;&\n]*)/g;
const VALUED = /--?(?:scale|e|entrypoint|name|volume) \S+/g;

const commands = DOCUMENTS.flatMap(commandsOf);
/** What starts one service, not the whole stack. */
const starts = commands.flatMap(({ document, text }) =>
  [...text.matchAll(STARTS)]
    .map(([command, , rest = '']) => {
      const words = rest.replaceAll(VALUED, '').trim().split(/\s+/);
      return { document, command, service: words.find((word) => /^[a-z<]/.test(word)), words };
    })
    .filter(({ service }) => service !== undefined),
);

it('leaves the other services alone where a document starts one: in a fault, it would wait for what is not there', () => {
  expect(starts.length).toBeGreaterThan(10);
  // it needs nobody, so there is nothing to wait for
  const waiting = starts.filter(({ service, words }) => service !== 'secrets' && !words.includes('--no-deps'));
  expect(waiting.map(({ document, command }) => `${document}: ${command}`)).toEqual([]);
});

it('excuses no command from the container test that is not there any more', () => {
  const needless = NOT_HERE.filter(([form]) => !commands.some(({ text }) => form.test(text)));
  expect(needless).toEqual([]);
});

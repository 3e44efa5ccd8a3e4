import { afterEach, beforeEach, expect, it } from '@jest/globals';

import type { PollEvent } from '#domain';
import { SqliteEventLog } from '#event-log';

import { type Entry, NOON, POLL_ID, decided, strange, vote, voteOfRule2 } from '../../domain/testing/ballot-box.ts';
import { type Until, exportSpreadsheet } from '../index.ts';
import { OPENED, Voted, WHOLE_POLL } from '../testing/voted.ts';

const NUMERIC = '00000123456789012345678901234567';
const EXPONENT = '1e512345678901234567890123456789';

let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from();
});
afterEach(() => voted.dispose());

async function written(entries: readonly Entry[] | undefined, until?: Until): Promise<string> {
  if (entries !== undefined) {
    voted.dispose();
    voted = await Voted.from(entries);
  }
  const log = SqliteEventLog.openReadOnly(voted.directory);
  let text = '';
  for await (const part of exportSpreadsheet({ log, pollId: POLL_ID, until })) text += part;
  await log.close();
  return text;
}

const linesOf = (text: string): string[] => text.replace('\ufeff', '').trimEnd().split('\r\n');

it('is what a spreadsheet in Brazil opens: a mark of UTF-8, semicolons, times of Brasília with a comma', async () => {
  const text = await written(undefined);
  expect(text.startsWith('\ufeffRevisão;Posição;Registrado em (horário de Brasília);Situação;Participante;Nome;')).toBe(
    true,
  );
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(linesOf(text)[1]).toBe(
    `0;6;23/11/2026 09:00:01,000;contado;2;Íris;23/11/2026 09:00:00,000;23/11/2026 09:05:00,000;;'${'0'.repeat(28)}7630;` +
      '00000000-0000-4000-8000-000000000001;VoteCast;1',
  );
});

it('says what became of each event: whoever adds up what is counted has the result', async () => {
  const cells = linesOf(await written(undefined)).map((line) => line.split(';'));
  const outcomes = cells.slice(1).map(([, , , outcome, , name]) => `${outcome!} ${name!}`);
  expect(outcomes.filter((one) => one === 'contado Aurora')).toHaveLength(8);
  expect(outcomes.filter((one) => one === 'contado Íris')).toHaveLength(4);
  expect(outcomes.slice(12)).toEqual(['duplicado Aurora', 'expirado Aurora', 'fechamento da urna ', 'atrasado Íris']);
});

it('keeps ids as texts, and takes nothing of others for a formula or a number', async () => {
  const names = ['=HYPERLINK("http://x")', '1e5'];
  const opened = { ...OPENED, participants: names.map((name, index) => ({ number: index + 1, name })) };
  const text = await written([
    decided(opened),
    vote('a', 1, { voteId: NUMERIC }),
    vote('b', 2, { voteId: EXPONENT }),
    strange({ type: '\t+1;"2"\n', data: Buffer.from('x') }),
  ]);
  const [, first, second, third] = linesOf(text);
  expect(first).toContain(`;1;"'=HYPERLINK(""http://x"")";`);
  expect(first).toContain(`;'${NUMERIC};`);
  expect(second).toContain(`;2;'1e5;`);
  expect(second).toContain(`;'${EXPONENT};`);
  expect(third).toMatch(/;em quarentena;;;;;;;[^;]+;"\ufffd\+1;""2""\ufffd";1$/);
  // with the tab gone, nothing in it is obeyed
  expect(text).not.toMatch(/(?:^|;)"?[=+\-@\t]/m);
});

it('names people as they are called at the end, and the price of a vote', async () => {
  const changedAt = new Date(NOON + 60_000).toISOString();
  const corrected: PollEvent = {
    type: 'ParticipantChanged',
    pollId: POLL_ID,
    number: 2,
    name: 'Íris Trovão',
    changedAt,
    by: 'x',
  };
  const evidenceKeyHash = 'a'.repeat(64);
  const text = await written([decided({ ...OPENED, evidenceKeyHash }), voteOfRule2('a', 2), decided(corrected)]);
  expect(linesOf(text)[1]).toMatch(/;contado;2;Íris Trovão;[^;]+;[^;]+;base;/);
});

it('stops where it is told to', async () => {
  const { position } = voted.events.find(({ revision, stream }) => stream.startsWith('votes-') && revision === 2n)!;
  expect(linesOf(await written(undefined, { position }))).toHaveLength(4);
  expect(WHOLE_POLL.length).toBeGreaterThan(4);
});

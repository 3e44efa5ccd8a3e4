import { afterEach, describe, expect, it } from '@jest/globals';

import type { PollEvent } from '#domain';

import { MINUTE, NOON, POLL_ID, SECOND, cut, decided, strange, vote } from '../domain/testing/ballot-box.ts';
import { renderHtml, renderText } from './index.ts';
import { OPENED, Voted, failuresOf, found } from './testing/voted.ts';

const at = (time: number): string => new Date(time).toISOString();
const on = (event: PollEvent, recordedAt: number) => ({ ...decided(event), recordedAt });
const pause = (time: number, by = 'ana') => on({ type: 'PollPaused', pollId: POLL_ID, pausedAt: at(time), by }, time);
const resume = (time: number, by = 'bia') =>
  on({ type: 'PollResumed', pollId: POLL_ID, resumedAt: at(time), by }, time);
const close = (time: number) => on({ type: 'PollClosed', pollId: POLL_ID, closedAt: at(time), by: 'ana' }, time);
const voteAt = (name: string, time: number) => vote(name, 1, { castAt: time });

let voted: Voted;
afterEach(() => voted.dispose());

const [FIRST, BACK, SECOND_ONE, END] = [NOON + MINUTE, NOON + 2 * MINUTE, NOON + 3 * MINUTE, NOON + 4 * MINUTE];

async function audited(...entries: Parameters<typeof Voted.from>[0] & object) {
  voted = await Voted.from([decided(OPENED), ...entries]);
  return voted.audit();
}

describe('a pause in the report', () => {
  it('has who and when, and the votes that the log recorded during it, which count', async () => {
    const report = await audited(
      voteAt('before', NOON),
      pause(FIRST),
      voteAt('a', FIRST + SECOND),
      voteAt('b', FIRST + 2 * SECOND),
      strange({}, FIRST + 2 * SECOND),
      resume(BACK),
      voteAt('after', BACK),
      pause(SECOND_ONE),
      close(END),
      voteAt('c', END),
      cut(END + 11 * SECOND),
    );
    expect(report.pauses).toEqual([
      {
        pausedAt: at(FIRST),
        pausedBy: 'ana',
        resumedAt: at(BACK),
        resumedBy: 'bia',
        votes: 3,
        lastVoteAt: at(FIRST + 2 * SECOND),
      },
      { pausedAt: at(SECOND_ONE), pausedBy: 'ana', resumedAt: null, resumedBy: null, votes: 0, lastVoteAt: null },
    ]);
    expect(report.counts.votes).toEqual([5, 0]);
    expect(failuresOf(report)).not.toHaveProperty('closing');
    const line =
      'pausada em 23/11/2026, 09:01:00 por ana, retomada em 23/11/2026, 09:02:00 por bia: 3 votos registrados nesse tempo, o último em 23/11/2026, 09:01:02';
    expect(renderText(report)).toContain(`\nPausas\n – ${line}\n`);
    expect(renderText(report)).toContain('não retomada: 0 votos registrados nesse tempo\n');
    expect(renderHtml(report)).toContain(`<li>${line}</li>`);
  });

  it('is told with the names of users as text, and not at all where there was none', async () => {
    const report = await audited(pause(FIRST, '<b>'));
    expect(renderHtml(report)).toContain('por &lt;b&gt;, não retomada');
    expect(renderText({ ...report, pauses: [] })).not.toContain('Pausas');
    expect(renderHtml({ ...report, pauses: [] })).not.toContain('Pausas');
  });
});

describe('pauses that cannot be', () => {
  it.each<[string, ReturnType<typeof pause>[], string]>([
    ['paused twice', [pause(FIRST), pause(BACK)], 'PollPaused com o paredão aberto e já pausado'],
    ['resumed without a pause', [resume(FIRST)], 'PollResumed com o paredão aberto e sem pausa'],
    ['paused when it is over', [close(FIRST), pause(BACK)], 'PollPaused com o paredão encerrado'],
  ])('are found: %s', async (_what, entries, words) => {
    const report = await audited(...entries);
    expect(failuresOf(report)['closing']).toContainEqual(found('decision-out-of-state', { stream: 'poll-paredao-1' }));
    expect(renderText(report)).toContain(words);
  });
});

import { describe, expect, it, test } from '@jest/globals';

import { type PollCommand, type PollEvent, STAGE_MODES, describePollEvent } from '../index.ts';
import type { StageMode } from './stage.ts';
import { given, pollAfter } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-23T23:00:00.000Z';
const [pollId, by] = ['1', 'ana'];
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];
const drafted: PollEvent = { type: 'PollDrafted', pollId, title: 't', participants, draftedAt: at, by };
const opened: PollEvent = { type: 'PollOpened', pollId, title: 't', participants, openedAt: at, by };
const closed: PollEvent = { type: 'PollClosed', pollId, closedAt: later, by };
const sealed: PollEvent = { type: 'PollSealed', pollId, cut: '0', sealedAt: later };
const discarded: PollEvent = { type: 'DraftDiscarded', pollId, discardedAt: later, by };
const cued = (mode: StageMode): PollEvent => ({ type: 'StageCued', pollId, mode, cuedAt: later, by });
const cue = (mode: StageMode): PollCommand => ({ type: 'CueStage', mode, at: later, by });

describe('what the stage shows', () => {
  it('is an event with who and when, while the poll is open and after it', () => {
    given(opened).when(cue('parcial')).then(cued('parcial'));
    given(opened, closed).when(cue('suspense')).then(cued('suspense'));
    given(opened, closed, sealed).when(cue('suspense')).then(cued('suspense'));
    expect(pollAfter(opened, cued('parcial'), cued('suspense'))?.stage).toEqual({ mode: 'suspense', at: later });
  });

  it('is the countdown before anybody said so', () => {
    given(opened).when(cue('contagem')).thenNothing();
    given(opened, cued('parcial')).when(cue('contagem')).then(cued('contagem'));
  });

  test.each(STAGE_MODES)('does not change if it is %s already: no reveal begins again', (mode) => {
    given(opened, closed, cued(mode)).when(cue(mode)).thenNothing();
  });

  it('is refused before the opening, and without a poll', () => {
    for (const mode of STAGE_MODES) {
      given().when(cue(mode)).thenRefuses('poll-not-found');
      given(drafted, discarded).when(cue(mode)).thenRefuses('poll-not-found');
      given(drafted).when(cue(mode)).thenRefuses('poll-not-open');
    }
  });

  it('is never the result while people vote', () => {
    given(opened).when(cue('revelacao')).thenRefuses('poll-not-proclaimed');
  });

  it('may be the result of a poll of an earlier version once it is closed', () => {
    given(opened, closed).when(cue('revelacao')).then(cued('revelacao'));
    given(opened, closed, sealed, cued('suspense')).when(cue('revelacao')).then(cued('revelacao'));
  });

  it('is told in words that auditors read', () => {
    expect(STAGE_MODES.map((mode) => describePollEvent(cued(mode)))).toEqual([
      'Pôs no palco: contagem regressiva',
      'Pôs no palco: parcial',
      'Pôs no palco: suspense',
      'Pôs no palco: revelação',
    ]);
  });
});

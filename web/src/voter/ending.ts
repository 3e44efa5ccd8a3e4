import { shown } from '../shared/disclosure.ts';
import { byId } from '../shared/dom.ts';
import { hasReceipts } from '../shared/kept-receipts.ts';
import type { Headline } from './headline.ts';
import type { PartialResult } from './partial-result.ts';
import { keepVote, waitsFor } from './kept-vote.ts';
import { UNCONFIRMED, tellEnd } from './standing.ts';
import { setView, view } from './view.ts';
import type { VoteBar } from './vote-bar.ts';
import type { Poll } from '#contract';

/** What the end of a poll is shown on. */
interface Place {
  readonly voteBar: VoteBar;
  readonly partial: PartialResult;
  readonly headline: Headline;
  readonly poll: () => Poll | undefined;
}

/** The page of a poll that is over. */
export interface Ending {
  /** @param reason what became of a vote that was under way */
  show(reason?: string): void;
  /** The poll is over, and with it whatever waited for a confirmation. */
  showOver(): void;
  /** The second has come in which the poll closes. */
  showByClock(): void;
  /** Whether the page said so by its clock, and shows it still: the end may have moved in the last moment. Asked once. */
  wasByClock(): boolean;
}

export function createEnding({ voteBar, partial, headline, poll }: Place): Ending {
  let byClock = false;
  function show(reason = ''): void {
    if (view() === 'ended') return;
    byId('recibos', HTMLElement).hidden = !hasReceipts();
    setView('ended');
    document.body.dataset['choice'] = '0';
    voteBar.offerChange(false);
    tellEnd(voteBar, poll(), reason);
    partial.follow(undefined, (result) => {
      headline.showState(result, true);
      if (result.final) tellEnd(voteBar, poll(), reason, shown(result));
    });
  }
  const unconfirmed = (): string => (waitsFor(poll()?.cedula ?? '') ? UNCONFIRMED : '');
  return {
    show,
    showOver() {
      show(unconfirmed());
      keepVote(undefined);
    },
    showByClock() {
      byClock = view() !== 'ended';
      show(unconfirmed());
    },
    wasByClock() {
      const was = byClock && view() === 'ended';
      byClock = false;
      return was;
    },
  };
}

import { byId, setText } from '../shared/dom.ts';
import { isRehearsal } from '../shared/rehearsal.ts';
import { createShareButton } from '../shared/share-button.ts';
import { ofVote } from '../shared/share-text.ts';
import { addOwnVote, ownVotesText } from './own-votes.ts';
import type { CastVote, Poll } from '#contract';

/** Under a confirmation: how many votes it makes, and a button to tell others. Returns what fills it. */
export function createAfterVote(): (vote: CastVote, whatFor: string, poll: Poll | undefined) => void {
  const line = byId('meus-votos', HTMLElement);
  const offer = createShareButton();
  return ({ paredao }, whatFor, poll) => {
    setText(line, ownVotesText(addOwnVote(paredao)));
    // the link of a rehearsal has its key in it
    offer(isRehearsal() ? undefined : ofVote(paredao, poll?.titulo ?? '', whatFor));
  };
}

import { byId, setText } from '../shared/dom.ts';
import { isRehearsal } from '../shared/rehearsal.ts';
import { createShareButton } from '../shared/share-button.ts';
import { ofVote } from '../shared/share-text.ts';
import { addOwnVote, ownVotesText } from './own-votes.ts';
import type { StoredVote } from './vote-flow.ts';
import type { Poll } from '#contract';

/** Under a confirmation: how many votes it makes, the receipt of this one, and a button to tell others. Returns what fills it. */
export function createAfterVote(): (vote: StoredVote, whatFor: string, poll: Poll | undefined) => void {
  const line = byId('meus-votos', HTMLElement);
  const link = byId('recibo', HTMLAnchorElement);
  const offer = createShareButton();
  return ({ paredao, receipt }, whatFor, poll) => {
    setText(line, ownVotesText(addOwnVote(paredao)));
    link.hidden = receipt === undefined;
    if (receipt !== undefined) link.href = receipt;
    // the link of a rehearsal has its key in it
    offer(isRehearsal() ? undefined : ofVote(paredao, poll?.titulo ?? '', whatFor));
  };
}

/** What the contract says of a vote, and of the two answers to one that counts. */
export const VOTE_OPERATION = {
  summary: 'Cast a vote; the answer leaves when the vote is durable',
  description:
    'A challenge is one vote. Sent again for the same participant it gets the vote that it is (200), for another one 409 `human-check-used`: also after a restart and at another instance, as soon as that has read the vote in the ballot box. In the moment before, and for a use that came more than a million votes ago, the answer is 201, and what counts is the vote that stands first in the ballot box. After a start, challenges from before get 503 `log-unavailable` until the votes of the last minutes were read.',
};
export const STORED =
  'Stored. Of two votes with one challenge that reach two instances in the same moment, the first counts';
export const REPEATED =
  'This challenge was voted with before: the first answer again. Where another instance gave it, or this one before a restart, `registrado_em` may be a whole minute';

import type { PollEventOf } from '../events.ts';
import type { Participant } from '../wire/participants.ts';
import { portraitFields } from './decide-people.ts';
import type { Poll } from './poll.ts';

/** What may be decided about a participant. */
export type ParticipantEvent = PollEventOf<
  'ParticipantAdded' | 'ParticipantRemoved' | 'ParticipantChanged' | 'PhotoChanged' | 'PhotoRemoved'
>;

/** Applies what was decided about a participant. */
export function evolveParticipants(poll: Poll, event: ParticipantEvent): Poll {
  switch (event.type) {
    case 'ParticipantAdded':
      return { ...poll, participants: [...poll.participants, { number: event.number, name: event.name }] };
    case 'ParticipantRemoved':
      return { ...poll, participants: withoutParticipant(poll, event.number) };
    case 'ParticipantChanged':
      return { ...withParticipant(poll, event.number, { name: event.name }), ...corrected(poll, event) };
    case 'PhotoChanged':
      return withPortrait(poll, event.number, portraitFields(event));
    case 'PhotoRemoved':
      return withPortrait(poll, event.number, {});
  }
}

/** Of polls that are open, names change with a reason; earlier versions wrote none. */
function corrected(poll: Poll, event: PollEventOf<'ParticipantChanged'>): Pick<Poll, 'corrections'> {
  const { number, name: to, changedAt: at, reason } = event;
  if (reason === undefined) return {};
  const from = poll.participants.find((one) => one.number === number)?.name ?? '';
  return { corrections: [...(poll.corrections ?? []), { number, from, to, at, reason }] };
}

/** Those after the one who leaves move up: numbers have no gaps. */
const withoutParticipant = ({ participants }: Poll, number: number): Participant[] =>
  participants.filter((one) => one.number !== number).map((one, index) => ({ ...one, number: index + 1 }));

function withParticipant(poll: Poll, number: number, change: Partial<Participant>): Poll {
  const changed = (one: Participant): Participant => (one.number === number ? { ...one, ...change } : one);
  return { ...poll, participants: poll.participants.map(changed) };
}

/** The focus belongs to the photo: another one has another, or none. */
function withPortrait(poll: Poll, number: number, portrait: Pick<Participant, 'photo' | 'focus'>): Poll {
  const portrayed = ({ photo: _photo, focus: _focus, ...one }: Participant): Participant => ({ ...one, ...portrait });
  return { ...poll, participants: poll.participants.map((one) => (one.number === number ? portrayed(one) : one)) };
}

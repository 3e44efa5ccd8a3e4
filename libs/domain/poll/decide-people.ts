import { DomainError } from '../errors.ts';
import type { PollEvent } from '../events.ts';
import type { Focus, Participant } from '../wire/participants.ts';
import { assertParticipants } from './decide-participants.ts';
import type { Command, Stamp } from './decide.ts';
import { MAX_NAME_LENGTH, type Poll, assertParticipant } from './poll.ts';
import { checkedText } from './text.ts';

/** A photo, and what of it stays in view. */
export interface Portrait {
  /** SHA-256 of it, hexadecimal. */
  readonly photo: string;
  readonly focus?: Focus | undefined;
}

/** What shall become of a portrait: what is undefined stays as it is; without a photo (null) there is no focus either. */
export interface WantedPortrait {
  readonly photo?: string | null | undefined;
  readonly focus?: Focus | undefined;
}

/** A participant as a draft shall have them. */
export interface WantedPerson extends WantedPortrait {
  /** Of a participant who is there already; undefined: a new one. */
  readonly number?: number | undefined;
  readonly name: string;
}

/** A portrait as fields of a participant. */
export const portraitFields = (portrait: Portrait | undefined): Pick<Participant, 'photo' | 'focus'> =>
  portrait === undefined
    ? {}
    : { photo: portrait.photo, ...(portrait.focus !== undefined && { focus: portrait.focus }) };

/**
 * The participants of a draft, all at once: who is not named leaves, the others keep their order, and new ones come after them.
 * Only the outcome must be a valid poll: names may change places.
 * @throws DomainError `invalid-participants`, `invalid-name`, `participant-not-found` or `photo-not-found`
 */
export function changePeople({ people, at, by }: Command<'DescribeDraft'>, poll: Poll): PollEvent[] {
  if (people === undefined) return [];
  const before = keptOf(people, poll);
  const after = people.map((one, index) => ({
    ...{ ...one, number: index + 1 },
    name: checkedText(one.name, MAX_NAME_LENGTH, 'invalid-name'),
  }));
  assertParticipants(after.map(({ number, name }) => ({ number, name })));
  const pollId = poll.id;
  const leaving = poll.participants.filter((one) => !before.includes(one)).toReversed();
  return [
    ...leaving.map(({ number }) => ({ type: 'ParticipantRemoved', pollId, number, removedAt: at, by }) as const),
    ...after.flatMap((one, index) => [
      ...named(one, before[index], { pollId, at, by }),
      ...changePortrait({ ...one, at, by }, poll, before[index]),
    ]),
  ];
}

/** Those who stay, in their order: they come first. */
function keptOf(people: readonly WantedPerson[], poll: Poll): Participant[] {
  const numbers = people.flatMap(({ number }) => number ?? []);
  const isInOrder = numbers.every(
    (number, index) => people[index]?.number === number && number > (numbers[index - 1] ?? 0),
  );
  if (!isInOrder) throw new DomainError('invalid-participants', 'those who stay come first, in their order');
  return numbers.map((number) => assertParticipant(poll, number));
}

function named(
  { number, name }: Pick<Participant, 'number' | 'name'>,
  before: Participant | undefined,
  { pollId, at, by }: Stamp & { readonly pollId: string },
): PollEvent[] {
  if (before === undefined) return [{ type: 'ParticipantAdded', pollId, number, name, addedAt: at, by }];
  return before.name === name ? [] : [{ type: 'ParticipantChanged', pollId, number, name, changedAt: at, by }];
}

type PortraitChange = WantedPortrait & Stamp & { readonly number: number };

/**
 * What becomes of a photo and its focus. A focus alone is for the photo that is there.
 * @throws DomainError `photo-not-found` if there is none
 */
export function changePortrait(wanted: PortraitChange, poll: Poll, before: Participant | undefined): PollEvent[] {
  const { number, at, by, photo = before?.photo ?? null } = wanted;
  if (photo === null) return removePhoto(wanted, poll, before);
  const kept = photo === before?.photo ? before.focus : undefined;
  const next = portraitFields({ photo, focus: wanted.focus ?? kept });
  if (photo === before?.photo && isSameFocus(next.focus, kept)) return [];
  return [{ type: 'PhotoChanged', pollId: poll.id, number, photo, ...next, changedAt: at, by }];
}

function removePhoto(
  { number, focus, at, by }: PortraitChange,
  poll: Poll,
  before: Participant | undefined,
): PollEvent[] {
  if (focus !== undefined) throw new DomainError('photo-not-found', `participant ${String(number)} has no photo`);
  return before?.photo === undefined ? [] : [{ type: 'PhotoRemoved', pollId: poll.id, number, removedAt: at, by }];
}

const isSameFocus = (one: Focus | undefined, other: Focus | undefined): boolean =>
  one?.x === other?.x && one?.y === other?.y;

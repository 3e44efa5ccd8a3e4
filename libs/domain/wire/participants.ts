import { type DataOf, type Field, percent, record } from './fields.ts';

/** How many may take part in a poll. Polls that were opened as version 1 are between two. */
export const MIN_PARTICIPANTS = 2;
export const MAX_PARTICIPANTS = 10;

/** Where the face is in a photo: whole percent from its left and upper edge. */
const FOCUS = { x: percent, y: percent };
export type Focus = DataOf<typeof FOCUS>;
export const focus: Field<Focus> = record(FOCUS);

/** A person the public votes for. */
export interface Participant {
  /** From 1 to the number of participants, without gaps; once the poll is open it never changes. */
  readonly number: number;
  readonly name: string;
  /** SHA-256 of a photo that is stored elsewhere, hexadecimal. */
  readonly photo?: string;
  /** What stays in view wherever the photo is cut; absent: nobody said. */
  readonly focus?: Focus;
}

/** The participants of a poll, at most so many, in the order of their numbers. */
export const participants = (most: number): Field<readonly Participant[]> => ({
  accepts: (value): value is readonly Participant[] =>
    Array.isArray(value) &&
    value.length >= MIN_PARTICIPANTS &&
    value.length <= most &&
    value.every((one, index) => isParticipant(one) && one.number === index + 1),
  canonical: (list) =>
    list.map(({ number, name, ...portrait }) => ({
      ...{ number, name },
      ...(portrait.photo !== undefined && { photo: portrait.photo }),
      ...(portrait.focus !== undefined && { focus: focus.canonical!(portrait.focus) }),
    })),
});

function isParticipant(value: unknown): value is Participant {
  const { number, name, photo = '', ...rest } = (value ?? {}) as Partial<Participant>;
  const isPortrait = typeof photo === 'string' && (rest.focus === undefined || focus.accepts(rest.focus));
  return Number.isInteger(number) && typeof name === 'string' && isPortrait;
}

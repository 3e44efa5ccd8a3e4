import { UnreadableEventError } from './errors.ts';
import type { EventContent } from './recorded-event.ts';
import { upcast } from './upcasters.ts';
import { decodeText } from './vote-cast.ts';

/** A person the public votes for. `number` counts from 1 and never changes. */
export interface Participant {
  readonly number: number;
  readonly name: string;
  /** SHA-256 of a photo that is stored elsewhere, hexadecimal. */
  readonly photo?: string;
}

/** What administrators decided about a poll. Times are UTC ISO-8601 with milliseconds; `by` is the user's name. */
export type PollEvent =
  | {
      readonly type: 'PollDrafted';
      readonly pollId: string;
      readonly title: string;
      readonly participants: readonly Participant[];
      readonly draftedAt: string;
      readonly by: string;
    }
  | {
      /** When the poll shall open and close by itself; null: when somebody says so. It replaces the schedule before. */
      readonly type: 'PollScheduled';
      readonly pollId: string;
      readonly opensAt: string | null;
      readonly closesAt: string | null;
      readonly scheduledAt: string;
      readonly by: string;
    }
  | {
      /** Whole, also after a draft, so that it can be read without it. `by` of a scheduled opening is who scheduled it. */
      readonly type: 'PollOpened';
      readonly pollId: string;
      readonly title: string;
      readonly participants: readonly Participant[];
      readonly openedAt: string;
      readonly by: string;
      /** Of a scheduled opening: when it should have been; `openedAt` is when it was. */
      readonly scheduledFor?: string;
    }
  | {
      readonly type: 'TitleChanged';
      readonly pollId: string;
      readonly title: string;
      readonly changedAt: string;
      readonly by: string;
    }
  | {
      /** The poll is never opened; its number is not used again. */
      readonly type: 'DraftDiscarded';
      readonly pollId: string;
      readonly discardedAt: string;
      readonly by: string;
    }
  | {
      readonly type: 'ParticipantChanged';
      readonly pollId: string;
      readonly number: number;
      readonly name: string;
      readonly changedAt: string;
      readonly by: string;
    }
  | {
      readonly type: 'PhotoChanged';
      readonly pollId: string;
      readonly number: number;
      readonly photo: string;
      readonly changedAt: string;
      readonly by: string;
    }
  | {
      readonly type: 'PollClosed';
      readonly pollId: string;
      readonly closedAt: string;
      readonly by: string;
      /** As with `PollOpened`. */
      readonly scheduledFor?: string;
    }
  | {
      /** The cut is in the ballot box, at revision `cut` or before: of several the first counts. */
      readonly type: 'PollSealed';
      readonly pollId: string;
      readonly cut: string;
      readonly sealedAt: string;
    };

/** The cut: every vote that stands behind the first of these in the ballot box is late. */
export const BALLOT_BOX_CLOSED = 'BallotBoxClosed';
const POLL_EVENT_VERSION = 1;

const encoder = new TextEncoder();

/** Key order of the canonical form; every key must be present. */
const KEYS: Record<PollEvent['type'], readonly string[]> = {
  PollDrafted: ['pollId', 'title', 'participants', 'draftedAt', 'by'],
  PollScheduled: ['pollId', 'opensAt', 'closesAt', 'scheduledAt', 'by'],
  PollOpened: ['pollId', 'title', 'participants', 'openedAt', 'by'],
  TitleChanged: ['pollId', 'title', 'changedAt', 'by'],
  DraftDiscarded: ['pollId', 'discardedAt', 'by'],
  ParticipantChanged: ['pollId', 'number', 'name', 'changedAt', 'by'],
  PhotoChanged: ['pollId', 'number', 'photo', 'changedAt', 'by'],
  PollClosed: ['pollId', 'closedAt', 'by'],
  PollSealed: ['pollId', 'cut', 'sealedAt'],
};

/** Keys that stand behind the others, where an event has them. */
const OPTIONAL_KEYS: Partial<Record<PollEvent['type'], readonly string[]>> = {
  PollOpened: ['scheduledFor'],
  PollClosed: ['scheduledFor'],
};

const NULLABLE_KEYS: ReadonlySet<string> = new Set(['opensAt', 'closesAt']);

/** Encodes a poll event in its canonical form: the keys above in that order, no white space. */
export function encodePollEvent(event: PollEvent): EventContent {
  const fields = event as unknown as Record<string, unknown>;
  const body: Record<string, unknown> = {};
  for (const key of KEYS[event.type]) {
    body[key] = key === 'participants' ? canonicalParticipants(fields[key] as Participant[]) : fields[key];
  }
  // what is undefined is left out
  for (const key of OPTIONAL_KEYS[event.type] ?? []) body[key] = fields[key];
  return { type: event.type, version: POLL_EVENT_VERSION, data: encoder.encode(JSON.stringify(body)) };
}

/** Encodes the closing cut of a ballot box. */
export function encodeBallotBoxClosed(pollId: string, closedAt: string): EventContent {
  return {
    type: BALLOT_BOX_CLOSED,
    version: POLL_EVENT_VERSION,
    data: encoder.encode(JSON.stringify({ pollId, closedAt })),
  };
}

/**
 * Decodes an event of a poll stream.
 * @throws UnreadableEventError for an unknown type or version, broken JSON or missing keys
 */
export function decodePollEvent(stored: EventContent): PollEvent {
  const event = upcast(stored);
  if (!Object.hasOwn(KEYS, event.type) || event.version !== POLL_EVENT_VERSION) {
    throw new UnreadableEventError(`unknown event ${event.type} v${String(event.version)}`);
  }
  const type = event.type as PollEvent['type'];
  const body = parseObject(decodeText(event.data));
  for (const key of KEYS[type]) {
    if (!hasExpectedType(key, body[key])) throw new UnreadableEventError(`${type}: bad ${key}`);
  }
  for (const key of OPTIONAL_KEYS[type] ?? []) {
    if (key in body && !hasExpectedType(key, body[key])) throw new UnreadableEventError(`${type}: bad ${key}`);
  }
  return { ...body, type } as unknown as PollEvent;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // reported below, with what is not JSON at all
  }
  throw new UnreadableEventError('not a JSON object');
}

function hasExpectedType(key: string, value: unknown): boolean {
  if (key === 'participants') return Array.isArray(value) && value.every(isParticipant);
  if (key === 'number') return Number.isInteger(value);
  if (value === null) return NULLABLE_KEYS.has(key);
  return typeof value === 'string';
}

function isParticipant(value: unknown): value is Participant {
  const participant = value as Partial<Participant> | null;
  const { number, name, photo = '' } = participant ?? {};
  return Number.isInteger(number) && typeof name === 'string' && typeof photo === 'string';
}

function canonicalParticipants(participants: readonly Participant[]): Participant[] {
  return participants.map(({ number, name, photo }) => ({ number, name, ...(photo !== undefined && { photo }) }));
}

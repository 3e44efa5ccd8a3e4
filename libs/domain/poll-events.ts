import { decodeText } from './canonical.ts';
import { UnreadableEventError } from './errors.ts';
import type { EventContent } from './recorded-event.ts';
import { upcast } from './upcasters.ts';

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
      /**
       * SHA-256 of the key that marks the votes of this poll, hexadecimal: of version 2, and with it the rule of the count. A poll
       * that was opened without one has rule 1.
       */
      readonly evidenceKeyHash?: string;
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
      /** Of a correction after the opening: what the public is told. */
      readonly reason?: string;
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
      /** The key that marked the votes, disclosed now that the poll is over, hexadecimal: of version 2. */
      readonly evidenceKey?: string;
    };

/** The cut: every vote that stands behind the first of these in the ballot box is late. */
export const BALLOT_BOX_CLOSED = 'BallotBoxClosed';

const encoder = new TextEncoder();

/** The keys of one version of an event, in the order of the canonical form; the optional ones stand behind the others. */
interface Form {
  readonly keys: readonly string[];
  readonly optional?: readonly string[];
}

/** The forms of each event, version 1 first. A later one has what the one before had; its last key is what it adds. */
const FORMS: Readonly<Record<PollEvent['type'], readonly Form[]>> = {
  PollDrafted: [{ keys: ['pollId', 'title', 'participants', 'draftedAt', 'by'] }],
  PollScheduled: [{ keys: ['pollId', 'opensAt', 'closesAt', 'scheduledAt', 'by'] }],
  PollOpened: [
    { keys: ['pollId', 'title', 'participants', 'openedAt', 'by'], optional: ['scheduledFor'] },
    {
      keys: ['pollId', 'title', 'participants', 'openedAt', 'by', 'evidenceKeyHash'],
      // whatever a poll is given later stands here, and is left out where it is not
      optional: ['scheduledFor'],
    },
  ],
  TitleChanged: [{ keys: ['pollId', 'title', 'changedAt', 'by'] }],
  DraftDiscarded: [{ keys: ['pollId', 'discardedAt', 'by'] }],
  ParticipantChanged: [{ keys: ['pollId', 'number', 'name', 'changedAt', 'by'], optional: ['reason'] }],
  PhotoChanged: [{ keys: ['pollId', 'number', 'photo', 'changedAt', 'by'] }],
  PollClosed: [{ keys: ['pollId', 'closedAt', 'by'], optional: ['scheduledFor'] }],
  PollSealed: [{ keys: ['pollId', 'cut', 'sealedAt'] }, { keys: ['pollId', 'cut', 'sealedAt', 'evidenceKey'] }],
};

const NULLABLE_KEYS: ReadonlySet<string> = new Set(['opensAt', 'closesAt']);
/** What makes a second version of an event: a hash or a key of 32 bytes. */
const MARKS: ReadonlySet<string> = new Set(['evidenceKeyHash', 'evidenceKey']);
const MARK = /^[0-9a-f]{64}$/;

/** Encodes a poll event in the canonical form of the newest version that it has the keys of: no white space. */
export function encodePollEvent(event: PollEvent): EventContent {
  const fields = event as unknown as Record<string, unknown>;
  const forms = FORMS[event.type];
  const newest = forms.findLastIndex(({ keys }) => fields[keys.at(-1)!] !== undefined);
  const version = Math.max(newest, 0) + 1;
  const { keys, optional = [] } = forms[version - 1]!;
  const body: Record<string, unknown> = {};
  for (const key of keys) {
    body[key] = key === 'participants' ? canonicalParticipants(fields[key] as Participant[]) : fields[key];
  }
  // what is undefined is left out
  for (const key of optional) body[key] = fields[key];
  return { type: event.type, version, data: encoder.encode(JSON.stringify(body)) };
}

/** Encodes the closing cut of a ballot box. */
export function encodeBallotBoxClosed(pollId: string, closedAt: string): EventContent {
  return {
    type: BALLOT_BOX_CLOSED,
    version: 1,
    data: encoder.encode(JSON.stringify({ pollId, closedAt })),
  };
}

/**
 * Decodes an event of a poll stream.
 * @throws UnreadableEventError for an unknown type or version, broken JSON or missing keys
 */
export function decodePollEvent(stored: EventContent): PollEvent {
  const event = upcast(stored);
  const form = Object.hasOwn(FORMS, event.type) ? FORMS[event.type as PollEvent['type']][event.version - 1] : undefined;
  if (form === undefined) throw new UnreadableEventError('unknown-event', `${event.type} v${String(event.version)}`);
  const { keys, optional = [] } = form;
  const type = event.type as PollEvent['type'];
  const body = parseObject(decodeText(event.data));
  for (const key of keys) {
    if (!hasExpectedType(key, body[key])) throw new UnreadableEventError('bad-field', `${type}.${key}`);
  }
  for (const key of optional) {
    if (key in body && !hasExpectedType(key, body[key])) throw new UnreadableEventError('bad-field', `${type}.${key}`);
  }
  for (const key of MARKS)
    if (key in body && !keys.includes(key)) throw new UnreadableEventError('bad-field', `${type}.${key} in v1`);
  return { ...body, type } as unknown as PollEvent;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // reported below, with what is not JSON at all
  }
  throw new UnreadableEventError('not-json');
}

function hasExpectedType(key: string, value: unknown): boolean {
  if (key === 'participants') return Array.isArray(value) && value.every(isParticipant);
  if (key === 'number') return Number.isInteger(value);
  if (value === null) return NULLABLE_KEYS.has(key);
  if (MARKS.has(key)) return typeof value === 'string' && MARK.test(value);
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

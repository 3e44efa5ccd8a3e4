import { UnreadableEventError } from '../errors.ts';
import { BALLOT_BOX_EVENTS, type BallotBoxClosed, type BallotBoxOpened } from '../ballot-box-events.ts';
import { POLL_EVENTS, type PollEvent, type PollEventType } from '../events.ts';
import { decodeText } from './canonical.ts';
import type { Form } from './fields.ts';
import type { EventContent } from './recorded-event.ts';
import { upcast } from './upcasters.ts';

export const BALLOT_BOX_OPENED = 'BallotBoxOpened' satisfies keyof typeof BALLOT_BOX_EVENTS;
export const BALLOT_BOX_CLOSED = 'BallotBoxClosed' satisfies keyof typeof BALLOT_BOX_EVENTS;

const encoder = new TextEncoder();

const formsOf = (type: string): readonly Form[] =>
  Object.hasOwn(POLL_EVENTS, type) ? POLL_EVENTS[type as PollEventType].versions : [];

type Values = Readonly<Record<string, unknown>>;

/** Encodes a decision about a poll in its canonical form. */
export const encodePollEvent = (event: PollEvent): EventContent => encodeEvent(event.type, formsOf(event.type), event);

/** Encodes what opens a ballot box. */
export const encodeBallotBoxOpened = (opened: BallotBoxOpened): EventContent =>
  encodeEvent(BALLOT_BOX_OPENED, BALLOT_BOX_EVENTS[BALLOT_BOX_OPENED].versions, opened);

/**
 * Encodes the closing cut of a ballot box.
 * @param acts of a box that was opened: leaves and root of the poll's own stream up to its closing
 */
export const encodeBallotBoxClosed = (pollId: string, closedAt: string, acts?: BallotBoxClosed['acts']): EventContent =>
  encodeEvent(BALLOT_BOX_CLOSED, BALLOT_BOX_EVENTS[BALLOT_BOX_CLOSED].versions, { pollId, closedAt, acts });

/** What opens a ballot box. @throws UnreadableEventError, as `decodePollEvent` */
export const decodeBallotBoxOpened = (stored: EventContent): BallotBoxOpened =>
  valuesIn(stored, BALLOT_BOX_EVENTS[BALLOT_BOX_OPENED].versions) as unknown as BallotBoxOpened;

/** The closing cut of a ballot box. @throws UnreadableEventError, as `decodePollEvent` */
export const decodeBallotBoxClosed = (stored: EventContent): BallotBoxClosed =>
  valuesIn(stored, BALLOT_BOX_EVENTS[BALLOT_BOX_CLOSED].versions) as unknown as BallotBoxClosed;

/** Encodes an event in the canonical form of the newest of its versions that it has the fields of: no white space. */
export function encodeEvent(type: string, forms: readonly Form[], values: Values): EventContent {
  const isWhole = (form: Form): boolean =>
    Object.entries(form).every(([key, { isOptional }]) => isOptional === true || values[key] !== undefined);
  const version = Math.max(forms.findLastIndex(isWhole), 0) + 1;
  const body: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(forms[version - 1]!)) {
    const value = values[key];
    // what is undefined is left out
    body[key] = value !== undefined && field.canonical ? field.canonical(value) : value;
  }
  return { type, version, data: encoder.encode(JSON.stringify(body)) };
}

/**
 * Decodes an event of a poll stream.
 * @throws UnreadableEventError for an unknown type or version, broken JSON, or fields that are missing, of another type or of
 * another version
 */
export function decodePollEvent(stored: EventContent): PollEvent {
  const current = upcast(stored);
  return { ...valuesIn(current, formsOf(current.type)), type: current.type } as unknown as PollEvent;
}

/** The fields of an event in one of these forms; no others. @throws UnreadableEventError */
function valuesIn({ type, version, data }: EventContent, forms: readonly Form[]): Values {
  const form = forms[version - 1];
  if (form === undefined) throw new UnreadableEventError('unknown-event', `${type} v${String(version)}`);
  const body = parseObject(decodeText(data));
  for (const [key, field] of Object.entries(form)) {
    const isAbsent = field.isOptional === true && !(key in body);
    if (!isAbsent && !field.accepts(body[key])) throw new UnreadableEventError('bad-field', `${type}.${key}`);
  }
  for (const key of forms.flatMap((other) => Object.keys(other))) {
    if (key in body && !(key in form)) {
      throw new UnreadableEventError('bad-field', `${type}.${key} in v${String(version)}`);
    }
  }
  // no other fields: an event is told from others by those that it has
  const known = Object.keys(form).filter((key) => key in body);
  return Object.fromEntries(known.map((key) => [key, body[key]]));
}

/** What was decided; undefined for what cannot be read, which decides nothing. */
export function decisionIn(event: EventContent): PollEvent | undefined {
  try {
    return decodePollEvent(event);
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return undefined;
  }
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // reported below, with what is not JSON at all
  }
  throw new UnreadableEventError('not-json');
}

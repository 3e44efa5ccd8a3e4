import { UnreadableEventError } from '../errors.ts';
import { POLL_EVENTS, type PollEvent, type PollEventType } from '../events.ts';
import { decodeText } from './canonical.ts';
import type { Form } from './fields.ts';
import type { EventContent } from './recorded-event.ts';
import { upcast } from './upcasters.ts';

/** The cut: every vote that stands behind the first of these in the ballot box is late. */
export const BALLOT_BOX_CLOSED = 'BallotBoxClosed';

const encoder = new TextEncoder();

const formsOf = (type: string): readonly Form[] =>
  Object.hasOwn(POLL_EVENTS, type) ? POLL_EVENTS[type as PollEventType].versions : [];

/** Encodes a poll event in the canonical form of the newest version that it has the fields of: no white space. */
export function encodePollEvent(event: PollEvent): EventContent {
  const values = event as unknown as Readonly<Record<string, unknown>>;
  const forms = formsOf(event.type);
  const isWhole = (form: Form): boolean =>
    Object.entries(form).every(([key, { isOptional }]) => isOptional === true || values[key] !== undefined);
  const version = Math.max(forms.findLastIndex(isWhole), 0) + 1;
  const body: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(forms[version - 1]!)) {
    const value = values[key];
    // what is undefined is left out
    body[key] = value !== undefined && field.canonical ? field.canonical(value) : value;
  }
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
 * @throws UnreadableEventError for an unknown type or version, broken JSON, or fields that are missing, of another type or of
 * another version
 */
export function decodePollEvent(stored: EventContent): PollEvent {
  const { type, version, data } = upcast(stored);
  const forms = formsOf(type);
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
  return { ...body, type } as unknown as PollEvent;
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

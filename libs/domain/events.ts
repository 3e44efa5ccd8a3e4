import { ON_STAGE, asScheduled, between, brasilia, instead, kind, meant, percents } from './event-words.ts';
import { POLICIES, POLICY_WORDS } from './poll/disclosure.ts';
import { PURPOSES } from './poll/purpose.ts';
import { STAGE_MODES } from './poll/stage.ts';
import { RESULT_EVENTS } from './result-events.ts';
import { event } from './wire/definition.ts';
import {
  type DataOfAny,
  bytes32,
  decided,
  moment,
  momentOrNull,
  oneOf,
  optional,
  text,
  user,
  wholeNumber,
  yes,
} from './wire/fields.ts';
import { meaning } from './wire/meaning.ts';
import { MAX_PARTICIPANTS, focus, participants } from './wire/participants.ts';

/** The annulled poll in whose place it is held; and whether its votes count for nothing, which is said when it is made, and kept. */
const mark = { replaces: optional(text), rehearsal: optional(yes) };

/** How many ballot boxes it has, each of them opened by its first event. Polls of earlier versions have one, which nothing opens. */
const boxes = { ballotBoxes: optional(wholeNumber) };

const opening = {
  pollId: text,
  title: text,
  participants: participants(MAX_PARTICIPANTS),
  openedAt: decided,
  by: user,
};

/**
 * Everything that may be decided about a poll: the one place that says what such an event is called, what it holds, when it
 * may happen and how auditors read it. Types, encoder, decoder, the audit's check of states and the list of actions follow from it.
 */
export const POLL_EVENTS = {
  PollDrafted: event({
    versions: [
      {
        ...{ pollId: text, title: text, participants: participants(MAX_PARTICIPANTS), draftedAt: decided, by: user },
        ...meaning,
        ...mark,
      },
    ],
    after: [undefined],
    says: (poll) => `Preparou o ${kind(poll)} ${between(poll)}${meant(poll)}${instead(poll)}`,
  }),
  /** When the poll shall open and close by itself; null: when somebody says so. It replaces the schedule before. */
  PollScheduled: event({
    versions: [{ pollId: text, opensAt: momentOrNull, closesAt: momentOrNull, scheduledAt: decided, by: user }],
    after: ['draft', 'open'],
    says: ({ opensAt, closesAt }) => {
      const opens = opensAt === null ? 'sem hora para abrir' : `abre em ${brasilia(opensAt)}`;
      const closes = closesAt === null ? 'sem hora para encerrar' : `encerra em ${brasilia(closesAt)}`;
      return `Marcou os horários: ${opens}, ${closes}`;
    },
  }),
  /**
   * Whole, also after a draft, so that it can be read without it. `by` of a scheduled opening is who scheduled it, `scheduledFor`
   * when it should have been; `openedAt` is when it was. `evidenceKeyHash` is the SHA-256 of the key that marks the votes: it
   * makes version 2, and with it the rule of the count. A poll that was opened without one has rule 1, and is between two.
   */
  PollOpened: event({
    versions: [
      { ...opening, participants: participants(2), scheduledFor: optional(moment) },
      { ...opening, evidenceKeyHash: bytes32, scheduledFor: optional(moment), ...meaning, ...mark, ...boxes },
    ],
    after: [undefined, 'draft'],
    says: (poll) =>
      `Abriu o ${kind(poll)} ${between(poll)}${meant(poll)}${instead(poll)}${asScheduled(poll.scheduledFor)}`,
  }),
  TitleChanged: event({
    versions: [{ pollId: text, title: text, changedAt: decided, by: user }],
    after: ['draft'],
    says: ({ title }) => `Mudou o título para “${title}”`,
  }),
  PurposeChanged: event({
    versions: [{ pollId: text, purpose: oneOf(PURPOSES), changedAt: decided, by: user }],
    after: ['draft'],
    says: ({ purpose }) => `Definiu que se vota para ${purpose}`,
  }),
  /** Empty: there are none any more. */
  RulesChanged: event({
    versions: [{ pollId: text, rules: text, changedAt: decided, by: user }],
    after: ['draft'],
    says: ({ rules }) => (rules === '' ? 'Retirou o regulamento' : 'Mudou o regulamento'),
  }),
  PolicyChanged: event({
    versions: [{ pollId: text, policy: oneOf(POLICIES), changedAt: decided, by: user }],
    after: ['draft'],
    says: ({ policy }) => `Definiu a divulgação: ${POLICY_WORDS[policy]}`,
  }),
  /** Empty: it is in nobody's place any more. */
  ReplacesChanged: event({
    versions: [{ pollId: text, replaces: text, changedAt: decided, by: user }],
    after: ['draft'],
    says: ({ replaces }) =>
      replaces === ''
        ? 'Definiu que não substitui outro paredão'
        : `Definiu que substitui o paredão ${replaces}, anulado`,
  }),
  /** The poll is never opened; its number is not used again. */
  DraftDiscarded: event({
    versions: [{ pollId: text, discardedAt: decided, by: user }],
    after: ['draft'],
    says: () => 'Descartou o rascunho',
  }),
  /** `reason`: of a correction after the opening, which the public reads. */
  ParticipantChanged: event({
    versions: [{ pollId: text, number: wholeNumber, name: text, changedAt: decided, by: user, reason: optional(text) }],
    after: ['draft', 'open'],
    says: ({ number, name, reason }) =>
      `Mudou o nome do participante ${String(number)} para ${name}${reason === undefined ? '' : `: ${reason}`}`,
  }),
  ParticipantAdded: event({
    versions: [{ pollId: text, number: wholeNumber, name: text, addedAt: decided, by: user }],
    after: ['draft'],
    says: ({ number, name }) => `Incluiu ${name} como participante ${String(number)}`,
  }),
  /** Those with higher numbers move up. */
  ParticipantRemoved: event({
    versions: [{ pollId: text, number: wholeNumber, removedAt: decided, by: user }],
    after: ['draft'],
    says: ({ number }) => `Retirou o participante ${String(number)}`,
  }),
  /** With the photo that there was, only its focus is another one. Without a focus it has none any more. */
  PhotoChanged: event({
    versions: [
      { pollId: text, number: wholeNumber, photo: text, changedAt: decided, by: user, focus: optional(focus) },
    ],
    after: ['draft', 'open'],
    says: ({ number, focus: at }) =>
      at === undefined
        ? `Trocou a foto do participante ${String(number)}`
        : `Definiu a foto do participante ${String(number)}, com o foco a ${percents(at)}`,
  }),
  /** With its focus: a drawing stands in its place. */
  PhotoRemoved: event({
    versions: [{ pollId: text, number: wholeNumber, removedAt: decided, by: user }],
    after: ['draft', 'open'],
    says: ({ number }) => `Retirou a foto do participante ${String(number)}`,
  }),
  /** The door is closed, not the box: votes that were taken already are still recorded, and count. */
  PollPaused: event({
    versions: [{ pollId: text, pausedAt: decided, by: user }],
    after: ['open'],
    paused: false,
    says: () => 'Pausou a votação',
  }),
  PollResumed: event({
    versions: [{ pollId: text, resumedAt: decided, by: user }],
    after: ['open'],
    paused: true,
    says: () => 'Retomou a votação',
  }),
  /** On cue: the public sees the shares from now on. */
  SharesShown: event({
    versions: [{ pollId: text, shownAt: decided, by: user }],
    after: ['open'],
    says: () => 'Mostrou a parcial ao público',
  }),
  SharesHidden: event({
    versions: [{ pollId: text, hiddenAt: decided, by: user }],
    after: ['open'],
    says: () => 'Ocultou a parcial do público',
  }),
  /** Also of a poll that is paused: the pause ends with it. */
  PollClosed: event({
    versions: [{ pollId: text, closedAt: decided, by: user, scheduledFor: optional(moment) }],
    after: ['open'],
    says: ({ scheduledFor }) => `Encerrou a votação${asScheduled(scheduledFor)}`,
  }),
  /** What the wall in the studio shows from now on. The result only once it is proclaimed. */
  StageCued: event({
    versions: [{ pollId: text, mode: oneOf(STAGE_MODES), cuedAt: decided, by: user }],
    after: ['open', 'closed', 'sealed'],
    says: ({ mode }) => `Pôs no palco: ${ON_STAGE[mode]}`,
  }),
  /**
   * The cut is in the ballot box, at revision `cut` or before: of several the first counts. `evidenceKey` is the key that marked
   * the votes, disclosed now that the poll is over.
   */
  PollSealed: event({
    versions: [
      { pollId: text, cut: text, sealedAt: decided },
      { pollId: text, cut: text, sealedAt: decided, evidenceKey: bytes32 },
    ],
    after: ['closed'],
    says: ({ cut }) => `O sistema lacrou a urna no corte ${cut}`,
  }),
  ...RESULT_EVENTS,
} as const;

type Table = typeof POLL_EVENTS;
export type PollEventType = keyof Table;

/** What was decided about a poll. Times are UTC ISO-8601 with milliseconds; `by` is the user's name. */
export type PollEvent = {
  [T in PollEventType]: Flat<{ readonly type: T } & DataOfAny<Table[T]['versions']>>;
}[PollEventType];

/** A decision of one kind. */
export type PollEventOf<T extends PollEventType> = Extract<PollEvent, { type: T }>;

type Flat<T> = { [K in keyof T]: T[K] };

/** What happened, for auditors to read. */
export const describePollEvent = (event: PollEvent): string =>
  (POLL_EVENTS[event.type].says as (event: PollEvent) => string)(event);

/** When it was decided, as it says itself, ms since the epoch; NaN where that is no time. */
export function decidedAt(event: PollEvent): number {
  const [form] = POLL_EVENTS[event.type].versions;
  const [key = ''] = Object.entries(form).find(([, field]) => field === decided) ?? [];
  return Date.parse(String((event as unknown as Readonly<Record<string, unknown>>)[key]));
}

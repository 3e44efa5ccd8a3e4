import type { PollEvent } from '#domain';

const KEYS = {
  PollDrafted: 'draftedAt',
  PollScheduled: 'scheduledAt',
  PollOpened: 'openedAt',
  TitleChanged: 'changedAt',
  DraftDiscarded: 'discardedAt',
  ParticipantChanged: 'changedAt',
  ParticipantAdded: 'addedAt',
  ParticipantRemoved: 'removedAt',
  PhotoChanged: 'changedAt',
  PollClosed: 'closedAt',
  PollSealed: 'sealedAt',
} as const satisfies Readonly<Record<PollEvent['type'], string>>;

/** When a decision says that it was made, ms since the epoch; NaN where that is no time. */
export const decidedAt = (decision: PollEvent): number =>
  Date.parse((decision as unknown as Readonly<Record<string, string>>)[KEYS[decision.type]] ?? '');

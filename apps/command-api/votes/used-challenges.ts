import type { FactoryProvider } from '@nestjs/common';

import { readVoteId } from '#domain';
import { EventLogUnavailableError } from '#event-log';
import type { PassedCheck } from '#human-check';
import type { ProblemCode } from '#contract';
import { Environment } from '#platform';

import type { CastReceipt } from './cast-vote.command.ts';
import { RecentTexts } from './recent-texts.ts';
import { ID_WORDS, ReceiptTable, type Use } from './receipt-table.ts';

/** The challenge was used for another participant. */
export class ChallengeUsedError extends Error {
  override readonly name = 'ChallengeUsedError';
  readonly code = 'human-check-used' satisfies ProblemCode;
}

interface Pending {
  readonly participantId: number;
  readonly answer: Promise<CastReceipt>;
}

/** Most uses that are remembered: those of five minutes at 3,000 votes/s, in 90 MB. */
export const MOST_REMEMBERED = 2 ** 20;
/** Uses a table, in 11 MB: with more tables each vote looks in more of them, and larger ones miss the caches. */
const TABLE_LIMIT = 2 ** 17;
/** Signed receipts that are kept for who asks again, in 20 MB: those of 16 s at 1,000 votes/s, in which a phone has tried again. */
const MOST_SIGNED = 2 ** 14;
/** Longest of them, characters: of an origin of 200 bytes. */
const LONGEST_SIGNED = 1280;
/** How long a use is remembered beyond the life of its challenge, ms: clocks differ. */
const GRACE_MS = 60_000;

/**
 * The challenges that were voted with as long as they live, with their answers: replays end here, before the queue. It holds
 * what this process took and what it read in the ballot box. It is bounded and forgets the oldest first, which is safe:
 * the fold counts a challenge once whatever gets through.
 */
export class UsedChallenges {
  /** How long a use may matter, ms. */
  readonly memoryMs: number;
  /** On this host's clock, as challenges say when they were issued. */
  private readonly startedAt = Date.now();
  /** Whether the uses from before the start are known as well. */
  private complete = false;
  /** Votes on their way: no more than the queue takes. */
  private readonly pending = new Map<string, Pending>();
  /** The youngest last. */
  private readonly tables: ReceiptTable[];
  private readonly signed = new RecentTexts(MOST_SIGNED, LONGEST_SIGNED);
  private readonly key = new Uint32Array(ID_WORDS);
  private readonly limits: { readonly all: number; readonly table: number };

  /** @param lifetimeMs of a challenge */
  constructor(lifetimeMs: number, limits = { all: MOST_REMEMBERED, table: TABLE_LIMIT }) {
    this.memoryMs = lifetimeMs + GRACE_MS;
    this.limits = limits;
    this.tables = [new ReceiptTable(limits.table, this.signed)];
  }

  /**
   * The answer that was given to this challenge, maybe still on its way.
   * @throws ChallengeUsedError when it was used for another participant
   */
  answerTo(challengeId: string, participantId: number): CastReceipt | Promise<CastReceipt> | undefined {
    const use = this.pending.get(challengeId) ?? this.find(challengeId)?.use;
    if (use !== undefined && use.participantId !== participantId) {
      throw new ChallengeUsedError('challenge already used');
    }
    return use && ('answer' in use ? use.answer : use.receipt);
  }

  /**
   * A challenge from before the start may have been used in a life of this process that it knows nothing of.
   * @throws EventLogUnavailableError until the votes of that time were read
   */
  assertKnown({ issuedAt }: Pick<PassedCheck, 'issuedAt'>): void {
    if (!this.complete && issuedAt < this.startedAt) {
      throw new EventLogUnavailableError('the votes from before the start are still being read');
    }
  }

  /** The uses from before the start were read, or their challenges have expired. */
  becomeComplete(): void {
    this.complete = true;
  }

  /**
   * Keeps an answer. When it fails the voter may try the same challenge again, but for the same participant only: the
   * vote may be in the log all the same, and then the first one counts.
   */
  keep(challengeId: string, participantId: number, answer: Promise<CastReceipt>): void {
    this.pending.set(challengeId, { participantId, answer });
    const settle = (receipt?: CastReceipt): void => {
      this.pending.delete(challengeId);
      this.remember(challengeId, participantId, receipt);
    };
    answer.then(settle, () => {
      settle();
    });
  }

  /** Remembers a vote that stands in a ballot box. */
  found(receipt: CastReceipt): void {
    this.remember(receipt.voteId, receipt.participantId, receipt);
  }

  /** Of two uses of a challenge the one that stands first in the log is the vote, whichever this process heard of first. */
  private remember(challengeId: string, participantId: number, receipt?: CastReceipt): void {
    const known = this.find(challengeId);
    if (known === undefined) {
      this.roomy().set(this.key, participantId, receipt);
    } else if (receipt !== undefined && isEarlier(receipt, known.use)) {
      known.table.set(this.key, participantId, receipt);
    }
  }

  /** Leaves the words of the id in `key`. */
  private find(challengeId: string): { readonly table: ReceiptTable; readonly use: Use } | undefined {
    readVoteId(challengeId, this.key);
    for (let index = this.tables.length - 1; index >= 0; index--) {
      const table = this.tables[index]!;
      const use = table.get(challengeId, this.key);
      if (use !== undefined) return { table, use };
    }
    return undefined;
  }

  /** The youngest table; when it is full, a new one, made of the oldest where that is not needed any more. */
  private roomy(): ReceiptTable {
    const youngest = this.tables.at(-1)!;
    if (!youngest.isFull) return youngest;
    const oldest = this.tables[0]!;
    const isOver = performance.now() - oldest.filledAt > this.memoryMs;
    const isLast = (this.tables.length + 1) * this.limits.table > this.limits.all;
    const table = isOver || isLast ? this.tables.shift()! : new ReceiptTable(this.limits.table, this.signed);
    table.clear();
    this.tables.push(table);
    return table;
  }
}

export const usedChallengesProvider: FactoryProvider<UsedChallenges> = {
  provide: UsedChallenges,
  inject: [Environment],
  useFactory: ({ humanCheckLifetimeSeconds }: Environment) => new UsedChallenges(humanCheckLifetimeSeconds * 1000),
};

const isEarlier = ({ participantId, position }: CastReceipt, known: Use): boolean =>
  known.receipt === undefined || (participantId !== known.participantId && position < known.receipt.position);

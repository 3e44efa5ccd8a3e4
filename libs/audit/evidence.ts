import type { Announced } from '#contract';
import type { RecordedEvent } from '#domain';
import type { StoredTally, TallyStore } from '#read-model';
import type { Verifier } from '#transparency';

import type { EvidenceResult } from './evidence-check.ts';
import type { Finding, Findings } from './findings.ts';
import type { LoggedPolls } from './polls.ts';
import type { StoredTallies } from './polls-check.ts';
import type { Published } from './published.ts';
import type { Recount } from './recount.ts';
import type { EventSource, Until } from './source.ts';
import type { SqlResult } from './sqlite/sql-recount.ts';
import type { Anchor } from './urna/anchors.ts';
import type { KeptKeys, KeptReceipt } from './urna/kept-receipts.ts';
import type { UrnaWatch } from './urna/urna-watch.ts';

/** The stored tallies, for reading. */
export type Tallies = Pick<TallyStore, 'load' | 'positions' | 'checkpoint'>;

/** What is audited, and what it is compared with. */
export interface AuditOptions {
  readonly source: EventSource;
  readonly pollId: string;
  /** Compared at the position that it has when the audit begins. */
  readonly readModel?: Tallies | undefined;
  /** Asked when the audit begins; compared at the revision that it says. */
  readonly published?: (() => Promise<Published>) | undefined;
  /** What was said of the result, on air or in print. */
  readonly announced?: Announced | undefined;
  /** A point in time. What is further than that is not compared. */
  readonly until?: Until | undefined;
  /** The commitment of an earlier report, of version 1 or 2. */
  readonly expected?: string | undefined;
  /** Keys that somebody trusts: of the deployment or of the poll's ballot box, and of witnesses. */
  readonly vkeys?: readonly Verifier[] | undefined;
  /** What was kept outside of the service: the poll's logs must begin with it. */
  readonly anchors?: readonly Anchor[] | undefined;
  /** What voters were given of their votes. */
  readonly receipts?: readonly KeptReceipt[] | undefined;
  /** Keys of the ballot box that they kept: those of its first leaf have to be the same. */
  readonly keptKeys?: readonly KeptKeys[] | undefined;
  /** False: without the second recount, in SQL, which keeps a second processor busy. */
  readonly independent?: boolean | undefined;
  /** True: nothing is said of other polls. */
  readonly alone?: boolean | undefined;
  readonly onProgress?: ((events: number, fraction: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Everything that was gathered, before conclusions are drawn. */
export interface Evidence {
  readonly options: AuditOptions;
  readonly recount: Recount;
  /** Undefined for a poll whose box no event opens. */
  readonly urna: UrnaWatch | undefined;
  readonly sql: SqlResult | undefined;
  readonly stored: StoredTally | undefined;
  readonly published: Published | undefined;
  /** Undefined for an export of one poll: it knows of no other. */
  readonly polls: LoggedPolls | undefined;
  readonly tallies: StoredTallies | undefined;
  /** What is wrong with other polls; undefined: they were not counted. */
  readonly others: Findings | undefined;
  readonly evidence: EvidenceResult | undefined;
  /** What is wrong with another poll that is published by default. */
  readonly byDefault: readonly Finding[];
  /** The first event after the point in time. Undefined when everything was counted. */
  readonly next: RecordedEvent | undefined;
  /** Whether votes come after it. What was signed of the votes follows them, and changes no count. */
  readonly moreVotes: boolean;
  /** When the audit began, ms since the epoch. */
  readonly startedAt: number;
}

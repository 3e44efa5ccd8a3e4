import { expect } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

import { type PollEvent, type RecordedEvent, Tally, type TallySnapshot, ballotBoxStream, pollIdOf } from '#domain';
import { SqliteEventLog, SqliteImport } from '#event-log';
import { SqliteReadModel, digestOf } from '#read-model';

import {
  type Entry,
  HOUR,
  MINUTE,
  NOON,
  POLL_ID,
  SECOND,
  cut,
  decided,
  record,
  vote,
} from '../../domain/testing/ballot-box.ts';
import type { FindingCode, Place } from '../findings.ts';
import { type AuditOptions, type AuditReport, type Finding, audit, logSource } from '../index.ts';

export const BOX = ballotBoxStream(POLL_ID);
const CLOSED_AT = NOON + 3 * HOUR;
const SEALED_AT = CLOSED_AT + 13 * SECOND;
const by = 'produção';
const at = (time: number): string => new Date(time).toISOString();

export const OPENED: Extract<PollEvent, { type: 'PollOpened' }> = {
  type: 'PollOpened',
  pollId: POLL_ID,
  title: 'Quem sai?',
  participants: [
    { number: 1, name: 'Aurora' },
    { number: 2, name: 'Íris' },
  ],
  openedAt: at(NOON),
  by,
};

/** Revisions of the entries below that specs name. */
export const DUPLICATE = 12n;
export const EXPIRED = 13n;
export const CUT = 14n;
export const LATE = 15n;

/** One event of the ballot box, by its revision. */
export const IN_BOX = `WHERE revision = ? AND stream = (SELECT id FROM streams WHERE name = '${BOX}')`;

/** Replaces text (from, to) in the bytes of one of them. */
export const REPLACE = `UPDATE events SET data = CAST(replace(CAST(data AS TEXT), ?, ?) AS BLOB) ${IN_BOX}`;

/** A poll from its opening to its seal: four votes in each of three hours, and one of everything that is not counted. */
export const WHOLE_POLL: readonly Entry[] = [
  decided(OPENED),
  ...Array.from({ length: 12 }, (_, index) => {
    const castAt = NOON + Math.floor(index / 4) * HOUR + (index % 4) * MINUTE;
    return vote(`v${index}`, 1 + (index % 3 === 0 ? 1 : 0), { castAt, recordedAt: castAt + SECOND });
  }),
  vote('v11', 1, { castAt: NOON + 2 * HOUR + 3 * MINUTE, recordedAt: NOON + 2 * HOUR + 3 * MINUTE + 2 * SECOND }),
  vote('x', 1, { castAt: NOON + 2 * HOUR, recordedAt: NOON + 2 * HOUR + 10 * MINUTE }),
  { ...decided({ type: 'PollClosed', pollId: POLL_ID, closedAt: at(CLOSED_AT), by }), recordedAt: CLOSED_AT },
  cut(CLOSED_AT + 11 * SECOND),
  vote('y', 2, { castAt: CLOSED_AT, recordedAt: CLOSED_AT + 12 * SECOND }),
  {
    ...decided({ type: 'PollSealed', pollId: POLL_ID, cut: String(CUT), sealedAt: at(SEALED_AT) }),
    recordedAt: SEALED_AT,
  },
];

/** A data directory with a log of these events and the tally that a projector stored, for specs to tamper with. */
export class Voted {
  readonly directory = mkdtempSync(join(tmpdir(), 'paredao-audit-'));

  private constructor(readonly events: readonly RecordedEvent[]) {}

  static from(entries: readonly Entry[] = WHOLE_POLL): Promise<Voted> {
    return Voted.of(record(entries));
  }

  /** @param events as they stand in the log; the tally that is stored is what they give */
  static async of(events: readonly RecordedEvent[]): Promise<Voted> {
    const voted = new Voted(events);
    const target = SqliteImport.begin(voted.directory, 'draft');
    target.add(voted.events);
    target.finish();
    await voted.project();
    return voted;
  }

  /** Runs SQL against the log, as somebody with the file may. */
  tamper(sql: string, ...parameters: SQLInputValue[]): void {
    this.change('events.db', sql, parameters);
  }

  tamperTally(sql: string, ...parameters: SQLInputValue[]): void {
    this.change('read-model.db', sql, parameters);
  }

  /** Audits the log with its read model. */
  async audit(options: Partial<AuditOptions> = {}): Promise<AuditReport> {
    const log = SqliteEventLog.openReadOnly(this.directory);
    const readModel = SqliteReadModel.open(this.directory);
    try {
      return await audit({
        source: logSource(log),
        pollId: POLL_ID,
        readModel: await readModel.current(),
        ...options,
      });
    } finally {
      await log.close();
      await readModel.close();
    }
  }

  /** What the read model has. */
  async storedTally(): Promise<TallySnapshot> {
    const readModel = SqliteReadModel.open(this.directory);
    const stored = await (await readModel.current()).load(POLL_ID);
    await readModel.close();
    return stored!.snapshot;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true });
  }

  private async project(): Promise<void> {
    const tally = new Tally(POLL_ID);
    for (const event of this.events) if (pollIdOf(event.stream) !== undefined) tally.fold(event);
    const snapshot = tally.snapshot();
    const readModel = SqliteReadModel.open(this.directory);
    await (
      await readModel.current()
    ).save({ position: this.events.at(-1)?.position ?? 0n, digest: digestOf(snapshot), snapshot });
    await readModel.close();
  }

  private change(file: string, sql: string, parameters: SQLInputValue[]): void {
    const database = new DatabaseSync(this.path(file));
    try {
      database.prepare(sql).run(...parameters);
    } finally {
      database.close();
    }
  }
}

/** What `/total` answers when it says what a report says. */
export const totalOf = ({ counts, digest, poll }: AuditReport) => {
  const [voto_1 = 0, voto_2 = 0] = counts.votes;
  return {
    paredao: poll!.id,
    digest,
    revisao: counts.revision,
    voto_1,
    voto_2,
    total: voto_1 + voto_2,
    por_participante: poll!.participants.map(({ number, name }, index) => ({
      numero: number,
      nome: name,
      votos: counts.votes[index] ?? 0,
    })),
    por_hora: Object.entries(counts.hours).map(([hour, [first = 0, second = 0]]) => ({
      hora: `${hour}:00:00.000Z`,
      total: first + second,
      voto_1: first,
      voto_2: second,
    })),
    duplicados: counts.duplicates,
    atrasados: counts.late,
    expirados: counts.expired,
    quarentena: counts.quarantined,
    completo: counts.quarantined === 0,
    final: counts.cut !== null,
  };
};

/** What an audit found wrong: the failed checks, each with its findings. */
export const failuresOf = ({ checks }: AuditReport): Record<string, readonly Finding[]> =>
  Object.fromEntries(checks.filter(({ outcome }) => outcome === 'failed').map(({ id, findings }) => [id, findings]));

/** A finding with this code, and with at least this of the rest. */
export const found = (
  code: FindingCode,
  at: Place = {},
  rest: { readonly expected?: unknown; readonly actual?: unknown } = {},
) => expect.objectContaining({ code, at: expect.objectContaining(at), ...rest });

import { Injectable } from '@nestjs/common';

import type { AuditPace as Pace } from '#contract';
import { isoTime } from '#domain';
import { ReadModel } from '#read-model';

/** What a whole audit reads on two cores beside EventStoreDB (docs/audit.md), events/s: until one was measured here. */
const DOCUMENTED_PER_SECOND = 40_000;
/** A thread, its connections, two databases: before the first event is read, s. */
const START_SECONDS = 1;
/** Shorter audits measure how fast a thread starts. */
const LEAST_EVENTS = 50_000;

/** How long a whole audit takes: as the last long one of this process did, else as the documentation says. */
@Injectable()
export class AuditPace {
  private measured: { readonly perSecond: number; readonly at: number } | undefined;

  constructor(private readonly readModel: ReadModel) {}

  /** @throws ReadModelUnavailableError */
  async now(): Promise<Pace> {
    const events = await this.events();
    const perSecond = this.measured?.perSecond ?? DOCUMENTED_PER_SECOND;
    return {
      duracao_segundos: Math.ceil(START_SECONDS + events / perSecond),
      eventos: events,
      eventos_por_segundo: Math.round(perSecond),
      medido_em: this.measured === undefined ? null : isoTime(this.measured.at),
    };
  }

  /** @param seconds that a whole audit took; it counts every poll */
  async record(seconds: number): Promise<void> {
    const events = await this.events();
    if (events < LEAST_EVENTS) return;
    this.measured = { perSecond: events / Math.max(seconds - START_SECONDS, 0.1), at: Date.now() };
  }

  private async events(): Promise<number> {
    const tallies = await (await this.readModel.current()).all();
    return tallies.reduce((sum, { snapshot }) => sum + Number(snapshot.revision) + 1, 0);
  }
}

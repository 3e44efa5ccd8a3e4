import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import type { VoteQueue } from '#contract';
import { Environment, RequestObserver } from '#platform';

import { BallotBox } from '../../command-api/votes/ballot-box.ts';
import { Executions } from './executions.ts';
import type { Situation } from './own-alerts.ts';
import { ProblemHistory } from './problem-history.ts';
import { readGauge, readRequests } from './request-series.ts';

const INTERVAL_MS = 1000;

type Gauges = Pick<Situation, 'lagSeconds' | 'quarantined' | 'differingAudits'>;

/** Looks at this process once a second. */
@Injectable()
export class Sampler implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private gauges: Gauges = { lagSeconds: undefined, quarantined: undefined, differingAudits: undefined };

  constructor(
    private readonly observer: RequestObserver,
    private readonly box: BallotBox,
    private readonly executions: Executions,
    private readonly history: ProblemHistory,
    private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sample(), INTERVAL_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The votes that wait at this moment. */
  queue(): VoteQueue {
    const { depth, waits } = this.box;
    const { voteQueueLimit: limite } = this.environment;
    return {
      votos: depth,
      limite,
      mais_antigo_segundos: secondsOf(waits.oldestMs),
      parado_segundos: secondsOf(waits.standstillMs),
    };
  }

  situation(): Situation {
    return { queue: this.queue(), minute: this.executions.votesOfTheMinute(), ...this.gauges };
  }

  private async sample(): Promise<void> {
    const reading = readRequests(this.observer.outcomes());
    this.gauges = {
      lagSeconds: await readGauge('projection_lag_seconds'),
      quarantined: await readGauge('tally_events', { outcome: 'quarantined' }),
      differingAudits: await readGauge('closing_audits', { outcome: 'differs' }),
    };
    const { depth, waits } = this.box;
    this.executions.add(reading, { depth, ...waits, lagSeconds: this.gauges.lagSeconds ?? 0 });
    this.history.add(reading.problems);
  }
}

const secondsOf = (ms: number): number => Math.round(ms / 10) / 100;

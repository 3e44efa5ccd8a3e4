import { Injectable } from '@nestjs/common';

import { withinLimit } from '#async';

const CHECK_TIMEOUT_MS = 1000;

/** Says in a rejected promise why the process cannot do its work now. */
export type ReadinessCheck = () => Promise<void>;

/** What must hold for this process to be sent work. Each part of the service adds its own checks. */
@Injectable()
export class Readiness {
  private readonly named = new Map<string, ReadinessCheck>();
  private ending = false;

  /** Adds a check; of two with the same name the later one counts. A check that takes longer than a second fails. */
  add(name: string, check: ReadinessCheck): void {
    this.named.set(name, check);
  }

  /** From now on the process is not ready, so that load balancers look elsewhere while it finishes. */
  endWork(): void {
    this.ending = true;
  }

  get isEnding(): boolean {
    return this.ending;
  }

  /** The checks by name, each with a time limit. */
  checks(): [name: string, check: ReadinessCheck][] {
    return [...this.named].map(([name, check]) => [name, () => withinLimit(check(), CHECK_TIMEOUT_MS, noAnswer)]);
  }
}

const noAnswer = (limitMs: number): Error => new Error(`no answer in ${String(limitMs)} ms`);

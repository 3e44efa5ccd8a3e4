import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { randomUUID } from 'node:crypto';

import { APPEND_DEADLINE_MS, type Poll, ballotBoxStream, encodeBallotBoxClosed } from '#domain';
import { EventLog } from '#event-log';

import { CurrentPoll } from './current-poll.ts';
import { PollRepository } from './poll.repository.ts';

/** Added to the deadline, so that clocks that differ a little cut nobody off. */
const MARGIN_MS = 1000;
const RETRY_MS = 2000;

/**
 * Puts the cut into the ballot box of a closed poll once no vote can be on its way any more, and then seals the poll.
 * Every command API does so; of several cuts the first counts, and a sealed poll is left alone.
 */
@Injectable()
export class PollSealer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  constructor(
    private readonly log: EventLog,
    private readonly current: CurrentPoll,
    private readonly polls: PollRepository,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('poll-sealer');
  }

  onApplicationBootstrap(): void {
    this.current.onChange((poll) => {
      if (poll.status === 'closed') this.schedule(poll.id, sealTime(poll) - Date.now());
      else if (poll.status === 'sealed') this.cancel(poll.id);
    });
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const id of [...this.timers.keys()]) this.cancel(id);
  }

  private schedule(pollId: string, milliseconds: number): void {
    this.cancel(pollId);
    if (this.stopped) return;
    this.timers.set(
      pollId,
      setTimeout(() => void this.seal(pollId), Math.max(milliseconds, 0)),
    );
  }

  private cancel(pollId: string): void {
    clearTimeout(this.timers.get(pollId));
    this.timers.delete(pollId);
  }

  private async seal(pollId: string): Promise<void> {
    try {
      const at = new Date().toISOString();
      const cut = { ...encodeBallotBoxClosed(pollId, at), id: randomUUID() };
      const { revision } = await this.log.append(ballotBoxStream(pollId), [cut], 'any');
      await this.polls.execute(pollId, { type: 'SealPoll', cut: revision, at });
      this.logger.info({ poll: pollId, cut: String(revision) }, 'the ballot box is closed');
    } catch (error) {
      this.logger.error({ err: error, poll: pollId }, 'closing the ballot box failed; trying again');
      this.schedule(pollId, RETRY_MS);
    }
  }
}

const sealTime = (poll: Poll): number => Date.parse(poll.closedAt ?? '') + APPEND_DEADLINE_MS + MARGIN_MS;

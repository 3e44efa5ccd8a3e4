import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { randomUUID } from 'node:crypto';

import { APPEND_DEADLINE_MS, type Poll, ballotBoxStream, encodeBallotBoxClosed } from '#domain';
import { EventLog } from '#event-log';

import { CurrentPoll } from './current-poll.ts';
import { PollTimers } from './poll-timers.ts';
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
  private readonly timers = new PollTimers();

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
      if (poll.status === 'closed') this.timers.set(poll.id, sealTime(poll), () => void this.seal(poll.id));
      else if (poll.status === 'sealed') this.timers.cancel(poll.id);
    });
  }

  onModuleDestroy(): void {
    this.timers.stop();
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
      this.timers.retry(pollId, Date.now() + RETRY_MS, () => void this.seal(pollId));
    }
  }
}

const sealTime = (poll: Poll): number => Date.parse(poll.closedAt ?? '') + APPEND_DEADLINE_MS + MARGIN_MS;

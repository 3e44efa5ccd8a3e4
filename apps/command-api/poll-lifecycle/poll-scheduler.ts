import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PinoLogger } from 'nestjs-pino';

import { DomainError, type Poll, type PollCommand, isoTime } from '#domain';

import { PollDirectory } from '../polls/poll-directory.ts';
import { ChangePoll } from '../polls/poll.commands.ts';
import { PollTimers } from './poll-timers.ts';

const RETRY_MS = 5000;

type Due = Extract<PollCommand, { scheduledFor: string }>['type'];

/**
 * Opens and closes polls when their time has come, also when every process was down at that time. Every command API
 * does so; the first append counts, and whoever comes later finds it done. While another poll is open, an opening waits;
 * a rehearsal and a real poll do not wait for each other.
 */
@Injectable()
export class PollScheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly timers = new PollTimers();

  constructor(
    private readonly directory: PollDirectory,
    private readonly commands: CommandBus,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('poll-scheduler');
  }

  onApplicationBootstrap(): void {
    this.directory.onChange((poll) => {
      this.follow(poll);
    });
  }

  onModuleDestroy(): void {
    this.timers.stop();
  }

  /** Waits for what the poll shall do next, and for nothing else. */
  private follow(poll: Poll): void {
    this.timers.cancel(poll.id);
    if (poll.status === 'draft') this.waitFor(poll.id, 'OpenAsScheduled', poll.schedule?.opensAt);
    if (poll.status === 'open') this.waitFor(poll.id, 'CloseAsScheduled', poll.schedule?.closesAt);
  }

  private waitFor(pollId: string, due: Due, time: string | null | undefined): void {
    if (time) this.timers.at(pollId, Date.parse(time), () => void this.run(pollId, due, time));
  }

  private async run(pollId: string, type: Due, scheduledFor: string): Promise<void> {
    try {
      await this.commands.execute(new ChangePoll(pollId, { type, scheduledFor, at: isoTime(Date.now()) }));
      this.logger.info({ poll: pollId, change: type, scheduledFor }, 'the scheduled time has come');
    } catch (error) {
      const level = error instanceof DomainError ? 'warn' : 'error';
      this.logger[level]({ err: error, poll: pollId, change: type }, 'not possible as scheduled; trying again');
      this.timers.retry(pollId, RETRY_MS, () => this.waitFor(pollId, type, scheduledFor));
    }
  }
}

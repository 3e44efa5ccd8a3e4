import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import type { Poll } from '#contract';
import { pollView } from '#contract/views';
import { isoTime } from '#domain';

import { ChangePoll, type PollChange } from './poll.commands.ts';

/** What the controllers of polls have in common: a change that somebody wants is decided, logged and answered with the poll. */
@Injectable()
export abstract class PollChanging {
  constructor(
    protected readonly commands: CommandBus,
    protected readonly logger: PinoLogger,
  ) {
    logger.setContext('polls');
  }

  /** @param version as the poll was shown to whoever wants it; undefined: whatever it is */
  protected async change(id: string, change: Extract<PollChange, { by: string }>, version?: string): Promise<Poll> {
    const poll = await this.commands.execute(new ChangePoll(id, change, version));
    this.logger.info({ poll: id, by: change.by, change: change.type }, 'poll changed');
    return pollView(poll);
  }
}

export const userOf = (request: FastifyRequest): string => request.principal?.name ?? '';

/** Who asks, and when. */
export const stamp = (request: FastifyRequest): { at: string; by: string } => ({
  at: isoTime(Date.now()),
  by: userOf(request),
});

import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PinoLogger } from 'nestjs-pino';
import { randomUUID } from 'node:crypto';

import { BackOff } from '#async';
import {
  APPEND_DEADLINE_MS,
  POLL_STATE_LIMIT_MS,
  type Poll,
  ballotBoxStream,
  encodeBallotBoxClosed,
  isoTime,
} from '#domain';
import { EventLog, EventLogUnavailableError, type NewEvent } from '#event-log';

import { PollDirectory } from '../polls/poll-directory.ts';
import { ChangePoll } from '../polls/poll.commands.ts';
import { BoxOpener } from './box-opener.ts';
import { PollTimers } from './poll-timers.ts';
import { SealCommandError } from './sign-elsewhere.ts';

const MARGIN_MS = 1000;
/**
 * From the moment this process sees that a poll is closed, ms. Until then other processes may take votes on the open poll that
 * the log confirmed to them last, and each vote may be on its way until its deadline. No host's clock has a say in it.
 */
const SEAL_AFTER_MS = POLL_STATE_LIMIT_MS + APPEND_DEADLINE_MS + MARGIN_MS;
/** For so long a key may be missing that another process has, or that signs elsewhere, ms; then the poll is sealed without it. */
const KEY_LIMIT_MS = 60_000;
const PAUSES = { firstPauseMs: 2000, longestPauseMs: 60_000 };

/** The cut of one poll, over all attempts to make it. */
interface Cut {
  /** Known once it is made: it is then sent again as it is. */
  event?: NewEvent;
  readonly backOff: BackOff;
  /** When it was tried first, on the clock of `performance.now()`. */
  readonly begun: number;
  /** Known once the cut is in the ballot box: there it is never put again. */
  revision?: bigint;
}

/**
 * Puts the cut into the ballot box of a closed poll once no vote can be on its way any more, and then seals the poll.
 * Every command API does so; of several cuts the first counts, and a sealed poll is left alone.
 */
@Injectable()
export class PollSealer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly timers = new PollTimers();

  constructor(
    private readonly log: EventLog,
    private readonly directory: PollDirectory,
    private readonly boxes: BoxOpener,
    private readonly commands: CommandBus,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('poll-sealer');
  }

  onApplicationBootstrap(): void {
    this.directory.onChange((poll) => {
      if (poll.status === 'closed') this.timers.after(poll.id, SEAL_AFTER_MS, () => void this.seal(poll));
      else if (poll.status === 'sealed') this.timers.cancel(poll.id);
    });
  }

  onModuleDestroy(): void {
    this.timers.stop();
  }

  private async seal(poll: Poll, cut = newCut()): Promise<void> {
    const pollId = poll.id;
    try {
      cut.event ??= await this.cutOf(poll, cut.begun);
      cut.revision ??= (await this.log.append(ballotBoxStream(pollId), [cut.event], 'any')).revision;
      const withoutKey = performance.now() - cut.begun > KEY_LIMIT_MS;
      const at = isoTime(Date.now());
      await this.commands.execute(new ChangePoll(pollId, { type: 'SealPoll', cut: cut.revision, at, withoutKey }));
      this.logger.info({ poll: pollId, cut: String(cut.revision) }, 'the ballot box is closed');
    } catch (error) {
      this.logger.error({ err: error, poll: pollId }, 'closing the ballot box failed; trying again');
      this.timers.retry(pollId, cut.backOff.next(), () => void this.seal(poll, cut));
    }
  }

  /** A box that nobody opened is opened first, so that it can be told from one that lost its beginning. */
  private async cutOf(poll: Poll, begun: number): Promise<NewEvent> {
    await this.boxes.open(poll).catch((error: unknown) => {
      if (error instanceof EventLogUnavailableError) throw error;
      // what signs may be back in a moment, and what is missing in front of a cut is missing for ever
      if (error instanceof SealCommandError && performance.now() - begun < KEY_LIMIT_MS) throw error;
      this.logger.error({ err: error, poll: poll.id }, 'a ballot box is closed that was not opened as it should be');
    });
    const content = encodeBallotBoxClosed(poll.id, isoTime(Date.now()), await this.boxes.actsOf(poll.id));
    return { ...content, id: randomUUID() };
  }
}

const newCut = (): Cut => ({ begun: performance.now(), backOff: new BackOff(PAUSES) });

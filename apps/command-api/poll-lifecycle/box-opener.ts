import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import { BackOff, passed } from '#async';
import {
  APPEND_DEADLINE_MS,
  type BallotBoxClosed,
  FIRST_BOX,
  type Poll,
  ballotBoxStream,
  keyOf,
  pollStream,
} from '#domain';
import { EventLog, EventLogUnavailableError, WrongExpectedRevisionError, firstOfStream, wholeStream } from '#event-log';
import { Environment, Readiness, SECRETS, type Secrets } from '#platform';
import {
  type PollSigners,
  SealKeys,
  type SignElsewhere,
  actsUpTo,
  boxFactsIn,
  boxOpening,
  hostOf,
  signersFor,
} from '#seal';
import { TransparencyError } from '#transparency';

import { appendUntil } from '../append-until.ts';
import { EvidenceKeys } from '../polls/evidence-keys.ts';
import { PollDirectory, START_PATIENCE_MS } from '../polls/poll-directory.ts';
import { PollTimers } from './poll-timers.ts';
import { SealCommandError, signElsewhere } from './sign-elsewhere.ts';

const PAUSES = { firstPauseMs: 100, longestPauseMs: 10_000 };

/** Something else stands where this deployment opens the ballot box: no vote is taken for it. */
class ForeignBoxError extends Error {
  override readonly name = 'ForeignBoxError';
  readonly code = 'foreign-ballot-box';
}

/**
 * Opens the ballot box of each poll with what the poll is, before any vote. Every command API does so, with the same event: the first
 * append counts, and whoever comes later finds it there. Without it nobody takes a vote.
 */
@Injectable()
export class BoxOpener implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly keys: SealKeys;
  private readonly sign: SignElsewhere | undefined;
  private readonly timers = new PollTimers();
  private readonly stopped = new AbortController();
  /** What signs for the polls whose box is known to be open. */
  private readonly opened = new Map<string, PollSigners>();
  /** Polls whose boxes wait for a signature from elsewhere. */
  private readonly unsigned = new Set<string>();
  /** Polls that are open, as far as is known: their boxes are tried again. */
  private readonly wanted = new Set<string>();
  private readonly opening = new Map<string, Promise<void>>();

  constructor(
    private readonly log: EventLog,
    private readonly directory: PollDirectory,
    private readonly evidence: EvidenceKeys,
    private readonly environment: Environment,
    @Inject(SECRETS) { seal, sealElsewhere }: Pick<Secrets, 'seal' | 'sealElsewhere'>,
    readiness: Readiness,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('box-opener');
    this.keys = new SealKeys(seal, sealElsewhere);
    this.sign = signElsewhere(environment, this.stopped.signal);
    readiness.add('ballot-box-open', async () => {
      const poll = this.directory.lastOpened();
      // while a program does not sign, votes are refused, and whoever wants to close the poll has to get here
      if (poll?.status === 'open' && !this.unsigned.has(poll.id)) this.assertOpen(poll);
    });
  }

  /** Requests are taken when the boxes of the polls that are open already are known. A start does not wait for an unavailable log. */
  async onApplicationBootstrap(): Promise<void> {
    this.directory.onChange((poll) => {
      if (poll.status !== 'open') this.forget(poll);
      else if (!this.isOpen(poll)) this.want(poll);
    });
    const first = this.directory.whenKnown.then(() => Promise.allSettled(this.opening.values()));
    await Promise.race([first, passed(START_PATIENCE_MS, this.stopped.signal)]);
  }

  onModuleDestroy(): void {
    this.stopped.abort();
    this.timers.stop();
  }

  /**
   * Whether votes may be put into the box of a poll. Every vote asks.
   * @throws EventLogUnavailableError while it is not known to be open
   */
  assertOpen(poll: Poll): void {
    if (!this.isOpen(poll)) throw new EventLogUnavailableError(`the ballot box of poll ${poll.id} is not open yet`);
  }

  /**
   * Opens the box of a poll that was opened, or finds it open.
   * @throws ForeignBoxError, DomainError `evidence-key-mismatch`, and what the log throws
   */
  async open(poll: Poll): Promise<void> {
    if (this.isOpen(poll)) return;
    let opening = this.opening.get(poll.id);
    if (opening === undefined) {
      opening = this.attempt(poll).finally(() => this.opening.delete(poll.id));
      this.opening.set(poll.id, opening);
    }
    await opening;
  }

  /** What signs for a poll whose box is open; undefined for a poll of an earlier version. */
  signersOf(pollId: string): PollSigners | undefined {
    return this.opened.get(pollId);
  }

  /** What the cut of a poll that was closed commits to; undefined for a poll of an earlier version. */
  async actsOf(pollId: string): Promise<BallotBoxClosed['acts']> {
    const decisions = await wholeStream(this.log, pollStream(pollId));
    return boxFactsIn(decisions) === undefined ? undefined : actsUpTo('PollClosed', decisions)?.acts;
  }

  private isOpen({ id, ballotBoxes }: Poll): boolean {
    return ballotBoxes === undefined || this.opened.has(id);
  }

  private want(poll: Poll): void {
    this.wanted.add(poll.id);
    void this.openSoon(poll, new BackOff(PAUSES));
  }

  /** Behind a cut nothing is opened any more, however often it is tried. */
  private forget({ id }: Poll): void {
    this.wanted.delete(id);
    this.unsigned.delete(id);
    this.timers.cancel(id);
  }

  private async openSoon(poll: Poll, backOff: BackOff): Promise<void> {
    try {
      await this.open(poll);
    } catch (error) {
      if (error instanceof SealCommandError) this.unsigned.add(poll.id);
      else this.unsigned.delete(poll.id);
      this.logger.error({ err: error, poll: poll.id }, 'the ballot box is not open: no votes are taken; trying again');
      if (this.wanted.has(poll.id)) this.timers.retry(poll.id, backOff.next(), () => void this.openSoon(poll, backOff));
    }
  }

  private async attempt(poll: Poll): Promise<void> {
    const box = ballotBoxStream(poll.id);
    const facts = boxFactsIn(await wholeStream(this.log, pollStream(poll.id)));
    if (facts === undefined || poll.ballotBoxes !== FIRST_BOX)
      throw new ForeignBoxError(`poll ${poll.id} has ${String(poll.ballotBoxes)} ballot boxes, and one is known here`);
    // another deployment's key would sign another box
    keyOf(poll, this.evidence.of(poll.id));
    if ((await firstOfStream(this.log, box)) === undefined) {
      const { publicOrigin, humanCheckDifficulty: difficulty } = this.environment;
      const host = hostOf(publicOrigin);
      await this.append(box, boxOpening(facts, { host, difficulty }, await this.introduce(host, poll.id)));
    }
    const first = await firstOfStream(this.log, box);
    const signers = first && signersFor(first, facts, this.keys);
    if (signers === undefined)
      throw new ForeignBoxError(
        `${box} does not begin with what this deployment opened it with: somebody else wrote it, or this process has other keys (SEAL_KEY_FILE, SEAL_COMMAND_KEY_FILE)`,
      );
    this.opened.set(poll.id, signers);
    this.unsigned.delete(poll.id);
    this.logger.info({ poll: poll.id }, 'the ballot box is open');
  }

  /** The keys of a poll, signed by the deployment's. @throws SealCommandError */
  private async introduce(host: string, pollId: string): Promise<string> {
    const { keys, sign } = this;
    if (sign === undefined) return keys.noteFor(host, pollId);
    try {
      return await keys.noteSignedElsewhere(sign, host, pollId);
    } catch (error) {
      if (!(error instanceof TransparencyError)) throw error;
      throw new SealCommandError(
        'SEAL_COMMAND signed with another key than the first in SEAL_COMMAND_KEY_FILE, or another text',
      );
    }
  }

  /** Somebody may have been faster: what stands there is looked at afterwards. */
  private async append(stream: string, event: ReturnType<typeof boxOpening>): Promise<void> {
    const deadline = performance.now() + APPEND_DEADLINE_MS;
    try {
      await appendUntil(deadline, this.log, { stream, events: [event], expected: 'no-stream' });
    } catch (error) {
      if (!(error instanceof WrongExpectedRevisionError)) throw error;
    }
  }
}

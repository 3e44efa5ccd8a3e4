import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import { BackOff, passed } from '#async';
import {
  DomainError,
  POLL_PREFIX,
  type Poll,
  type RecordedEvent,
  UnreadableEventError,
  ballotBoxStream,
  decodePollEvent,
  evolve,
  pollIdOf,
  pollStream,
} from '#domain';
import { EventLog, EventLogUnavailableError, START } from '#event-log';
import { Readiness } from '#platform';

/** How long a start waits for the polls before the port is opened without them, ms: then readiness says what is missing. */
export const START_PATIENCE_MS = 1500;
const PAUSES = { firstPauseMs: 100, longestPauseMs: 5000 };
const UNREADABLE = 'a poll event cannot be read';
/** Behind the last event of any box: to read from there costs a server nothing. */
const BEHIND_ALL = 2n ** 62n;

/** The polls as this process knows them, kept up by a subscription to the poll streams. */
@Injectable()
export class PollDirectory implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly polls = new Map<string, Poll>();
  /** Revision of the last event that was taken in, by poll. */
  private readonly revisions = new Map<string, bigint>();
  private readonly stopped = new AbortController();
  private readonly listeners: ((poll: Poll) => void)[] = [];
  private position = START;
  /** Id of the poll that was opened last in the order of the log, the same on every instance: of the real ones, and of the rehearsals. */
  private lastOpenedId = '';
  private lastRehearsalId = '';
  private readonly firstRead = Promise.withResolvers<void>();
  /** Whether the polls were known once: from then on they are what they were. */
  private known = false;
  private following: Promise<void> | undefined;
  private ready = false;

  constructor(
    private readonly log: EventLog,
    readiness: Readiness,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('poll-directory');
    readiness.add('polls', () =>
      this.ready ? Promise.resolve() : Promise.reject(new Error('polls are not read yet')),
    );
  }

  /** Resolves when the polls are known. */
  get whenKnown(): Promise<void> {
    return this.firstRead.promise;
  }

  /**
   * The real poll that was opened last, whatever its state; undefined before the first.
   * @throws EventLogUnavailableError while no poll could be read yet
   */
  lastOpened(): Poll | undefined {
    this.assertKnown();
    return this.polls.get(this.lastOpenedId);
  }

  /** The rehearsal that was opened last, as `lastOpened`. */
  lastRehearsal(): Poll | undefined {
    this.assertKnown();
    return this.polls.get(this.lastRehearsalId);
  }

  /**
   * A poll as this process knows it; undefined where it knows of none.
   * @throws EventLogUnavailableError
   */
  get(id: string): Poll | undefined {
    this.assertKnown();
    return this.polls.get(id);
  }

  /**
   * One real poll is open at a time, and one rehearsal; neither waits for the other. Two that are opened in the same moment may both
   * be: the later one is then voted on.
   * @throws DomainError `poll-already-open`, EventLogUnavailableError
   */
  assertNoneOpen(rehearsal = false): void {
    this.assertKnown();
    for (const poll of this.polls.values()) {
      if (poll.status !== 'open' || (poll.rehearsal ?? false) !== rehearsal) continue;
      throw new DomainError('poll-already-open', `poll ${poll.id} is open`);
    }
  }

  /**
   * What is annulled stays so: whoever asks before making a substitute may rely on it. A rehearsal replaces a rehearsal.
   * @throws DomainError `poll-not-annulled`, EventLogUnavailableError
   */
  assertAnnulled(pollId: string, isRehearsal = false): void {
    this.assertKnown();
    const poll = this.polls.get(pollId);
    if (poll?.annulled !== undefined && (poll.rehearsal ?? false) === isRehearsal) return;
    throw new DomainError('poll-not-annulled', `there is no annulled poll "${pollId}"`);
  }

  /** Polls are numbered in the order in which they are made. */
  get nextId(): string {
    this.assertKnown();
    let last = 0;
    for (const id of this.polls.keys()) last = Math.max(last, Number(id));
    return String(last + 1);
  }

  /**
   * Reads what the stream of the poll on air has beyond what is known: a subscription that is cut off is as silent as one to which
   * nothing happens. When it resolves, that poll is known at least as it was when this was called.
   * @throws EventLogUnavailableError
   */
  confirm(): Promise<void> {
    return this.catchUp(this.lastOpenedId);
  }

  /** The same of a rehearsal that is open. */
  async confirmRehearsal(): Promise<void> {
    if (this.polls.get(this.lastRehearsalId)?.status === 'open') await this.catchUp(this.lastRehearsalId);
  }

  private async catchUp(id: string): Promise<void> {
    const revision = this.revisions.get(id);
    if (revision === undefined) return;
    for await (const page of this.log.read(pollStream(id), revision + 1n)) {
      for (const event of page) this.apply(event);
    }
    await this.assertBox(id);
  }

  /**
   * A box that somebody deleted from a server takes no vote ever again: while none comes, only this notices.
   * @throws EventLogUnavailableError
   */
  private async assertBox(id: string): Promise<void> {
    const poll = this.polls.get(id);
    if (poll?.status !== 'open' || !this.log.isShared) return;
    for await (const _behind of this.log.read(ballotBoxStream(poll.id), BEHIND_ALL)) return;
  }

  /** Calls back with every poll that changes, and once with each there is. */
  onChange(listener: (poll: Poll) => void): void {
    this.listeners.push(listener);
    for (const poll of this.polls.values()) listener(poll);
  }

  /** Requests are taken when the polls are known. While the log is away they are refused, which is better than no answer. */
  async onApplicationBootstrap(): Promise<void> {
    this.following = this.follow();
    await Promise.race([this.whenKnown, passed(START_PATIENCE_MS, this.stopped.signal)]);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped.abort();
    await this.following;
  }

  private becomeKnown(): void {
    this.known = true;
    this.firstRead.resolve();
  }

  private assertKnown(): void {
    if (!this.known) throw new EventLogUnavailableError('the polls are not read yet');
  }

  private async follow(): Promise<void> {
    const backOff = new BackOff(PAUSES);
    while (!this.stopped.signal.aborted) {
      try {
        for await (const { events, caughtUp } of this.log.subscribe(
          this.position,
          [POLL_PREFIX],
          this.stopped.signal,
        )) {
          for (const event of events) this.apply(event);
          this.position = events.at(-1)?.position ?? this.position;
          backOff.reset();
          this.ready = caughtUp;
          if (caughtUp) this.becomeKnown();
        }
      } catch (error) {
        this.ready = false;
        this.logger.error({ err: error }, 'the poll subscription broke; opening it again');
        await backOff.wait(this.stopped.signal);
      }
    }
  }

  /** Some events come twice: by the subscription, and as what the poll on air had beyond it. */
  private apply(event: RecordedEvent): void {
    const id = pollIdOf(event.stream) ?? '';
    if (event.revision <= (this.revisions.get(id) ?? -1n)) return;
    this.revisions.set(id, event.revision);
    try {
      const decoded = decodePollEvent(event);
      const poll = evolve(this.polls.get(id), decoded);
      if (poll === undefined) return;
      this.polls.set(id, poll);
      if (decoded.type === 'PollOpened') this.opened(poll);
      for (const listener of this.listeners) listener(poll);
    } catch (error) {
      // the projector quarantines it too; the poll stays as it was
      const isLater = error instanceof UnreadableEventError && error.reason === 'unknown-event';
      const what = isLater ? 'a poll event is of a later version: this service is older than the log' : UNREADABLE;
      this.logger.error({ err: error, poll: id, position: String(event.position) }, what);
    }
  }

  private opened({ id, rehearsal }: Poll): void {
    if (rehearsal === undefined) this.lastOpenedId = id;
    else this.lastRehearsalId = id;
  }
}

/** What can be made to go wrong in the double. */
export class Faults {
  /** The server is up and says that it is not ready. */
  notReady = false;
  /** How a batch is answered that is stored already. Real servers recognise it, but may not know its position. */
  repeats: 'recognised' | 'without-position' | 'refused' = 'recognised';
  /** What comes before `caughtUp` where nothing matched: nothing up to 23.10, -1 as an unsigned number from 24.10.0 to 24.10.4, then 0. */
  emptyCheckpoint: 'none' | 'unknown' | 'zero' = 'none';
  /** What becomes of a live subscription for which more events come at once than its buffer holds: up to 23.10 it is ended, later it falls behind. */
  slowConsumers: 'kept' | 'ended' | 'behind' = 'kept';
  /** How late every append is answered, ms. */
  delayMs = 0;
  /** Bytes of one append that the server takes, all data included: `--max-append-size`. The default is that of 23.10 and 24.10. */
  maxAppendSize = 1_048_576;
  /** Counts the lives of the server: what one life took in and did not finish is not finished by the next. */
  life = 0;
  /** Subscriptions of an earlier number are dead: connected, and never heard again. */
  generation = 0;
  private repliesToDrop = 0;
  private eventsToLeaveOut = 0;
  private gate: PromiseWithResolvers<void> | undefined;

  /** From now on everything is accepted and nothing is done or answered. */
  freeze(): void {
    this.gate ??= Promise.withResolvers<void>();
  }

  /** Goes on, first with all that came in the meantime. */
  thaw(): void {
    this.gate?.resolve();
    this.gate = undefined;
  }

  /** The server dies with all that waited in it. */
  die(): void {
    this.life++;
    this.thaw();
  }

  /** The subscriptions that there are get nothing any more; everything else works, new ones too. */
  killSubscriptions(): void {
    this.generation++;
  }

  /** Stores the next appends and never answers them. */
  dropReplies(count: number): void {
    this.repliesToDrop += count;
  }

  /** Whether this reply is one of those to drop. */
  dropsReply(): boolean {
    if (this.repliesToDrop === 0) return false;
    this.repliesToDrop--;
    return true;
  }

  /** Subscriptions do not deliver the next events: no real server does so, but something may. */
  leaveOut(count: number): void {
    this.eventsToLeaveOut += count;
  }

  /** Whether this event is one of those to leave out. */
  leavesOut(): boolean {
    if (this.eventsToLeaveOut === 0) return false;
    this.eventsToLeaveOut--;
    return true;
  }

  /** Resolves when the server is not frozen: whether it still is the same life of it. */
  async passage(life: number): Promise<boolean> {
    while (this.gate !== undefined) await this.gate.promise;
    return life === this.life;
  }
}

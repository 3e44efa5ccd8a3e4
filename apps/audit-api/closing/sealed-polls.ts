import { marksRehearsal, pollsOf } from '#audit';
import { pollStream } from '#domain';
import type { EventLog } from '#event-log';
import type { ReadModel } from '#read-model';

/** A poll whose result is final, and where in the log that stands. */
export interface SealedPoll {
  readonly pollId: string;
  readonly position: bigint;
  /** Its votes count for nothing. */
  readonly rehearsal: boolean;
}

/** Finds the polls that are sealed by reading their own streams: a subscription may leave out the event that says so. */
export class SealedPolls {
  private readonly sealed = new Set<string>();
  private known: Set<string> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
  ) {}

  /**
   * Those that were sealed since the last look; at the first one, only the real one that was sealed last.
   * @throws EventLogUnavailableError, ReadModelUnavailableError
   */
  async look(): Promise<SealedPoll[]> {
    const isFirst = this.known === undefined;
    const ids = new Set(this.known ?? (await pollsOf(this.log)).polls.keys());
    const tallies = await this.readModel.current();
    for (const pollId of (await tallies.checkpoint()).polls ?? (await tallies.positions()).keys()) ids.add(pollId);
    const found: SealedPoll[] = [];
    for (const pollId of ids) {
      const sealed = this.sealed.has(pollId) ? undefined : await this.sealedPoll(pollId);
      if (sealed !== undefined) found.push(sealed);
    }
    this.known = ids;
    for (const { pollId } of found) this.sealed.add(pollId);
    if (!isFirst) return found;
    const real = found.filter(({ rehearsal }) => !rehearsal);
    return real.sort((a, b) => Number(b.position - a.position)).slice(0, 1);
  }

  private async sealedPoll(pollId: string): Promise<SealedPoll | undefined> {
    let rehearsal = false;
    for await (const page of this.log.read(pollStream(pollId), 0n)) {
      rehearsal ||= page.some(marksRehearsal);
      const seal = page.find(({ type }) => type === 'PollSealed');
      if (seal !== undefined) return { pollId, position: seal.position, rehearsal };
    }
    return undefined;
  }
}

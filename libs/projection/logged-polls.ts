import { type RecordedEvent, isBallotBox, pollIdOf, pollStream } from '#domain';
import type { EventLog } from '#event-log';
import type { StoredTally } from '#read-model';

/** The polls that somebody decided something about, as the log says: only for their tallies a projection vouches. */
export class LoggedPolls {
  private readonly ids = new Set<string>();
  private readonly reported = new Set<string>();

  constructor(private readonly log: EventLog) {}

  get list(): string[] {
    return [...this.ids];
  }

  /** Those of the tallies that the log knows of. Of a box alone there may be one: it says nothing of a poll. */
  async own(tallies: readonly StoredTally[]): Promise<StoredTally[]> {
    const own: StoredTally[] = [];
    for (const tally of tallies)
      if ((await this.has(tally.snapshot.pollId)) || tally.snapshot.poll === null) own.push(tally);
    return own;
  }

  passed({ stream }: RecordedEvent): void {
    const pollId = isBallotBox(stream) ? undefined : pollIdOf(stream);
    if (pollId !== undefined) this.ids.add(pollId);
  }

  /** Those that are not in the log, each of them once: whoever wrote a tally of one was no projector. */
  async foreignOf(pollIds: Iterable<string>): Promise<string[]> {
    const found: string[] = [];
    for (const pollId of pollIds) {
      if (this.reported.has(pollId) || (await this.has(pollId))) continue;
      this.reported.add(pollId);
      found.push(pollId);
    }
    return found;
  }

  private async has(pollId: string): Promise<boolean> {
    if (this.ids.has(pollId)) return true;
    for await (const page of this.log.read(pollStream(pollId), 0n)) {
      if (page.length > 0) this.ids.add(pollId);
      break;
    }
    return this.ids.has(pollId);
  }
}

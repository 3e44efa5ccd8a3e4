import { Inject, Injectable } from '@nestjs/common';

import { RecentMap } from '#collections';
import { type BallotBoxOpened, FIRST_BOX, type Poll, type RecordedEvent, ballotBoxStream, pollStream } from '#domain';
import { EventLog, firstOfStream, wholeStream } from '#event-log';
import { ProblemError, SECRETS, type Secrets } from '#platform';
import { type PollKeys, SealKeys, type SealedLog, hostIn, openedIn, parsePollKeys, sealedLogsOf } from '#seal';
import { signatureBy, verifierOf } from '#transparency';

/** What opened the ballot box of a poll, and the logs that it names. */
export interface Urna {
  /** The first event of the box. */
  readonly first: RecordedEvent;
  readonly opened: BallotBoxOpened;
  readonly keys: PollKeys;
  /** Verifier key of the deployment, which signed those. */
  readonly service: string;
  readonly box: UrnaLog;
  readonly acts: UrnaLog;
}

/** A log with its verifier key (C2SP signed-note). */
export type UrnaLog = SealedLog & { readonly vkey: string };

/** Polls whose boxes are remembered: what opened a box never changes. */
const MAX_REMEMBERED = 64;

/** The ballot boxes that this deployment opened. */
@Injectable()
export class Urnas {
  private readonly keys: SealKeys;
  private readonly known = new RecentMap<string, Promise<Urna | 'foreign'>>(MAX_REMEMBERED);
  /** By poll and what was decided. */
  private readonly decided = new RecentMap<string, number>(MAX_REMEMBERED);

  constructor(
    private readonly log: EventLog,
    @Inject(SECRETS) { seal, sealElsewhere }: Pick<Secrets, 'seal' | 'sealElsewhere'>,
  ) {
    this.keys = new SealKeys(seal, sealElsewhere);
  }

  /** Verifier keys of a deployment that calls itself so, the newest first. */
  deploymentKeys(host: string): string[] {
    return this.keys.deploymentKeys(host);
  }

  /** @throws ProblemError `urna-of-earlier-version`, `urna-foreign`, `urna-not-sealed`; EventLogUnavailableError */
  async of({ id, ballotBoxes }: Pick<Poll, 'id' | 'ballotBoxes'>): Promise<Urna> {
    if (ballotBoxes === undefined) throw new ProblemError('urna-of-earlier-version');
    const reading = this.known.get(id) ?? this.read(id);
    this.known.set(id, reading);
    const urna = await reading.catch((error: unknown) => {
      if (this.known.get(id) === reading) this.known.delete(id);
      throw error;
    });
    if (urna === 'foreign') throw new ProblemError('urna-foreign');
    return urna;
  }

  /**
   * Leaves of the acts up to what decided about the result, the proclamation or after it the annulment; 0 before both.
   * @throws ProblemError `urna-not-sealed` where the log does not have it; EventLogUnavailableError
   */
  async actsWithDecision({
    id,
    annulled,
    proclaimedAt,
  }: Pick<Poll, 'id' | 'annulled' | 'proclaimedAt'>): Promise<number> {
    const type = annulled !== undefined ? 'PollAnnulled' : proclaimedAt !== undefined ? 'ResultProclaimed' : undefined;
    if (type === undefined) return 0;
    const known = this.decided.get(`${id} ${type}`);
    if (known !== undefined) return known;
    const events = await wholeStream(this.log, pollStream(id));
    const event = events.findLast((one) => one.type === type);
    if (event === undefined) throw new ProblemError('urna-not-sealed', 'the log does not have what was decided');
    const leaves = Number(event.revision) + 1;
    this.decided.set(`${id} ${type}`, leaves);
    return leaves;
  }

  private async read(id: string): Promise<Urna | 'foreign'> {
    const logs = await sealedLogsOf(this.log, id, this.keys);
    if (logs === 'foreign') return logs;
    const first = typeof logs === 'string' ? undefined : await firstOfStream(this.log, ballotBoxStream(id));
    const opened = first && openedIn(first);
    if (typeof logs === 'string' || first === undefined || opened === undefined)
      throw new ProblemError('urna-not-sealed', 'the ballot box is not open yet');
    const [box, acts] = logs as [SealedLog, SealedLog];
    const keys = parsePollKeys(opened.keys);
    const host = hostIn(opened.origin, id, FIRST_BOX) ?? '';
    const service =
      this.deploymentKeys(host).find((vkey) => signatureBy(verifierOf(vkey), opened.keys) !== undefined) ?? '';
    return { first, opened, keys, service, box: { ...box, vkey: keys.box }, acts: { ...acts, vkey: keys.acts } };
  }
}

/**
 * The log that a path names.
 * @param name `1` or `atos`
 * @throws ProblemError `urna-not-found`
 */
export function logOf({ box, acts }: Urna, name: string): UrnaLog {
  if (name === 'atos') return acts;
  if (name === String(FIRST_BOX)) return box;
  throw new ProblemError('urna-not-found');
}

import { checkpointOf } from '#transparency';

import type { Tell } from '../tell.ts';
import { type Outcome, type ShownCheckpoint, WitnessClient } from './witness-client.ts';
import type { WitnessAddress } from './witness-list.ts';

/** How many leaves of a log are sealed by now, by whichever sealer: a witness may have been shown as many. */
export type SealedByNow = () => Promise<number>;

/** A witness that was shown another log than ours, or more of it than there is. */
export interface Objection {
  readonly witness: WitnessAddress;
  /** Leaves that it has seen. */
  readonly size: number;
}

/** The witnesses of a deployment. */
export class Witnesses {
  readonly clients: readonly WitnessClient[];
  /** What was last said of each witness and log. */
  private readonly told = new Map<string, string>();
  /** Leaves that a witness has seen of a log which is not ours, until it says something else. */
  private readonly objecting = new Map<string, number>();

  constructor(
    addresses: readonly WitnessAddress[],
    private readonly tell: Tell,
  ) {
    this.clients = addresses.map((address) => new WitnessClient(address));
  }

  /**
   * Asks a witness for its cosignature of a checkpoint. It ends within four seconds of its turn. A witness that does not answer is given pauses of
   * up to a minute.
   * @throws what `sealedByNow` throws
   */
  async cosign(
    client: WitnessClient,
    sealed: ShownCheckpoint,
    sealedByNow: SealedByNow,
    stopped?: AbortSignal,
  ): Promise<Outcome | Stale> {
    const answer = await client.ask(sealed, stopped);
    const outcome = judged(answer, answer.outcome === 'ahead' ? await sealedByNow() : 0);
    this.hear(client.address, checkpointOf(sealed.note).origin, outcome);
    return outcome;
  }

  /**
   * Asks the witnesses under contract whether they have seen more of a log than its last checkpoint, or another log. Each is asked, whatever else
   * it was asked before, and it ends within four seconds. One that does not answer is left out, unless it objected before.
   * @param setAside verifier keys of those that are not asked
   * @throws what `sealedByNow` throws
   */
  async objections(
    sealed: ShownCheckpoint,
    sealedByNow: SealedByNow,
    setAside: ReadonlySet<string>,
    stopped?: AbortSignal,
  ): Promise<Objection[]> {
    const asked = this.clients.filter(({ address }) => address.isContracted && !setAside.has(address.vkey));
    const answers = await Promise.all(asked.map((client) => client.askAtOnce(sealed, stopped)));
    const size = answers.some(({ outcome }) => outcome === 'ahead') ? await sealedByNow() : 0;
    const log = checkpointOf(sealed.note).origin;
    return answers.flatMap((answer, at) => this.hear(asked[at]!.address, log, judged(answer, size)) ?? []);
  }

  private hear(witness: WitnessAddress, log: string, answer: Outcome | Stale): Objection | undefined {
    const { outcome } = answer;
    const key = `${witness.vkey} ${log}`;
    if (outcome === 'fork' || outcome === 'ahead') this.objecting.set(key, answer.size);
    else if (outcome === 'cosigned' || outcome === 'stale') this.objecting.delete(key);
    if (outcome !== 'skipped' && outcome !== 'stale') this.report(witness.verifier.name, log, answer);
    const size = this.objecting.get(key);
    return size === undefined ? undefined : { witness, size };
  }

  /** Trouble is said once, and so is its end. */
  private report(witness: string, log: string, answer: Exclude<Outcome, { outcome: 'skipped' }>): void {
    const { outcome } = answer;
    const key = `${witness} ${log}`;
    const state = outcome === 'failed' ? answer.reason : outcome;
    const before = this.told.get(key) ?? 'cosigned';
    this.told.set(key, state);
    if (state === before) return;
    const about = { witness, log };
    if (outcome === 'cosigned') this.tell('info', 'a witness cosigns again', about);
    else if (outcome === 'failed') this.tell('warn', 'a witness does not cosign', { ...about, reason: answer.reason });
    else this.tell('error', TROUBLE[outcome], { ...about, size: answer.size });
  }
}

/** What a witness has was sealed by another sealer, who was faster. */
interface Stale {
  readonly outcome: 'stale';
}

const judged = (answer: Outcome, sealedByNow: number): Outcome | Stale =>
  answer.outcome === 'ahead' && answer.size <= sealedByNow ? { outcome: 'stale' } : answer;

const TROUBLE: Readonly<Record<'fork' | 'ahead', string>> = {
  fork: 'FORK: a witness was shown another log than ours',
  ahead:
    'a witness has seen more of a log than we have: it was restored from a backup, or somebody else signs with its key',
};

import { parseCheckpoint, parseNote } from '#transparency';

import type { Tell } from '../tell.ts';
import { type SealedCheckpoint, type WitnessAnswer, WitnessClient } from './witness-client.ts';
import type { WitnessAddress } from './witness-list.ts';

/** Who may see a checkpoint: those under contract while the vote goes on, all of them at its end. */
export type Audience = 'contracted' | 'all';

/** Asks the witnesses of a deployment, all at the same time. What they answer holds up no signature of the log. */
export class Witnesses {
  private readonly clients: readonly WitnessClient[];
  /** What was last said of each witness and log. */
  private readonly told = new Map<string, string>();

  constructor(
    addresses: readonly WitnessAddress[],
    private readonly tell: Tell,
  ) {
    this.clients = addresses.map((address) => new WitnessClient(address));
  }

  /**
   * Asks for cosignatures of a checkpoint. It never throws, and ends within four seconds. Each witness is asked at most once a second about a
   * log, and those that do not answer are given pauses of up to a minute; so ask again for what is still missing.
   */
  async cosign(sealed: SealedCheckpoint, audience: Audience): Promise<WitnessAnswer[]> {
    const asked = this.clients.filter(({ address }) => audience === 'all' || address.isContracted);
    const answers = await Promise.all(asked.map((client) => client.ask(sealed)));
    const { origin } = parseCheckpoint(parseNote(sealed.note).text);
    for (const answer of answers) this.report(origin, answer);
    return answers;
  }

  /** Trouble is said once, and so is its end. */
  private report(log: string, answer: WitnessAnswer): void {
    const { witness, outcome } = answer;
    if (outcome === 'skipped') return;
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

const TROUBLE: Readonly<Record<'fork' | 'ahead', string>> = {
  fork: 'FORK: a witness was shown another log than ours',
  ahead:
    'a witness has seen more of a log than we have: it was restored from a backup, or somebody else signs with its key',
};

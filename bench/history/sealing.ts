import { randomUUID } from 'node:crypto';

import { FIRST_BOX, type PollLog, type RecordedEvent, ballotBoxStream, checkpointStream, pollStream } from '#domain';
import type { EventLog, NewEvent } from '#event-log';
import { EvidenceKey } from '#human-check';
import { type Acts, SealKeys, actsUpTo, boxFactsIn, boxOpening, encodeCheckpointSigned, leafOf } from '#seal';
import { CompactRange, formatCheckpoint, leafHash, signNote } from '#transparency';

const HOST = 'bench.example';

/** Seals the ballot box of a history and the acts about it, as the services do. */
export class Sealing {
  readonly evidence = EvidenceKey.disclosed('5'.repeat(64));
  private readonly keys = new SealKeys([Buffer.alloc(32, 5)]);
  private readonly trees = { box: new CompactRange(), acts: new CompactRange() };
  private readonly decisions: RecordedEvent[] = [];

  constructor(
    private readonly log: EventLog,
    private readonly pollId: string,
  ) {}

  /** What `PollOpened` says besides. */
  get marks() {
    return { evidenceKeyHash: this.evidence.hash, policy: 'depois-do-voto', ballotBoxes: FIRST_BOX } as const;
  }

  /** Opens the box, which is empty. */
  async open(): Promise<void> {
    const note = this.keys.noteFor(HOST, this.pollId);
    const opening = boxOpening(boxFactsIn(this.decisions)!, { host: HOST, difficulty: 250_000 }, note);
    await this.log.append(ballotBoxStream(this.pollId), [opening], 'no-stream');
    await this.addVotes([opening]);
  }

  /** Signs for a decision that was appended. */
  async addAct(event: NewEvent): Promise<void> {
    const revision = BigInt(this.decisions.length);
    this.decisions.push({ stream: pollStream(this.pollId), revision, position: 0n, recordedAt: 0, ...event });
    await this.sign('atos', [event]);
  }

  /** Signs for what was appended to the box. */
  addVotes(events: readonly NewEvent[]): Promise<void> {
    return this.sign(FIRST_BOX, events);
  }

  /** What the cut says of the decisions. */
  get actsAtClosing(): Acts | undefined {
    return actsUpTo('PollClosed', this.decisions)?.acts;
  }

  private async sign(log: PollLog, events: readonly NewEvent[]): Promise<void> {
    const signers = this.keys.signersOf(this.keys.noteFor(HOST, this.pollId), HOST, this.pollId)!;
    const [tree, signer] = log === 'atos' ? [this.trees.acts, signers.acts] : [this.trees.box, signers.box];
    for (const event of events) tree.append(leafHash(leafOf(event)));
    const note = signNote(formatCheckpoint({ origin: signer.name, size: tree.size, root: tree.root() }), [signer]);
    const signed = { id: randomUUID(), ...encodeCheckpointSigned(note) };
    await this.log.append(checkpointStream(this.pollId, log), [signed], 'any');
  }
}

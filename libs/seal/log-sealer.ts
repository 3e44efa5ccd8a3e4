import { randomUUID } from 'node:crypto';

import type { RecordedEvent } from '#domain';
import { type EventLog, EventLogUnavailableError, WrongExpectedRevisionError } from '#event-log';
import type { TileStore } from '#read-model';
import {
  type BuiltTile,
  EMPTY_ROOT,
  type Signer,
  TileBuilder,
  formatCheckpoint,
  nodesFromTiles,
  rootOf,
  signNote,
} from '#transparency';

import { CheckpointTrail, type SealedCheckpoint, encodeCheckpointSigned, publishedIn } from './checkpoint-events.ts';
import { LeafHasher } from './leaf.ts';

/** A log that is sealed: how it is called, where its checkpoints are, and what signs them. */
export interface SealedLog {
  /** Within the stores: `7/1`. */
  readonly name: string;
  /** Stream of its leaves: a leaf has the place of its event. */
  readonly leaves: string;
  /** Stream of its checkpoints. */
  readonly checkpoints: string;
  /** Its key, whose name is the log's origin. */
  readonly signer: Signer;
  /** The keys of the poll's logs, signed by the deployment, as leaf 0 has them: what introduces them to a witness. */
  readonly introduction: string;
}

/** Where a log is sealed. */
export interface SealStores {
  readonly log: EventLog;
  readonly tiles: TileStore;
}

/** The log is not the one that a checkpoint was signed of. To sign it would be a second history. */
export class ForkedLogError extends Error {
  override readonly name = 'ForkedLogError';
  readonly code = 'forked-log';

  constructor(
    message: string,
    /** It, as it was signed; undefined where a witness has it and says its size only. */
    readonly note?: string,
  ) {
    super(message);
  }
}

/** What became of an attempt to seal. `behind`: a checkpoint is known of more leaves than were read. */
export type SealOutcome = 'sealed' | 'nothing-new' | 'behind';

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/**
 * Seals one log: takes its leaves in, builds its tiles, signs a checkpoint of them. A checkpoint is stored in the event log, behind the
 * last one that is there, before anybody sees it. It holds the last tile of each level, and those that are not stored yet.
 */
export class LogSealer {
  private builder = new TileBuilder();
  private unsaved: BuiltTile[] = [];
  /** Checkpoints that the log has to agree with when it is as large; the smallest first. */
  private ahead: SealedCheckpoint[] = [];
  /** Leaves up to which the store has tiles already, by a checkpoint that was published. */
  private tilesTo = 0;
  private isPublished = true;
  private takenAt = 0;
  private readonly trail: CheckpointTrail;
  private readonly hasher = new LeafHasher();

  private constructor(
    private readonly sealed: SealedLog,
    private readonly stores: SealStores,
  ) {
    this.trail = new CheckpointTrail(sealed.signer);
  }

  /**
   * Goes on behind the last checkpoint. What was published has to be a part of the log: as long as it
   * is not, nothing is signed. What witnesses have seen is for the caller to ask.
   */
  static async resume(sealed: SealedLog, stores: SealStores): Promise<LogSealer> {
    const sealer = new LogSealer(sealed, stores);
    await sealer.begin();
    return sealer;
  }

  /** Revision of the leaf that comes next. */
  get next(): bigint {
    return BigInt(this.builder.size);
  }

  /** Leaves that were added since tiles were stored last. */
  get unsavedLeaves(): number {
    return this.builder.size - this.takenAt;
  }

  /** Leaves that are sealed. */
  get size(): number {
    return this.trail.last?.size ?? 0;
  }

  /** Whether there is something to be signed. */
  get hasNew(): boolean {
    return this.ahead.length === 0 && this.builder.size > this.size;
  }

  /** The last checkpoint, as it was signed; of a log without one that of the empty tree, which every log goes on from. */
  get note(): string {
    const { last } = this.trail;
    return last?.note ?? this.sign(0, EMPTY_ROOT);
  }

  /** Verifier keys of the witnesses that an operator set aside. */
  get setAside(): ReadonlySet<string> {
    return this.trail.setAside;
  }

  /** Leaves that are sealed by now: another sealer may have been faster. @throws ForkedLogError */
  async refresh(): Promise<number> {
    await this.adopt();
    return this.size;
  }

  /** The smallest checkpoint that the log is not as large as; undefined: there is none. */
  get missing(): SealedCheckpoint | undefined {
    return this.ahead[0];
  }

  /** Adds the next leaf. @throws ForkedLogError, RangeError when it is not the next one */
  add(event: RecordedEvent): void {
    if (event.revision !== this.next)
      throw new RangeError(
        `${event.stream} has revision ${String(event.revision)} where ${String(this.next)} should be`,
      );
    this.builder.append(this.hasher.hash(event));
    while (this.ahead[0]?.size === this.builder.size) this.pass(this.ahead.shift()!);
  }

  /** Stores the tiles that were built. After a failure they are stored with the next ones. */
  async save(): Promise<void> {
    const built = this.builder.take();
    this.takenAt = this.builder.size;
    // they are there, and until the log is known to be the same, they must not be mixed with others
    if (this.builder.size > this.tilesTo) this.unsaved.push(...built);
    if (this.unsaved.length === 0) return;
    await this.stores.tiles.save(this.sealed.name, this.unsaved);
    this.unsaved = [];
  }

  /**
   * Signs a checkpoint of what was added, if there is any.
   * @throws ForkedLogError when another sealer signed another log; and what the stores throw: then it is tried again
   */
  async seal(): Promise<SealOutcome> {
    if (this.ahead.length > 0) return 'behind';
    // also where nothing is to be signed: of tiles that were lost and are built again, the last ones wait to be stored
    await this.save();
    if (this.builder.size === this.size) {
      await this.publish();
      return 'nothing-new';
    }
    const { log } = this.stores;
    const { checkpoints } = this.sealed;
    const { size } = this.builder;
    const note = this.sign(size, this.builder.root());
    const expected = this.trail.revision < 0n ? 'no-stream' : this.trail.revision;
    try {
      await log.append(checkpoints, [{ ...encodeCheckpointSigned(note), id: randomUUID() }], expected);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevisionError || error instanceof EventLogUnavailableError)) throw error;
    }
    // ours, or that of another sealer who was faster: the stream says
    await this.adopt();
    await this.publish();
    return this.size === size ? 'sealed' : 'nothing-new';
  }

  private sign(size: number, root: Uint8Array): string {
    const { signer } = this.sealed;
    return signNote(formatCheckpoint({ origin: signer.name, size, root }), [signer]);
  }

  private async begin(): Promise<void> {
    const { log, tiles } = this.stores;
    const { name, checkpoints, signer } = this.sealed;
    await this.trail.skim(log, checkpoints);
    const copy = publishedIn(await tiles.published(name), signer);
    const isOverruled = copy !== undefined && this.trail.isOverruled(copy);
    const published = isOverruled ? undefined : copy;
    const known = [this.trail.last, published]
      .filter((one) => one !== undefined)
      .filter((one) => !this.trail.isOverruled(one))
      .sort((a, b) => a.size - b.size);
    this.isPublished = published !== undefined && published.size >= this.size;
    const builder = isOverruled ? undefined : await this.fromTiles(known);
    if (builder === undefined) await tiles.drop(name);
    else {
      this.builder = builder;
      this.tilesTo = published?.size ?? 0;
    }
    // last: by it a start that broke off knows that the tiles are not those of this log
    if (isOverruled) await tiles.withdraw(name);
    this.takenAt = this.builder.size;
    this.ahead = known.filter(({ size }) => size > this.builder.size);
  }

  /** The tree up to the last checkpoint, if the tiles that are stored give its root, and those of smaller ones that are known; else undefined. */
  private async fromTiles(known: readonly SealedCheckpoint[]): Promise<TileBuilder | undefined> {
    const { last } = this.trail;
    if (last === undefined) return undefined;
    try {
      const builder = await TileBuilder.of(last.size, (wanted) => this.stores.tiles.read(this.sealed.name, wanted));
      if (!isSame(builder.root(), last.root)) return undefined;
      for (const one of known) if (one.size <= last.size && !(await this.hasRoot(one, last.size))) return undefined;
      return builder;
    } catch (error) {
      // a tile is missing, or too short
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Whether the tiles of a tree of so many leaves give the root of a smaller one. */
  private async hasRoot({ size, root }: SealedCheckpoint, of: number): Promise<boolean> {
    const nodes = nodesFromTiles(of, (wanted) => this.stores.tiles.read(this.sealed.name, wanted));
    return isSame(await rootOf(size, nodes), root);
  }

  private pass(checkpoint: SealedCheckpoint): void {
    if (!isSame(this.builder.root(), checkpoint.root)) throw this.forked(checkpoint);
    if (checkpoint.size === this.tilesTo) this.builder.take();
  }

  /** Takes in what the stream of checkpoints has by now. */
  private async adopt(): Promise<void> {
    for (const one of await this.trail.read(this.stores.log, this.sealed.checkpoints)) {
      if (one.size > this.builder.size) this.ahead.push(one);
      else if (
        one.size === this.builder.size
          ? !isSame(this.builder.root(), one.root)
          : !(await this.hasRoot(one, this.builder.size))
      )
        throw this.forked(one);
      this.isPublished = false;
    }
    this.ahead.sort((a, b) => a.size - b.size);
  }

  /** Also what somebody signed who then died. */
  private async publish(): Promise<void> {
    const { last } = this.trail;
    if (this.isPublished || last === undefined) return;
    await this.stores.tiles.publish(this.sealed.name, last.note, last.size);
    this.isPublished = true;
  }

  private forked({ size, note }: SealedCheckpoint): ForkedLogError {
    return new ForkedLogError(`${this.sealed.name} is not the log of which ${String(size)} leaves were sealed`, note);
  }
}

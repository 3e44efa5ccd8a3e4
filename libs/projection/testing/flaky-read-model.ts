import {
  type Checkpoint,
  ReadModel,
  ReadModelUnavailableError,
  type ScreenStore,
  type StoredTally,
  TallyStore,
  type TileStore,
  type VersionState,
} from '#read-model';

type Call = 'save' | 'load' | 'checkpoint' | 'saveCheckpoint' | 'active' | 'activate';

/** A read model that fails when a spec says so. It keeps a record of what was written, in order. */
export class FlakyReadModel extends ReadModel {
  /** Asked before every call. */
  isDown: (call: Call) => boolean = () => false;
  /** It lists no tallies, although they are there. */
  isBlind = false;
  readonly written: string[] = [];

  constructor(private readonly inner: ReadModel) {
    super();
  }

  override get screens(): ScreenStore {
    return this.inner.screens;
  }

  override get tiles(): TileStore {
    return this.inner.tiles;
  }

  override async active(): Promise<string> {
    this.check('active');
    return this.inner.active();
  }

  override tallies(version: string): TallyStore {
    return new FlakyTallies(this, this.inner.tallies(version));
  }

  override create(): Promise<string> {
    return this.inner.create();
  }

  override async activate(version: string, expectedActive: string): Promise<boolean> {
    this.check('activate');
    return this.inner.activate(version, expectedActive);
  }

  override versions(): Promise<VersionState[]> {
    return this.inner.versions();
  }

  override close(): Promise<void> {
    return this.inner.close();
  }

  check(call: Call): void {
    if (this.isDown(call)) throw new ReadModelUnavailableError(`${call} failed`);
  }

  protected override delete(version: string): Promise<void> {
    return this.inner.drop(version);
  }
}

class FlakyTallies extends TallyStore {
  constructor(
    private readonly model: FlakyReadModel,
    private readonly inner: TallyStore,
  ) {
    super(inner.version);
  }

  override async save(tally: StoredTally): Promise<boolean> {
    this.model.check('save');
    this.model.written.push(`tally ${tally.snapshot.pollId} at ${String(tally.position)}`);
    return this.inner.save(tally);
  }

  override async load(pollId: string): Promise<StoredTally | undefined> {
    this.model.check('load');
    return this.inner.load(pollId);
  }

  override async positions(): Promise<ReadonlyMap<string, bigint>> {
    this.model.check('load');
    return this.model.isBlind ? new Map() : this.inner.positions();
  }

  override async saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    this.model.check('saveCheckpoint');
    this.model.written.push(`checkpoint ${String(checkpoint.position)}`);
    return this.inner.saveCheckpoint(checkpoint);
  }

  override async checkpoint(): Promise<Checkpoint> {
    this.model.check('checkpoint');
    return this.inner.checkpoint();
  }
}

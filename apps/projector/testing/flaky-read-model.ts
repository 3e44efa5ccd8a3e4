import { type Checkpoint, ReadModel, ReadModelUnavailableError, type StoredTally } from '#read-model';

/** A read model that fails when a spec says so. It keeps a record of what was written, in order. */
export class FlakyReadModel extends ReadModel {
  /** Asked before every call. */
  isDown: (call: 'save' | 'load' | 'checkpoint' | 'saveCheckpoint') => boolean = () => false;
  readonly written: string[] = [];

  constructor(private readonly inner: ReadModel) {
    super();
  }

  override async save(tally: StoredTally): Promise<boolean> {
    this.check('save');
    this.written.push(`tally ${tally.snapshot.pollId} at ${String(tally.position)}`);
    return this.inner.save(tally);
  }

  override async load(pollId: string): Promise<StoredTally | undefined> {
    this.check('load');
    return this.inner.load(pollId);
  }

  override async positions(): Promise<ReadonlyMap<string, bigint>> {
    this.check('load');
    return this.inner.positions();
  }

  override async saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    this.check('saveCheckpoint');
    this.written.push(`checkpoint ${String(checkpoint.position)}`);
    return this.inner.saveCheckpoint(checkpoint);
  }

  override async checkpoint(): Promise<Checkpoint> {
    this.check('checkpoint');
    return this.inner.checkpoint();
  }

  override close(): Promise<void> {
    return this.inner.close();
  }

  private check(call: Parameters<FlakyReadModel['isDown']>[0]): void {
    if (this.isDown(call)) throw new ReadModelUnavailableError(`${call} failed`);
  }
}

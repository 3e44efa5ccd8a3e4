import { ReadModel, type TallyStore, type VersionState } from '../read-model.ts';
import { ScreensInMemory } from '../screens.ts';
import { compareVersions, firstVersion, nextVersion } from '../versions.ts';
import { ReadModelFile } from './read-model-file.ts';
import { SqliteTiles } from './sqlite-tiles.ts';
import { type CheckpointRow, SqliteTallies, checkpointOf } from './sqlite-tallies.ts';

const ACTIVATE = `
  INSERT INTO active_versions (format, version) VALUES (?, ?)
  ON CONFLICT (format) DO UPDATE SET version = excluded.version`;

/** The embedded read model: one SQLite file in the data directory. A rebuild may write to it beside the service. */
export class SqliteReadModel extends ReadModel {
  /** Whoever has its tallies in a file answers alone. */
  override readonly screens = new ScreensInMemory();

  override readonly tiles: SqliteTiles;

  private constructor(
    private readonly file: ReadModelFile,
    openTiles: () => ReadModelFile,
    format?: number,
  ) {
    super(format);
    this.tiles = new SqliteTiles(openTiles);
  }

  /** @throws ReadModelUnavailableError when the file cannot be used */
  static open(directory: string, format?: number): SqliteReadModel {
    return new SqliteReadModel(ReadModelFile.open(directory), () => ReadModelFile.open(directory, 'tiles'), format);
  }

  /**
   * Opens the tallies of a directory that a service may be using, and changes nothing.
   * @throws ReadModelUnavailableError when there are none
   */
  static openReadOnly(directory: string): SqliteReadModel {
    const openTiles = (): ReadModelFile => ReadModelFile.openReadOnly(directory, 'tiles');
    return new SqliteReadModel(ReadModelFile.openReadOnly(directory), openTiles);
  }

  override active(): Promise<string> {
    return this.file.run(() => this.pointed());
  }

  override tallies(version: string): TallyStore {
    return new SqliteTallies(version, this.file);
  }

  override create(): Promise<string> {
    return this.file.transact(() => {
      const existing = this.rows().map(({ version }) => version);
      const version = nextVersion(this.format, existing);
      this.file
        .statement('INSERT INTO versions (version, position, clock, at, lag_seconds) VALUES (?, 0, 0, ?, 0)')
        .run(version, Date.now());
      return version;
    });
  }

  override activate(version: string, expectedActive: string): Promise<boolean> {
    return this.file.transact(() => {
      const active = this.pointed();
      if (active === expectedActive) this.file.statement(ACTIVATE).run(this.format, version);
      return active === expectedActive || active === version;
    });
  }

  override versions(): Promise<VersionState[]> {
    return this.file.run(() => {
      const active = this.pointed();
      return this.rows()
        .map((row) => ({ version: row.version, isActive: row.version === active, checkpoint: checkpointOf(row) }))
        .sort(compareVersions);
    });
  }

  override close(): Promise<void> {
    this.file.close();
    this.tiles.close();
    return Promise.resolve();
  }

  protected override delete(version: string): Promise<void> {
    return this.file.transact(() => {
      this.file.statement('DELETE FROM version_tallies WHERE version = ?').run(version);
      this.file.statement('DELETE FROM versions WHERE version = ?').run(version);
    });
  }

  private pointed(): string {
    const sql = 'SELECT version FROM active_versions WHERE format = ?';
    const row = this.file.statement(sql).get(this.format) as { version: string } | undefined;
    return row?.version ?? firstVersion(this.format);
  }

  private rows(): CheckpointRow[] {
    return this.file.statement('SELECT * FROM versions').all() as unknown as CheckpointRow[];
  }
}

import type { BuiltTile } from '#transparency';

import { ReadModelUnavailableError } from '../read-model.ts';
import { TileStore } from '../tiles.ts';
import type { ReadModelFile } from './read-model-file.ts';

const SAVE = `
  INSERT INTO tiles (log, level, place, hashes) VALUES (?, ?, ?, ?)
  ON CONFLICT (log, level, place) DO UPDATE SET hashes = excluded.hashes
  WHERE length(excluded.hashes) > length(tiles.hashes)`;
const PUBLISH = `
  INSERT INTO published_checkpoints (log, size, note) VALUES (?, ?, ?)
  ON CONFLICT (log) DO UPDATE SET size = excluded.size, note = excluded.note
  WHERE excluded.size > published_checkpoints.size`;

/** Tiles in a SQLite file of their own, which is opened when somebody asks for them. */
export class SqliteTiles extends TileStore {
  private opened: ReadModelFile | undefined;
  private isClosed = false;

  constructor(private readonly open: () => ReadModelFile) {
    super();
  }

  override save(log: string, tiles: readonly BuiltTile[]): Promise<void> {
    return this.transact((file) => {
      const save = file.statement(SAVE);
      for (const { tile, hashes } of tiles) save.run(log, tile.level, tile.index, hashes);
    });
  }

  override read(log: string, tiles: readonly BuiltTile['tile'][]): Promise<readonly Uint8Array[]> {
    return this.run((file) => {
      const select = file.statement('SELECT hashes FROM tiles WHERE log = ? AND level = ? AND place = ?');
      return tiles.map(({ level, index }) => {
        const row = select.get(log, level, index) as { hashes: Uint8Array } | undefined;
        return row?.hashes ?? new Uint8Array();
      });
    });
  }

  override published(log: string): Promise<string | undefined> {
    return this.run((file) => {
      const row = file.statement('SELECT note FROM published_checkpoints WHERE log = ?').get(log);
      return (row as { note: string } | undefined)?.note;
    });
  }

  override publish(log: string, note: string, size: number): Promise<void> {
    return this.run((file) => {
      file.statement(PUBLISH).run(log, size, note);
    });
  }

  override amend(log: string, note: string, amended: string): Promise<boolean> {
    return this.run((file) => {
      const update = file.statement('UPDATE published_checkpoints SET note = ? WHERE log = ? AND note = ?');
      return Number(update.run(amended, log, note).changes) > 0;
    });
  }

  override drop(log: string): Promise<void> {
    return this.run((file) => {
      file.statement('DELETE FROM tiles WHERE log = ?').run(log);
    });
  }

  override withdraw(log: string): Promise<void> {
    return this.run((file) => {
      file.statement('DELETE FROM published_checkpoints WHERE log = ?').run(log);
    });
  }

  close(): void {
    this.isClosed = true;
    this.opened?.close();
  }

  /** @throws ReadModelUnavailableError */
  private async file(): Promise<ReadModelFile> {
    if (this.isClosed) throw new ReadModelUnavailableError('the read model is closed');
    return (this.opened ??= this.open());
  }

  private async run<T>(query: (file: ReadModelFile) => T): Promise<T> {
    const file = await this.file();
    return file.run(() => query(file));
  }

  private async transact<T>(query: (file: ReadModelFile) => T): Promise<T> {
    const file = await this.file();
    return file.transact(() => query(file));
  }
}

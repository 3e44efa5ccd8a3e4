import type { BuiltTile } from '#transparency';

type Tile = BuiltTile['tile'];

/**
 * The tiles of the logs that ballot boxes are, by the log's name (`7/1`), and the last checkpoint that was published of each. Tiles can be
 * built again from the event log; a published checkpoint is also a copy that a backup of the event log does not take back. Every call
 * throws ReadModelUnavailableError when the store cannot be reached.
 */
export abstract class TileStore {
  /** Stores tiles durably. Over a wider one at the same place nothing is stored: several may build the same log. */
  abstract save(log: string, tiles: readonly BuiltTile[]): Promise<void>;

  /** The hashes of each tile, 32 bytes each, in order; of a wider tile where one is there, fewer or none where it is not. */
  abstract read(log: string, tiles: readonly Tile[]): Promise<readonly Uint8Array[]>;

  /** The last checkpoint that was published, a signed note; undefined where none was. */
  abstract published(log: string): Promise<string | undefined>;

  /** Publishes a checkpoint, unless one of as many leaves or more is published. @param size leaves that it covers */
  abstract publish(log: string, note: string, size: number): Promise<void>;

  /**
   * Puts a note with more signatures in the place of the one that is published, if that is still the one that the caller knows.
   * @returns whether it was
   */
  abstract amend(log: string, note: string, amended: string): Promise<boolean>;

  /** Forgets the tiles of a log, so that they are built anew. What was published of it stays. */
  abstract drop(log: string): Promise<void>;

  /** Forgets what was published of a log: an operator set it aside. */
  abstract withdraw(log: string): Promise<void>;
}

/** Where a tile is, within a log. */
export const placeOf = ({ level, index }: Tile): string => `${level}/${index}`;

import type { TileReader } from '#transparency';

import type { SealStores, SealedLog } from './log-sealer.ts';

/** What a witness is shown of a log: a checkpoint, the tiles that prove it, and the keys that introduce the log. */
export const shown = (
  { name, introduction }: SealedLog,
  { tiles }: Pick<SealStores, 'tiles'>,
  note: string,
): { note: string; tiles: TileReader; keys: string } => ({
  note,
  tiles: (wanted) => tiles.read(name, wanted),
  keys: introduction,
});

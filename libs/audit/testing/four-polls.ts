import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { Projection } from '#projection';

import { ProjectionWorld } from '../../projection/testing/projection-world.ts';

/** Four polls with three votes each, of which the last one is open, and what a projector made of them. */
export async function fourPolls(): Promise<ProjectionWorld> {
  const world = new ProjectionWorld();
  for (const poll of ['1', '2', '3', '4']) {
    await world.openPoll(poll);
    await world.cast(poll, 3);
  }
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
  return world;
}

/** Changes a file of the world by SQL, as somebody may who can write to it. */
export function tamperWith({ directory }: ProjectionWorld, file: 'events.db' | 'read-model.db', sql: string): void {
  const database = new DatabaseSync(join(directory, file));
  database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  database.close();
}

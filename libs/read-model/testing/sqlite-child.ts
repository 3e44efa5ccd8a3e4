/** A projector of its own process: stores tallies of one poll at the positions `first`, `first + 2`, … below `end`. */
import { SqliteReadModel } from '../sqlite/sqlite-read-model.ts';
import { tallyAt } from './tallies.ts';

const [directory = '', first = '', end = ''] = process.argv.slice(2);
const model = SqliteReadModel.open(directory);
const tallies = await model.current();
for (let position = BigInt(first); position < BigInt(end); position += 2n) {
  await tallies.save(tallyAt('a', position));
  await tallies.saveCheckpoint({ position, clock: 1, at: 1, lagSeconds: 0 });
}
await model.close();

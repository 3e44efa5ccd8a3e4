/** A projector of its own process: stores the tallies 1 to `count` in an order that `seed` decides. */
import { MongoReadModel } from '../mongo-read-model.ts';
import { shuffledPositions, tallyWith } from './tallies.ts';

const [url = '', database = '', count, seed] = process.argv.slice(2);

const readModel = MongoReadModel.connect(url, { database });
try {
  const tallies = await readModel.current();
  for (const position of shuffledPositions(Number(count), Number(seed))) await tallies.save(tallyWith(position));
} finally {
  await readModel.close();
}

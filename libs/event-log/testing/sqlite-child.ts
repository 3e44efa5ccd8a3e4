/** A writer of its own process: appends for ever to the directory it is given and prints the ids that were acknowledged. */
import { writeSync } from 'node:fs';

import { SqliteEventLog } from '../sqlite/sqlite-event-log.ts';
import { idsOf, newEvents } from './fixture.ts';

const [directory = '', stream = ''] = process.argv.slice(2);
const log = SqliteEventLog.open(directory);

for (;;) {
  const batch = newEvents(5);
  await log.append(stream, batch, 'any');
  // synchronous: what was printed was acknowledged before the process could be killed
  writeSync(1, `${idsOf(batch).join(' ')}\n`);
}

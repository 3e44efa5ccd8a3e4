import { randomUUID } from 'node:crypto';

import { encodePollEvent, isoTime, pollStream } from '#domain';
import { SqliteEventLog } from '#event-log';

import { eventually } from './eventually.ts';
import { Server } from './server.ts';

/** Waits until a closed poll is counted, and starts the service again with its result proclaimed. */
export async function proclaimed(server: Server, pollId: string, limitMs: number): Promise<Server> {
  await eventually(
    () => server.client().total(pollId),
    ({ final }) => final === true,
    limitMs,
  );
  const { dataDir, port } = server;
  await server.stop();
  const log = SqliteEventLog.open(dataDir);
  const event = encodePollEvent({
    type: 'ResultProclaimed',
    pollId,
    proclaimedAt: isoTime(Date.now()),
    by: 'ana',
    reason: 'Ensaio',
  });
  await log.append(pollStream(pollId), [{ ...event, id: randomUUID() }], 'any');
  await log.close();
  return Server.start({ dataDir, port });
}

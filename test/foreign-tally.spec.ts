import { expect, it } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { eventually } from './support/eventually.ts';
import { Server } from './support/server.ts';

/** A tally of poll 9, made of that of poll 1, as whoever can write to the file puts it there. */
const FORGED = `
  INSERT INTO version_tallies
  SELECT version, '9', position + 1, digest,
    json_set(snapshot, '$.pollId', '9', '$.poll.id', '9', '$.openedPosition', '999', '$.votes', json('[9, 9]')), last
  FROM version_tallies WHERE poll_id = '1'`;

it('a tally of a poll that the log does not have is served to nobody', async () => {
  const server = await Server.start();
  const client = server.client();
  await client.cast(1);
  await eventually(
    () => client.total(),
    ({ total }) => total === 1,
  );
  const file = new DatabaseSync(join(server.dataDir, 'read-model.db'), { timeout: 5000 });
  expect(file.prepare(FORGED).run().changes).toBe(1);
  file.close();
  // behind a later vote the tallies were read again, with the forged one among them
  await client.cast(2);
  const total = await eventually(
    () => client.total(),
    ({ total }) => total === 2,
  );
  expect(total).toMatchObject({ paredao: '1', voto_1: 1, voto_2: 1 });
  expect((await client.get('/resultado')).json).toMatchObject({ paredao: '1' });
  expect((await client.get('/resultado?paredao=9')).status).toBe(404);
  await expect(client.total('9')).rejects.toThrow();
  await server.stop();

  // nor by one that starts with it
  const again = await Server.start({ dataDir: server.dataDir });
  expect(await again.client().total()).toMatchObject({ paredao: '1', total: 2 });
  expect((await again.client().get('/resultado?paredao=9')).status).toBe(404);
});

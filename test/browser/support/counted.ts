import { lastRevision } from '../../../bench/lib/invariant.ts';
import type { Json } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import type { Server } from '../../support/server.ts';

/** The votes of the first poll by participant, once everything that is in the log is counted. */
export async function counted(server: Server): Promise<[number, number]> {
  const client = server.client();
  const revision = String(await lastRevision(server.dataDir, '1'));
  const total = await eventually(
    () => client.total('1'),
    (answer: Json) => answer.revisao === revision,
  );
  client.close();
  return [Number(total.voto_1), Number(total.voto_2)];
}

import { beforeAll, expect, it } from '@jest/globals';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server, credentialsOf, temporaryDirectory } from '../support/server.ts';
import { Nginx, describeWithNginx } from './nginx.ts';

const START_LIMIT_MS = 60_000;

describeWithNginx('one vote can be followed', () => {
  let nginx: Nginx;
  let client: Client;
  let commandApi: Server;
  let projector: Server;

  beforeAll(async () => {
    const dataDir = temporaryDirectory();
    const env = { LOG_LEVEL: 'debug' };
    commandApi = await Server.start({ program: 'command-api', dataDir, env });
    projector = await Server.start({ program: 'projector', dataDir });
    const queryApi = await Server.start({ program: 'query-api', dataDir, env });
    nginx = await Nginx.start({ commandApis: [commandApi.port], queryApis: [queryApi.port] });
    client = nginx.client(credentialsOf(dataDir));
    const participantes = [{ nome: 'Ana' }, { nome: 'Bia' }];
    await client.admin('POST', '/paredoes', { titulo: 'Quem fica?', participantes });
  }, START_LIMIT_MS);

  const accessLog = (): Record<string, unknown>[] =>
    nginx.accessLog().map((line) => JSON.parse(line) as Record<string, unknown>);

  it('from nginx by its request id to the command API, and from there by its position to the projector', async () => {
    for (const participant of [1, 2, 1]) await client.cast(participant);
    const votes = await eventually(
      () => accessLog().filter((line) => JSON.stringify(line).includes('/votar/')),
      ({ length }) => length === 3,
    );
    const requestId = votes[1]?.['request_id'];
    const stored = await eventually(
      () => commandApi.log().find((line) => line['request_id'] === requestId),
      (line) => line !== undefined,
    );
    expect(stored).toMatchObject({
      backend: 'command-api',
      level: 'debug',
      syslog: 7,
      route: '/votar/:participante',
      status: 201,
      poll: '1',
    });
    const position = BigInt(stored?.['position'] as string);
    const folded = await eventually(
      () => projector.log().filter((line) => 'first_position' in line),
      (lines) => lines.some((line) => BigInt(line['position'] as string) >= position),
    );
    const holding = folded.filter(
      (line) => BigInt(line['first_position'] as string) <= position && position <= BigInt(line['position'] as string),
    );
    expect(holding).toMatchObject([{ backend: 'projector', level: 'info', mensagem: 'folded and stored' }]);
  });

  it('and in no line for whom it was', () => {
    const lines = [...commandApi.log(), ...projector.log(), ...accessLog()];
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(JSON.stringify(line)).not.toMatch(/\/votar\/[12]|"participant\w*":|"voto_?\d?":|"voteId":|"altcha":/i);
    }
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { MINUTE_MS, type PriceClass, ballotBoxStream, encodeVoteCast, minuteOf } from '#domain';
import { SqliteEventLog } from '#event-log';

import { Client } from '../support/client.ts';
import { command } from '../support/command.ts';
import { Server } from '../support/server.ts';
import { CONTROL_ROOM, describeInBrowser, reached, textOf } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';

/** Minutes before now of the first vote, and of the first and the last one of a raid. */
const [FIRST, RAID_FROM, RAID_TO] = [20, 10, 5];

const votes = (count: number, participantId: number, castAt: number, price: PriceClass) =>
  Array.from({ length: count }, () => ({
    id: randomUUID(),
    ...encodeVoteCast({
      ...{ voteId: randomUUID().replaceAll('-', ''), participantId, castAt, expiresAt: castAt + 5 * MINUTE_MS },
      humanCheck: { provider: 'altcha', price, evidence: '0'.repeat(32) },
    }),
  }));

describeInBrowser('a raid on a poll', () => {
  let server: Server;
  let now: number;

  beforeAll(async () => {
    server = await Server.start();
    await server.stop();
    const log = SqliteEventLog.open(server.dataDir);
    now = minuteOf(Date.now());
    for (let before = FIRST; before >= 2; before--) {
      const castAt = now - before * MINUTE_MS;
      const isRaid = before <= RAID_FROM && before >= RAID_TO;
      await log.append(
        ballotBoxStream('1'),
        [
          ...votes(150, 1, castAt, 'base'),
          ...votes(140, 2, castAt, 'base'),
          ...(isRaid ? votes(850, 2, castAt, 'suspicious') : []),
        ],
        'any',
      );
    }
    await log.close();
    server = await Server.start({ dataDir: server.dataDir });
  });
  afterAll(() => server.stop());

  it('is in the numbers of production, and removes none of them', async () => {
    const total = await server.client().total();

    expect(total.total).toBe(19 * 290 + 6 * 850);
    expect(total.observacoes).toEqual([
      {
        participante: 2,
        inicio_em: new Date(now - RAID_FROM * MINUTE_MS).toISOString(),
        fim_em: new Date(now - (RAID_TO - 1) * MINUTE_MS).toISOString(),
        votos: 6 * 990,
        ritmo_mudou: true,
        ritmo: 7.07,
        precos_mudaram: true,
        percentual_preco_elevado: 0,
        percentual_preco_maximo: 85.86,
      },
    ]);
  });

  it('is told on the panel', async () => {
    const panel = await PanelPage.open(server, { viewport: CONTROL_ROOM });

    await reached(panel.page, '#salto:text-is("salto na curva")');
    expect(await textOf(panel.page, '#curva-linhas li')).toContain(
      'Íris Trovão: 7,1 vezes o ritmo, 85,86% no preço mais alto (5.940 votos)',
    );
  });

  it('is told to operators as ratios, without counts', async () => {
    const { text: metrics } = await new Client(server.metricsPort).get('/metrics');

    expect(metrics).toContain('curve_rate_ratio{poll="1",participant="2"} 1\n');
    expect(metrics).toContain('curve_price_share{poll="1",participant="2",price="suspicious"} 0\n');
    expect(metrics).toContain('curve_observed{poll="1",participant="2"} 0\n');
  });

  it('is in the report of the audit, which agrees', async () => {
    const { code, output } = await command('audit', [], { DATA_DIR: server.dataDir });

    expect(code).toBe(0);
    expect(output).toMatch(
      /Íris Trovão: 7,1 vezes o ritmo dos minutos anteriores, 86% no preço mais alto \(5\.940 votos\)/,
    );
  });
});

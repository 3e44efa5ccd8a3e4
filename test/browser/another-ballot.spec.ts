import { afterAll, beforeAll, expect, it } from '@jest/globals';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { describeInBrowser, reached } from './support/browser.ts';
import { VoterPage, voteFor } from './support/voter-page.ts';

const namesOf = async (client: Client): Promise<string[]> =>
  ((await client.get('/paredao')).json.participantes as { nome: string }[]).map(({ nome }) => nome);

describeInBrowser('a page that shows another ballot than the one that is open', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('of exchanged names: the vote is not taken, the new ballot is shown, nobody is chosen', async () => {
    const voter = await VoterPage.open(server);
    const [first, second] = await namesOf(client);
    await voter.choose(first!);
    for (const [number, nome] of [
      [1, 'X'],
      [2, first],
      [1, second],
    ] as const) {
      const path = `/paredoes/1/participantes/${String(number)}`;
      expect((await client.admin('PATCH', path, { nome, motivo: 'Nomes trocados' })).status).toBe(200);
    }
    await voter.press(voteFor(first!));
    await voter.hears('O paredão mudou');
    await voter.button('Votar').waitFor();
    expect(await voter.page.locator('input:checked').count()).toBe(0);
    await reached(voter.page, '#correcoes:has-text("Nomes trocados")');
    // three changes: while results are late, the page shows a ballot in between
    await eventually(
      async () => [await voter.card(second!).getAttribute('value'), await voter.card(first!).getAttribute('value')],
      (slots) => slots.join() === '1,2',
    );
    await voter.vote(first!);
    await voter.hears(`seu voto para ${first!} ficar`);
    expect(voter.votes.at(-1)?.path).toBe('/votar/2');
  }, 60_000);

  it('of the poll before: its tap votes for nobody in the new poll', async () => {
    const voter = await VoterPage.open(server);
    const [old] = await namesOf(client);
    await voter.choose(old!);
    // the tab hears of nothing until the tap
    await voter.page.route('**/paredao', (route) => route.abort());
    expect((await client.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);
    const names = [{ nome: 'Carla' }, { nome: 'Davi' }];
    await client.admin('POST', '/paredoes', { titulo: 'Quem fica?', participantes: names });
    await eventually(
      () => client.get('/paredao'),
      ({ json }) => json.id === '2',
    );
    await voter.press(voteFor(old!));
    await voter.hears('O paredão mudou');
    await voter.page.unroute('**/paredao');
    await voter.page.getByText('Carla').first().waitFor({ timeout: 20_000 });
    expect(await voter.page.locator('input:checked').count()).toBe(0);
    expect((await client.total('2')).total).toBe(0);
    await voter.vote('Carla');
    await voter.hears('seu voto em Carla');
  }, 60_000);
});

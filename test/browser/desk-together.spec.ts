import { beforeAll, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';

import type { Client, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { AdminPage } from './support/admin-page.ts';
import { describeInBrowser } from './support/browser.ts';

describeInBrowser('a draft at several desks', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const draft = async (titulo: string, more: object = {}): Promise<string> => {
    const participantes = [{ nome: 'Ana' }, { nome: 'Bento' }];
    const poll = { titulo, finalidade: 'eliminar', participantes, rascunho: true, ...more };
    return (await client.admin('POST', '/paredoes', poll)).json.id as string;
  };
  const listed = async (id: string): Promise<Json> =>
    ((await client.get('/paredoes', client.basic('admin'))).json.paredoes as Json[]).find((poll) => poll.id === id);
  const becomes = (id: string, check: (poll: Json) => boolean): Promise<Json> =>
    eventually(
      () => listed(id),
      (poll: Json) => poll !== undefined && check(poll),
    );
  const save = async (admin: AdminPage, card: Locator): Promise<void> => {
    await card.getByRole('button', { name: 'Salvar', exact: true }).click();
    await admin.says(card.locator('.feedback'), 'Rascunho salvo');
  };

  it('keeps the work of two who prepare different participants, and shows both where they meet', async () => {
    const id = await draft('A quatro mãos');
    const admin = await AdminPage.open(server);
    const card = admin.card(`Nº ${id}:`);
    const name = (number: number): Locator => card.getByRole('textbox', { name: `Participante ${String(number)}` });
    await name(1).fill('Aninha');
    const theirs = (first: string) => [
      { numero: 1, nome: first },
      { numero: 2, nome: 'Beto' },
    ];
    await client.admin('PATCH', `/paredoes/${id}`, { participantes: theirs('Ana') });
    await eventually(
      () => name(2).inputValue(),
      (value) => value === 'Beto',
    );
    expect(await name(1).inputValue()).toBe('Aninha');
    expect(await card.locator('.conflicts li').count()).toBe(0);

    await client.admin('PATCH', `/paredoes/${id}`, { participantes: theirs('Anita') });
    await admin.says(card.locator('.conflicts'), 'participante 1. Salvo: “Anita”. Aqui: “Aninha”.');
    expect(await card.locator('.conflict-portraits img').count()).toBe(2);
    await expectAccessible(admin.page);
    await card.getByRole('button', { name: 'Ficar com o meu' }).click();
    await save(admin, card);
    expect(await becomes(id, (poll) => poll.participantes[0].nome === 'Aninha')).toMatchObject({
      participantes: [{ nome: 'Aninha' }, { nome: 'Beto' }],
    });
  });

  it('names the annulled poll that it is held in place of, also later', async () => {
    const wrong = await draft('Foi errado', { ensaio: true });
    await client.admin('POST', `/paredoes/${wrong}/abrir`);
    await becomes(wrong, ({ estado }) => estado === 'aberto');
    await client.admin('POST', `/paredoes/${wrong}/anular`, { motivo: 'Nome errado.' });
    await becomes(wrong, ({ estado }) => estado === 'anulado');
    const id = await draft('No lugar dele', { ensaio: true });
    const admin = await AdminPage.open(server);
    const card = admin.card(`Nº ${id}:`);
    await card.getByLabel('No lugar do paredão anulado').selectOption(wrong);
    await admin.says(card.locator('.unsaved-line'), 'Não salvo: paredão substituído.');
    await save(admin, card);
    expect(await becomes(id, ({ substitui }) => substitui !== null)).toMatchObject({
      substitui: { paredao: wrong, motivo: 'Nome errado.' },
    });
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';

import { png } from '../../apps/command-api/testing/png.ts';
import type { Client, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { AdminPage } from './support/admin-page.ts';
import { SMALL_PHONE, describeInBrowser, expectNoSideScroll, reached } from './support/browser.ts';

const PEOPLE = [{ nome: 'Ana' }, { nome: 'Bento' }];

describeInBrowser('the desk', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
    await client.admin('POST', '/paredoes/1/encerrar');
    await eventually(
      () => client.get('/paredao'),
      ({ json }) => json.estado !== 'aberto',
    );
  });

  const draft = async (titulo: string, more: object = {}): Promise<string> => {
    const poll = { titulo, finalidade: 'eliminar', participantes: PEOPLE, rascunho: true, ...more };
    return (await client.admin('POST', '/paredoes', poll)).json.id as string;
  };
  const listed = async (id: string): Promise<Json> =>
    ((await client.get('/paredoes', client.basic('admin'))).json.paredoes as Json[]).find((poll) => poll.id === id);
  const becomes = (id: string, check: (poll: Json) => boolean): Promise<Json> =>
    eventually(
      () => listed(id),
      (poll: Json) => poll !== undefined && check(poll),
    );
  const title = (card: Locator): Locator => card.getByRole('textbox', { name: 'Título' });
  const unsaved = (card: Locator): Locator => card.locator('.unsaved-line');
  const button = (card: Locator, name: string): Locator => card.getByRole('button', { name, exact: true });

  describe('a draft', () => {
    it('is one form with one save, which says what is not saved and can be taken back', async () => {
      const id = await draft('Rascunho inteiro');
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      await title(card).fill('Quem sai hoje?');
      await card.getByRole('textbox', { name: 'Participante 2' }).fill('Beto');
      await card.getByLabel('Regulamento').fill('Vote.');
      await admin.says(unsaved(card), 'Não salvo: título, regulamento e nome do participante 2.');
      await expectAccessible(admin.page);

      await button(card, 'Desfazer as mudanças').click();
      expect(await title(card).inputValue()).toBe('Rascunho inteiro');
      expect(await unsaved(card).innerText()).toBe('');

      await title(card).fill('Quem sai hoje?');
      await card.getByRole('textbox', { name: 'Participante 2' }).fill('Beto');
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Rascunho salvo');
      expect(await unsaved(card).innerText()).toBe('');
      expect(await becomes(id, ({ titulo }) => titulo === 'Quem sai hoje?')).toMatchObject({
        participantes: [{ nome: 'Ana' }, { nome: 'Beto' }],
      });
    });

    it('keeps what is not saved over a reload, for this login only', async () => {
      const id = await draft('Guardado aqui');
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      await title(card).fill('Não salvo ainda');
      await admin.says(unsaved(card), 'título');
      await admin.page.reload();
      await admin.says(unsaved(card), 'Não salvo: título.');
      expect(await title(card).inputValue()).toBe('Não salvo ainda');
      const keys = await admin.page.evaluate<string[]>('Object.keys(localStorage)');
      expect(keys).toEqual([`paredao.rascunho.admin.${id}`]);
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Rascunho salvo');
      expect(await admin.page.evaluate<number>('localStorage.length')).toBe(0);
    });

    it('works where the browser keeps nothing, and says so', async () => {
      const id = await draft('Sem memória');
      const admin = await AdminPage.blank(server);
      await admin.page.addInitScript(`Storage.prototype.setItem = ((set) => function (key, value) {
        if (this === localStorage) throw new DOMException('full', 'QuotaExceededError');
        set.call(this, key, value);
      })(Storage.prototype.setItem)`);
      await admin.page.reload();
      await admin.login();
      const card = admin.card(`Nº ${id}:`);
      await title(card).fill('Outro');
      await admin.says(unsaved(card), 'não guarda o que não foi salvo');
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Rascunho salvo');
    });

    it('shows what somebody else has saved beside the own, and never writes over it unasked', async () => {
      const id = await draft('De todos');
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      await title(card).fill('O meu');
      await client.admin('PATCH', `/paredoes/${id}`, { titulo: 'O da Bia', regulamento: 'Da Bia.' });
      await admin.says(card.locator('.conflicts'), 'Salvo: “O da Bia”. Aqui: “O meu”.');
      expect(await card.getByLabel('Regulamento').inputValue()).toBe('Da Bia.');
      await expectAccessible(admin.page);
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Escolha acima o que fica');
      expect((await listed(id)).titulo).toBe('O da Bia');
      await card.getByRole('button', { name: 'Ficar com o meu' }).click();
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Rascunho salvo');
      expect(await becomes(id, ({ titulo }) => titulo === 'O meu')).toMatchObject({ regulamento: 'Da Bia.' });
    });

    it('is refused when it was changed in the same moment, and shows what it is now', async () => {
      const id = await draft('No mesmo instante');
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      await card.getByRole('textbox', { name: 'Participante 1' }).fill('Aninha');
      // no list comes any more until the save
      await admin.page.route('**/paredoes', (route) =>
        route.request().method() === 'GET' ? route.abort() : route.continue(),
      );
      await client.admin('PATCH', `/paredoes/${id}`, { titulo: 'Da Bia' });
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Outra pessoa salvou este rascunho');
      await admin.page.unroute('**/paredoes');
      await eventually(
        () => title(card).inputValue(),
        (value) => value === 'Da Bia',
      );
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Rascunho salvo');
      expect(await becomes(id, (poll) => poll.participantes[0].nome === 'Aninha')).toMatchObject({
        titulo: 'Da Bia',
        participantes: [{ nome: 'Aninha' }, { nome: 'Bento' }],
      });
    });

    it('warns before it opens by itself without what is not saved, and says afterwards what was left behind', async () => {
      const id = await draft('Sozinho', { abre_em: new Date(Date.now() + 25_000).toISOString() });
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      await card.getByRole('textbox', { name: 'Participante 1' }).fill('Tarde demais');
      await admin.says(card.getByRole('alert'), 'abre sozinho daqui a pouco, sem o que não foi salvo');
      await admin.says(card.locator('.poll-left'), 'Abre em 0:');
      await admin.says(
        card.locator('.left-behind'),
        'Abriu sem o que não estava salvo aqui: nome do participante 1.',
        60_000,
      );
      expect((await client.get('/paredao')).json.participantes[0].nome).toBe('Ana');
      await client.admin('POST', `/paredoes/${id}/encerrar`);
    }, 90_000);
  });

  describe('an opening', () => {
    it('saves first, and then puts on air what the dialog has shown', async () => {
      const id = await draft('Nome errado', { participantes: [{ nome: 'Anna' }, { nome: 'Bento' }] });
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      await card.getByRole('textbox', { name: 'Participante 1' }).fill('Ana');
      await button(card, 'Abrir agora').click();
      await admin.says(admin.dialog, 'Ainda não salvo: nome do participante 1.');
      await admin.dialog.getByRole('button', { name: 'Salvar e conferir' }).click();
      await admin.says(admin.dialog, 'Isto vai ao ar assim que você confirmar');
      for (const said of ['Nome errado', 'Votação para eliminar', 'quando alguém encerrar', 'sem regulamento'])
        await admin.says(admin.dialog, said);
      expect(await admin.dialog.locator('.name').allInnerTexts()).toEqual(['Ana', 'Bento']);
      await expectAccessible(admin.page);

      // somebody else goes on meanwhile
      await client.admin('PATCH', `/paredoes/${id}`, { titulo: 'Nome certo', encerra_em: '2100-01-01T02:00:00Z' });
      await admin.dialog.getByRole('button', { name: 'Abrir a votação' }).click();
      await admin.says(admin.dialog, 'O rascunho mudou enquanto esta janela estava aberta');
      await admin.says(admin.dialog, 'Nome certo');
      expect((await listed(id)).estado).toBe('rascunho');
      await admin.dialog.getByRole('button', { name: 'Abrir a votação' }).click();
      expect(await becomes(id, ({ estado }) => estado === 'aberto')).toMatchObject({
        titulo: 'Nome certo',
        participantes: [{ nome: 'Ana' }, { nome: 'Bento' }],
      });
      await client.admin('POST', `/paredoes/${id}/encerrar`);
    });
  });

  describe('a photo', () => {
    const PICTURE = png({ width: 900, height: 600 });
    const choose = (card: Locator, number: number): Promise<void> =>
      card
        .getByLabel(`Foto do participante ${String(number)}`, { exact: true })
        .setInputFiles({ name: 'rosto.png', mimeType: 'image/png', buffer: PICTURE });
    const position = (image: Locator): Promise<string> =>
      image.evaluate((one: { style: { objectPosition: string } }) => one.style.objectPosition);

    it('is pointed at with a finger or the arrows, cut around the face, and saved with the rest', async () => {
      const id = await draft('Com fotos', { abre_em: '2100-01-01T00:00:00Z' });
      const admin = await AdminPage.open(server, { viewport: SMALL_PHONE });
      const card = admin.card(`Nº ${id}:`);
      await choose(card, 1);
      await admin.says(admin.dialog, 'Onde está o rosto?');
      const field = admin.dialog.getByRole('button', { name: 'Foto: o rosto' });
      const box = (await field.locator('canvas').boundingBox())!;
      await admin.page.mouse.click(box.x + box.width * 0.9, box.y + box.height * 0.5);
      await admin.says(admin.dialog, 'Rosto a 90 % da esquerda e 50 % do alto.');
      await admin.page.keyboard.press('ArrowUp');
      await admin.page.keyboard.press('Shift+ArrowLeft');
      await admin.says(admin.dialog, 'Rosto a 80 % da esquerda e 48 % do alto.');
      await expectAccessible(admin.page);
      await expectNoSideScroll(admin.page);
      await admin.dialog.getByRole('button', { name: 'Usar esta foto' }).click();
      await admin.says(unsaved(card), 'Não salvo: foto do participante 1.');
      expect(await listed(id)).not.toHaveProperty('participantes.0.foto');

      await admin.page.reload();
      await admin.says(unsaved(card), 'foto do participante 1');
      await button(card, 'Salvar').click();
      await admin.says(card.locator('.feedback'), 'Rascunho salvo');
      // 900 × 600 is cut to 500 × 600 from 400 on: 720 is at 64 % of that
      const { foto, foco } = (await becomes(id, (poll) => poll.participantes[0].foto !== undefined))
        .participantes[0] as { foto: string; foco: object };
      expect([foto, foco]).toEqual([expect.stringMatching(/^\/fotos\//), { x: 64, y: 48 }]);

      const voter = await admin.page.context().newPage();
      await voter.goto('/');
      expect(await position(voter.locator('.card[data-number="1"] img[src^="/fotos/"]'))).toBe('64% 48%');
      await card.getByRole('button', { name: 'Ajustar o foco da foto do participante 1' }).click();
      await admin.says(admin.dialog, 'Rosto a 64 % da esquerda e 48 % do alto.');
      await admin.page.keyboard.press('ArrowRight');
      await admin.dialog.getByRole('button', { name: 'Usar este foco' }).click();
      await admin.says(unsaved(card), 'Não salvo: foco da foto do participante 1.');
      await button(card, 'Salvar').click();
      const refocused = await becomes(id, (poll) => poll.participantes[0].foco.x === 66);
      expect(refocused.participantes[0].foto).toBe(foto);
    });

    it('is taken away with a save; on air at once, after a question', async () => {
      const id = await draft('Sem foto', { ensaio: true });
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      const away = card.getByRole('button', { name: 'Tirar a foto do participante 1' });
      const photoOf = async (): Promise<unknown> => (await listed(id)).participantes[0].foto;
      await choose(card, 1);
      await admin.dialog.getByRole('button', { name: 'Usar esta foto' }).click();
      await button(card, 'Salvar').click();
      const { cedula } = await becomes(id, (poll) => poll.participantes[0].foto !== undefined);
      await away.click();
      await admin.says(unsaved(card), 'Não salvo: foto do participante 1.');
      expect(await photoOf()).toMatch(/^\/fotos\//);
      await button(card, 'Desfazer as mudanças').click();
      await client.admin('POST', `/paredoes/${id}/abrir`);
      await card.getByRole('button', { name: 'Encerrar a votação' }).waitFor();
      await away.click();
      await admin.says(admin.dialog, 'A foto de Ana sai do ar agora');
      await expectAccessible(admin.page);
      await admin.dialog.getByRole('button', { name: 'Tirar a foto' }).click();
      const without = await becomes(id, (poll) => poll.participantes[0].foto === undefined);
      // whoever saw the photo votes on another ballot
      expect(without.cedula).not.toBe(cedula);
      await away.waitFor({ state: 'hidden' });
      await client.admin('POST', `/paredoes/${id}/encerrar`);
    });

    it('is part of a new poll, with its times; what is refused is said, and nothing is lost', async () => {
      const admin = await AdminPage.open(server);
      const form = admin.page.locator('#novo-paredao');
      await form.getByLabel('Título').fill('Tudo de uma vez');
      await form.getByLabel('Vota-se para').selectOption('vencer');
      await form.getByRole('textbox', { name: 'Participante 1' }).fill('Ana');
      await form.getByRole('textbox', { name: 'Participante 2' }).fill('ANA');
      await choose(form, 1);
      await admin.dialog.getByRole('button', { name: 'Usar esta foto' }).click();
      await reached(admin.page, '#novo img[src^="/fotos/"]');
      await form.getByLabel('Encerra sozinho em').fill('2100-01-01T00:00');
      await button(form, 'Guardar rascunho').click();
      await admin.says(form.locator('.feedback'), 'nomes diferentes');
      await admin.page.reload();
      expect(await form.getByLabel('Título').inputValue()).toBe('Tudo de uma vez');
      await reached(admin.page, '#novo img[src^="/fotos/"]');
      await form.getByRole('textbox', { name: 'Participante 2' }).fill('Bia');
      await button(form, 'Abrir agora').click();
      await admin.says(admin.dialog, 'Tudo de uma vez');
      await admin.says(admin.dialog, /Encerra.*de Brasília/s);
      await reached(admin.page, '#abertura img[src^="/fotos/"]');
      await admin.dialog.getByRole('button', { name: 'Voltar' }).click();
      await admin.says(form.locator('.feedback'), 'Rascunho guardado');
      expect(await form.getByLabel('Título').inputValue()).toBe('');
      await admin.card('Tudo de uma vez').waitFor();
    });
  });

  it.each([360, 390, 768, 1280])('fits %d pixels', async (width) => {
    const admin = await AdminPage.open(server, { viewport: { width, height: 800 } });
    await admin.page.locator('#preparo article').first().waitFor();
    await expectNoSideScroll(admin.page);
  });
});

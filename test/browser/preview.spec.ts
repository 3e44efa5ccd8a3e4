import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { AdminPage } from './support/admin-page.ts';
import { describeInBrowser, reached } from './support/browser.ts';
import { STAGE_FAULTS, STAGE_MODES } from './support/stage-page.ts';

describeInBrowser('a preview', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const draft = async (titulo: string, more: object = {}): Promise<string> => {
    const participantes = [{ nome: 'Ana' }, { nome: 'Bento' }, { nome: 'Caio' }];
    const poll = { titulo, finalidade: 'eliminar', participantes, rascunho: true, ...more };
    return (await client.admin('POST', '/paredoes', poll)).json.id as string;
  };
  const previewOf = async (admin: AdminPage, card: Locator, where: 'celular' | 'palco'): Promise<Page> => {
    const [preview] = await Promise.all([
      admin.page.waitForEvent('popup'),
      card.getByRole('button', { name: `Prévia no ${where}`, exact: true }).click(),
    ]);
    return preview;
  };
  const requestsOf = (page: Page): string[] => {
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    return sent;
  };
  const ALLOWED = /^GET \/(assets\/|paredoes$|previa|fotos\/)/;

  it('is the page of the voters with the draft, and no vote leaves it', async () => {
    const id = await draft('Ainda um segredo', { regulamento: 'Vote à vontade.' });
    const admin = await AdminPage.open(server);
    const preview = await previewOf(admin, admin.card(`Nº ${id}:`), 'celular');
    const sent = requestsOf(preview);
    await preview.getByText('Prévia: nenhum voto sai daqui').waitFor();
    await preview.getByRole('heading', { name: 'Ainda um segredo' }).waitFor();
    await preview.getByRole('radio', { name: /Ana/ }).check({ force: true });
    await preview.getByRole('button', { name: 'Votar para eliminar Ana' }).click();
    await preview.getByText('nenhum voto sai daqui', { exact: false }).waitFor();
    await preview.getByRole('button', { name: 'Regulamento' }).click();
    await preview.getByText('Vote à vontade.').waitFor();
    await preview.keyboard.press('Escape');
    await expectAccessible(preview);
    expect(preview.viewportSize() ?? { width: 390 }).toMatchObject({ width: 390 });
    expect(sent.filter((request) => !ALLOWED.test(request))).toEqual([]);
  });

  it('shows what is not saved, says so, and leaves it unsaved', async () => {
    const id = await draft('Como está salvo');
    const admin = await AdminPage.open(server);
    const card = admin.card(`Nº ${id}:`);
    await card.getByRole('textbox', { name: 'Título' }).fill('Ainda não salvo');
    const preview = await previewOf(admin, card, 'celular');
    await preview.getByRole('heading', { name: 'Ainda não salvo' }).waitFor();
    await preview.getByText('com o que não foi salvo').waitFor();
    const { json } = await client.get('/paredoes', client.basic('admin'));
    expect(json.paredoes[0].titulo).toBe('Como está salvo');
  });

  it.each(['previa', 'previa-palco'])('%s is for staff: whoever has no login sees no draft', async (page) => {
    const id = await draft('Segredo');
    const admin = await AdminPage.blank(server);
    await admin.page.goto(`/${page}.html?paredao=${id}`);
    await admin.page.getByText('entre na administração').waitFor();
    expect(await admin.page.content()).not.toContain('Segredo');
  });

  describe('as stage', () => {
    const wall = (modo: string): string => `.wall[data-modo="${modo}"]`;
    const shares = (page: Page): Promise<string[]> => page.locator('.wall-share span').allInnerTexts();
    const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

    it('is the picture of the stage in each mode, marked, and nothing of it gets out', async () => {
      const closes = new Date(Date.now() + 3_600_000).toISOString();
      const id = await draft('Quem sai amanhã?', { encerra_em: closes });
      const before = (await client.get('/paredao')).json;
      const admin = await AdminPage.open(server);
      const preview = await previewOf(admin, admin.card(`Nº ${id}:`), 'palco');
      const sent = requestsOf(preview);
      await reached(preview, `[data-view="palco"] ${wall('contagem')}`);
      await preview.getByRole('heading', { name: 'Quem sai amanhã?' }).waitFor();
      expect(await preview.locator('#relogio-falta').innerText()).toMatch(/^(1:00:00|59:\d\d)$/);
      expect(await preview.locator('#previa').innerText()).toBe('Prévia');

      await press(preview, 'Parcial');
      await reached(preview, wall('parcial'));
      expect(await shares(preview)).toEqual(['33,34', '33,33', '33,33']);
      expect(await preview.locator('#previa').innerText()).toBe('Prévia · números inventados');

      await press(preview, 'Suspense');
      await reached(preview, wall('suspense'));
      expect(await preview.locator('#fala').innerText()).toBe('Resultado em instantes');

      // each reveal has another one last, so that no picture foretells a result
      for (const name of ['Ana', 'Bento']) {
        await press(preview, 'Revelação');
        await reached(preview, '.wall[data-revelado="true"]');
        expect(await preview.locator('#fala').innerText()).toContain(name);
        expect(await preview.locator('#previa').innerText()).toBe('Prévia · resultado inventado');
      }
      await expectAccessible(preview);
      expect(sent.filter((request) => !ALLOWED.test(request))).toEqual([]);
      expect({ ...(await client.get('/paredao')).json, atualizado_em: '' }).toEqual({ ...before, atualizado_em: '' });
      expect((await client.get(`/paredao?paredao=${id}`)).status).toBe(404);
    }, 90_000);

    it('follows what is written in the form, and the mark is on every picture', async () => {
      const id = await draft('Antes');
      const admin = await AdminPage.open(server);
      const card = admin.card(`Nº ${id}:`);
      const preview = await previewOf(admin, card, 'palco');
      await preview.getByRole('heading', { name: 'Antes' }).waitFor();
      await card.getByRole('textbox', { name: 'Título' }).fill('Depois');
      await preview.getByRole('heading', { name: 'Depois' }).waitFor();
      await preview.getByText('Prévia · com o que não foi salvo').waitFor();
      for (const modo of STAGE_MODES) {
        await preview.locator(`button[value="${modo}"]`).click();
        await reached(preview, wall(modo));
        expect(await preview.locator('#previa').isVisible()).toBe(true);
        expect(await preview.evaluate(STAGE_FAULTS)).toMatchObject({ outside: [], cut: [] });
      }
      await client.admin('POST', `/paredoes/${id}/descartar`);
      await preview.getByText('este rascunho não está mais lá').waitFor();
      expect(await preview.getByRole('heading', { name: 'Depois' }).isVisible()).toBe(false);
    });

    it('shows a rehearsal as one', async () => {
      const id = await draft('Ensaio geral', { ensaio: true });
      const admin = await AdminPage.open(server);
      const preview = await previewOf(admin, admin.card(`Nº ${id}:`), 'palco');
      await preview.locator('#ensaio').waitFor();
      const code = preview.locator('#qr svg');
      await eventually(
        () => code.getAttribute('aria-label'),
        (label) => label?.includes(`/?paredao=${id}&chave=`) === true,
      );
    });
  });
});

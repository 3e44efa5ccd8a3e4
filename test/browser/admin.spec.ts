import { beforeAll, expect, it } from '@jest/globals';

import { png } from '../../apps/command-api/testing/png.ts';
import type { Client, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { AdminPage } from './support/admin-page.ts';
import { SMALL_PHONE, describeInBrowser, expectNoSideScroll, reached, textOf } from './support/browser.ts';
import { VoterPage, refusal } from './support/voter-page.ts';

/** Eleven seconds from the end of the vote to the cut, some more for a slow machine. */
const CUT_LIMIT_MS = 25_000;
const DEMO = 'Quem fica na Casa de Vidro?';
const NEXT = 'Quem vai para a final?';
const NAMES = ['Caio Cometa', 'Duda Duna'] as const;

/** What an input shows for an instant, in Brasília. */
const wall = (milliseconds: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Sao_Paulo', dateStyle: 'short', timeStyle: 'short' })
    .format(milliseconds)
    .replace(' ', 'T');

const estado = async (client: Client, id: string): Promise<unknown> =>
  ((await client.get('/paredoes', client.basic('admin'))).json.paredoes as { id: string; estado: string }[]).find(
    (poll) => poll.id === id,
  )?.estado;

describeInBrowser('the administration', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
    for (const participant of [1, 2, 2]) await client.cast(participant);
  });

  it('is for administrators, with a login, and gives the focus to the page and back to the form', async () => {
    const admin = await AdminPage.blank(server);
    await admin.login('admin', 'não é esta');
    await admin.says(admin.page.getByRole('alert'), 'Usuário ou senha não conferem');
    await admin.login('producao');
    await reached(admin.page, '#trocar-titulo:focus');
    expect(await admin.page.getByRole('heading').allInnerTexts()).toEqual(['Administração', 'Minha senha']);
    await admin.page.getByRole('button', { name: 'Sair' }).click();
    await admin.login();
    await reached(admin.page, '#palco-titulo:focus');
    await admin.card(DEMO).waitFor();
    await admin.page.getByRole('button', { name: 'Sair' }).click();
    await reached(admin.page, '#usuario:focus');
    expect(await admin.page.getByRole('article').count()).toBe(0);
  });

  it('prepares a poll, mends a name and sets its times, each with its reason where that is not possible', async () => {
    const admin = await AdminPage.open(server);
    await admin.create(NEXT, ['Caio Cometa', 'Caio Cometa'], 'Guardar rascunho');
    await admin.says(admin.page.locator('#novo .feedback'), 'dois a dez participantes com nomes diferentes');
    await admin.create(NEXT, [NAMES[0], 'Duda'], 'Guardar rascunho');
    await admin.says(admin.page.locator('#novo .feedback'), 'Rascunho guardado');

    const card = admin.card(NEXT);
    await card.getByRole('textbox', { name: 'Participante 2' }).fill(NAMES[1]);
    await card.getByRole('button', { name: 'Salvar' }).click();
    await admin.says(card.locator('.feedback'), 'Rascunho salvo');

    const opens = Date.now() + 7_200_000;
    await card.getByLabel('Abre sozinho em').fill(wall(opens));
    await card.getByLabel('Encerra sozinho em').fill(wall(opens - 3_600_000));
    await card.getByRole('button', { name: 'Salvar' }).click();
    await admin.says(card.locator('.feedback'), 'encerramento depois da abertura');
    await card.getByLabel('Encerra sozinho em').fill(wall(opens + 3_600_000));
    await card.getByRole('button', { name: 'Salvar' }).click();
    await admin.says(card.locator('.feedback'), 'Rascunho salvo');
    await admin.says(card.locator('.state-badge'), 'Em breve');
    await admin.says(card.locator('.poll-when'), wall(opens).slice(11).replace(':', 'h'));
    expect(await card.getByRole('textbox', { name: 'Participante 2' }).inputValue()).toBe(NAMES[1]);
    expect(await estado(client, '2')).toBe('agendado');
  });

  it('changes the title of a draft, and discards a draft once that is confirmed', async () => {
    const admin = await AdminPage.open(server);
    await admin.create('Rascunho', ['Eva Eco', 'Fito Farol'], 'Guardar rascunho');
    const card = admin.card('Nº 3:');
    await card.getByRole('textbox', { name: 'Título' }).fill(' ');
    await card.getByRole('button', { name: 'Salvar' }).click();
    await admin.says(card.locator('.feedback'), 'título');
    await card.getByRole('textbox', { name: 'Título' }).fill('Quem volta?');
    await card.getByRole('button', { name: 'Salvar' }).click();
    await admin.says(card.getByRole('heading'), 'Nº 3: Quem volta?');
    expect(
      await admin
        .card(DEMO)
        .getByRole('button', { name: /Descartar|^Salvar$/ })
        .count(),
    ).toBe(0);

    const discard = card.getByRole('button', { name: 'Descartar rascunho' });
    await discard.click();
    await admin.dialog.getByRole('button', { name: 'Voltar' }).click();
    expect(await estado(client, '3')).toBe('rascunho');
    await discard.click();
    await admin.says(admin.dialog, '“Quem volta?” sai da lista');
    await admin.dialog.getByRole('button', { name: 'Descartar' }).click();
    await card.waitFor({ state: 'detached' });
    expect(await estado(client, '3')).toBeUndefined();
    const actions = (await client.get('/auditoria/acoes?paredao=3', client.basic('auditor'))).json as Json[];
    expect(actions.map(({ o_que }) => o_que as string).slice(1)).toEqual([
      'Mudou o título para “Quem volta?”',
      'Descartou o rascunho',
    ]);
  });

  it('keeps what is being typed while the list comes again', async () => {
    const admin = await AdminPage.open(server);
    const name = admin.card(NEXT).getByRole('textbox', { name: 'Participante 1' });
    await name.fill('Ca');
    await client.admin('PATCH', '/paredoes/1/participantes/1', { nome: 'Aurora', motivo: 'Erro' });
    await reached(admin.page, 'article input[name="nome"]');
    await eventually(
      () => admin.card(DEMO).getByRole('textbox', { name: 'Participante 1' }).inputValue(),
      (value) => value === 'Aurora',
    );
    expect(await name.inputValue()).toBe('Ca');
  });

  it('shows a photo before and after it is saved, upright and small, and to voters', async () => {
    const admin = await AdminPage.open(server);
    const card = admin.card(DEMO);
    const image = card.locator('.poll-person[data-number="1"] img');
    const choose = (name: string, buffer: Buffer): Promise<void> =>
      card.getByLabel('Foto do participante 1').setInputFiles({ name, mimeType: 'image/png', buffer });
    await choose('texto.png', Buffer.from('não é uma imagem'));
    await admin.says(card.locator('.feedback'), 'não pôde ser lida');
    await choose('rosto.png', png({ width: 1500, height: 900 }));
    await admin.says(admin.dialog, 'Onde está o rosto?');
    await admin.dialog.getByRole('button', { name: 'Usar esta foto' }).click();
    await admin.says(card.locator('.feedback'), 'Foto guardada');
    await reached(admin.page, '.poll-person img[src^="/fotos/"]');
    expect(await image.getAttribute('alt')).toBe('');
    const voter = await VoterPage.open(server);
    await reached(voter.page, '.card[data-number="1"] img[src^="/fotos/"]');
    expect(await voter.page.locator('.card[data-number="2"] img').getAttribute('src')).toMatch(
      /^data:image\/svg|\.svg$/,
    );
  });

  it.each([
    [1, 320],
    [2, 640],
    [3, 640],
  ])('loads no more of a photo than a phone of density %d shows', async (deviceScaleFactor, widest) => {
    const voter = await VoterPage.open(server, { deviceScaleFactor });
    const photo = voter.page.locator('.card[data-number="1"] img[src^="/fotos/"]');
    // '' until one is chosen, 0 until it is loaded
    const chosen = () =>
      photo.evaluate((image: { currentSrc: string; naturalWidth: number }) =>
        image.naturalWidth > 0 ? image.currentSrc : '',
      );
    const url = await eventually(chosen, (source) => source.includes('/fotos/'));
    expect(Number(new URL(url).searchParams.get('w'))).toBeLessThanOrEqual(widest);
    expect(Number(new URL(url).searchParams.get('w'))).toBeGreaterThanOrEqual(320);
  });

  it('does not open a second poll, and says why in the dialog, which gives the focus back', async () => {
    const admin = await AdminPage.open(server);
    const button = admin.card(NEXT).getByRole('button', { name: 'Abrir agora' });
    await button.focus();
    await admin.page.keyboard.press('Enter');
    await admin.says(admin.dialog, 'Abrir agora?');
    await admin.dialog.getByRole('button', { name: 'Abrir a votação' }).click();
    await admin.says(admin.dialog, 'Já existe um paredão aberto');
    await admin.page.keyboard.press('Escape');
    await admin.dialog.waitFor({ state: 'hidden' });
    expect(await admin.page.evaluate<string>('document.activeElement.textContent')).toBe('Abrir agora');
  });

  it('closes a poll only when that is confirmed, shows the final result, and keeps it in the history', async () => {
    const admin = await AdminPage.open(server);
    const button = admin.card(DEMO).getByRole('button', { name: 'Encerrar a votação' });
    await button.click();
    await admin.dialog.getByRole('button', { name: 'Voltar' }).click();
    expect(await estado(client, '1')).toBe('aberto');
    await button.click();
    await admin.dialog.getByRole('button', { name: 'Encerrar a votação' }).click();
    await admin.says(admin.dialog, 'Contando os últimos votos');
    await admin.says(admin.dialog, /Resultado final.*Íris Trovão 66,67%.*2 votos.*Aurora 33,33%/s, CUT_LIMIT_MS);
    await admin.dialog.getByRole('button', { name: 'Fechar' }).click();
    const entry = admin.page.locator('#historia li').first();
    expect(await textOf(admin.page, '#historia li')).toContain('Íris Trovão 66,67%');
    await entry.getByRole('link', { name: 'Ver no painel' }).click();
    await reached(admin.page, 'body[data-view="painel"][data-conexao="live"]');
    await reached(admin.page, '#paredoes-lista a[href="/painel.html?paredao=1"][aria-current="page"]');
  });

  it('shows voters the faces and the time, and opens for them by itself', async () => {
    const opens = Date.now() + 12_000;
    const abre_em = new Date(opens).toISOString();
    expect((await client.admin('PUT', '/paredoes/2/agenda', { abre_em, encerra_em: null })).status).toBe(200);
    await eventually(
      async () => (await client.get('/paredao')).json.abre_em as string,
      (time) => time === abre_em,
    );
    const voter = await VoterPage.blank(server);
    await voter.load('soon');
    await voter.hears('A votação ainda não começou');
    await voter.hears(/Ela abre sozinha hoje às \d\dh\d\d/);
    expect(await textOf(voter.page, '#contagem')).toMatch(/^0:\d\d$/);
    expect(await voter.card(NAMES[0]).isDisabled()).toBe(true);
    expect(await voter.page.locator('#acao').isVisible()).toBe(false);
    await voter.sees('vote', 30_000);
    await voter.vote(NAMES[0]);
    await voter.sees('voted');
  });

  it('says when the service is away, and goes on when it is back', async () => {
    const admin = await AdminPage.open(server);
    await admin.page.route('**/paredoes', refusal(503, 'read-model-unavailable', { 'retry-after': '2' }));
    await admin.says(admin.page.locator('#conexao'), 'Tentando de novo');
    await expectAccessible(admin.page);
    await admin.page.unroute('**/paredoes');
    await reached(admin.page, '#conexao:empty');
  });

  it('changes the own password, and stays', async () => {
    const admin = await AdminPage.blank(server);
    await admin.login('auditor');
    const line = admin.page.locator('#trocar .feedback');
    const change = async (...[current, next, again]: readonly string[]): Promise<void> => {
      await admin.page.getByLabel('Senha atual').fill(current ?? '');
      await admin.page.getByLabel('Senha nova', { exact: true }).fill(next ?? '');
      await admin.page.getByLabel('Senha nova, de novo').fill(again ?? '');
      await admin.page.getByRole('button', { name: 'Trocar a senha' }).click();
    };
    const [old, next] = [client.passwordOf('auditor'), 'uma senha bem comprida'];
    await change('', next, next);
    await admin.says(line, 'Preencha');
    await change(old, 'curta', 'curta');
    await admin.says(line, 'pelo menos 12');
    await change(old, next, `${next}!`);
    await admin.says(line, 'diferentes');
    await change('errada', next, next);
    await admin.says(line, 'Usuário ou senha incorretos');
    await change(old, next, next);
    await admin.says(line, 'Senha trocada');
    await admin.page.reload();
    await reached(admin.page, 'body[data-view="admin"]');
  });

  it('fits a small phone', async () => {
    const admin = await AdminPage.open(server, { viewport: SMALL_PHONE });
    await expectNoSideScroll(admin.page);
    await admin.card(NEXT).getByRole('button', { name: 'Encerrar a votação' }).click();
    await admin.says(admin.dialog, 'Isto não pode ser desfeito');
    await expectNoSideScroll(admin.page);
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContextOptions, Page } from 'playwright-core';

import { keptKeysOf, receiptsOf } from '#audit';
import { ReceiptIssuer, parseReceipt, receiptBytes } from '#receipts';
import { SealKeys } from '#seal';
import { parseTlogProof, verifierOf, verifyTlogProof } from '#transparency';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { codeInDrawing } from '../support/qr.ts';
import { Server } from '../support/server.ts';
import { auditAndSign } from '../support/sign-off.ts';
import { expectAccessible } from './support/accessible.ts';
import {
  PHONE,
  SMALLEST_PHONE,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  newPage,
  reached,
  textOf,
} from './support/browser.ts';
import { VoterPage, refusal } from './support/voter-page.ts';

const FIRST = 'Aurora Estrela';
const SECOND = 'Íris Trovão';

/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 40_000;

/** Another letter in the middle of a receipt. */
const tampered = (receipt: string, at: number): string =>
  receipt.slice(0, at) + (receipt[at] === 'A' ? 'B' : 'A') + receipt.slice(at + 1);

const is = (page: Page, word: 'registrado' | 'contado', mark: string): Promise<void> =>
  reached(page, `#${word}[data-marca="${mark}"]`);

describeInBrowser('receipts', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  /** Somebody who voted, and the receipt that the vote was answered with. */
  async function voted(
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<{ voter: VoterPage; receipt: string }> {
    const voter = await VoterPage.blank(server, { viewport: SMALL_PHONE, ...options });
    await voter.load('vote');
    const answer = voter.page.waitForResponse('**/votar/*');
    await voter.vote(name);
    await voter.sees('voted');
    const { recibo } = (await (await answer).json()) as { recibo: string };
    return { voter, receipt: recibo };
  }

  async function opened(receipt: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await newPage(server, { viewport: SMALL_PHONE, ...options });
    await page.goto(`/recibo.html#${receipt}`);
    return page;
  }

  describe('after a vote', () => {
    it('are a link beside the confirmation, which moves nothing and asks nobody', async () => {
      const { voter } = await voted(SECOND);
      await voter.hears('A parcial já inclui o seu voto');
      const link = voter.page.getByRole('link', { name: 'Recibo' });
      const withLink = await voter.page.locator('.vote-bar').boundingBox();
      await voter.page.evaluate("document.getElementById('recibo').hidden = true");
      expect(await voter.page.locator('.vote-bar').boundingBox()).toEqual(withLink);

      await voter.page.evaluate("document.getElementById('recibo').hidden = false");
      expect(await link.innerText()).toBe('Recibo');
      expect(voter.requests.filter((request) => /recibo|urna/.test(request))).toEqual([]);
      expect(await link.getAttribute('href')).toMatch(/^\/recibo\.html#guardado=\d+-\w+$/);
    });

    it('are registered, and say when it will be known whether they count', async () => {
      const { voter, receipt } = await voted(SECOND);
      const asked: string[] = [];
      voter.page.on('request', (request) => asked.push(request.url()));
      await voter.page.getByRole('link', { name: 'Recibo' }).click();
      await is(voter.page, 'registrado', 'yes');
      await is(voter.page, 'contado', 'waiting');

      expect(await textOf(voter.page, '#contado')).toContain('quando o resultado for proclamado');
      expect(await textOf(voter.page, '#recibo-voto')).toContain(SECOND);
      expect(await textOf(voter.page, '#lista')).toContain(SECOND);
      const { data } = JSON.parse(Buffer.from(parseReceipt(receiptBytes(receipt)).leaf).toString());
      for (const url of asked)
        for (const secret of [receipt.slice(0, 40), data.voteId]) expect(url).not.toContain(secret);
      await expectNoSideScroll(voter.page);
      await expectAccessible(voter.page);
    });

    it('are kept with those of before, and are deleted one by one or all at once', async () => {
      const { voter } = await voted(FIRST);
      await voter.voteAgain();
      await voter.vote(SECOND);
      await voter.sees('voted');
      const { page } = voter;
      await page.getByRole('link', { name: 'Recibo' }).click();
      await is(page, 'registrado', 'yes');
      const names = page.locator('#lista a span');
      expect(await names.allInnerTexts()).toEqual([expect.stringContaining(SECOND), expect.stringContaining(FIRST)]);

      await page.getByRole('button', { name: new RegExp(`Apagar o recibo: .*${FIRST}`) }).click();
      await page.locator('#confirmacao-nao').click();
      expect(await names.count()).toBe(2);
      await page.getByRole('button', { name: new RegExp(`Apagar o recibo: .*${FIRST}`) }).click();
      await page.locator('#confirmacao-sim').click();
      await reached(page, '#lista li:only-child');
      await page.getByRole('button', { name: 'Apagar todos' }).click();
      await page.locator('#confirmacao-sim').click();
      await reached(page, '#nenhum:not([hidden])');
      await page.reload();
      await reached(page, '#nenhum:not([hidden])');
      expect(await page.evaluate<string[]>('Object.keys(localStorage)')).not.toContainEqual(
        expect.stringMatching(/^paredao\.recibo/),
      );
    });

    it('are checked against the keys that the box had before, which are handed over with them', async () => {
      const { voter } = await voted(FIRST);
      const { page } = voter;
      await page.getByRole('link', { name: 'Recibo' }).click();
      await is(page, 'registrado', 'yes');
      const { json: zeresima } = await server.client().get('/urna/1/zeresima.json');
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Baixar o recibo' }).click();
      const file = readFileSync(await (await saved).path(), 'utf8');
      expect([receiptsOf('x', file).length, keptKeysOf('x', file)[0]!.note]).toEqual([1, zeresima.chaves.nota]);
      await page.getByText('O que está no recibo').click();
      expect(await textOf(page, '#recibo-dados')).toContain('paredao-chaves/v1');

      const note = new SealKeys([Buffer.alloc(32, 1)]).noteFor('paredao.local', '1');
      const folha = JSON.stringify({ data: { origin: zeresima.origem, keys: note } });
      await page.route('**/zeresima.json', (route) => route.fulfill({ json: { ...zeresima, folha } }));
      await page.reload();
      await is(page, 'registrado', 'proof');
      expect(await textOf(page, '#registrado')).toContain('a urna foi refeita');
      expect(await textOf(page, '#contado')).toContain('mostre-o aos auditores');
      await expectAccessible(page);
    });

    it('come with the address where the browser keeps nothing', async () => {
      const voter = await VoterPage.blank(server);
      await voter.page.addInitScript(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }",
      );
      await voter.load('vote');
      await voter.vote(FIRST);
      await voter.sees('voted');
      await voter.page.getByRole('link', { name: 'Recibo' }).click();
      await is(voter.page, 'registrado', 'yes');
      expect(await textOf(voter.page, '#recibo-voto')).toContain(FIRST);
    });
  });

  describe('in an address', () => {
    it('are verified in any browser, and not kept there', async () => {
      const { receipt } = await voted(FIRST);
      const page = await opened(receipt, { viewport: SMALLEST_PHONE });
      await is(page, 'registrado', 'yes');

      expect(await textOf(page, '#recibo-voto')).toContain(FIRST);
      await reached(page, '#nenhum:not([hidden])');
      await expectNoSideScroll(page);
      await expectAccessible(page);
    });

    it('are printed with their code, and with who may see them', async () => {
      const { receipt } = await voted(FIRST);
      const page = await opened(receipt);
      await is(page, 'registrado', 'yes');
      await page.emulateMedia({ media: 'print' });
      await page.pdf();

      expect(await page.locator('#recibo-codigo svg').isVisible()).toBe(true);
      expect(await textOf(page, '#recibo')).toContain('Quem vê este recibo vê o seu voto');
      expect(await page.locator('.kept, .actions, .top').filter({ visible: true }).count()).toBe(0);
    });

    it.each([
      ['in its signature', 600],
      ['in its root', 490],
      ['in its path', 100],
      ['in its leaf', 1000],
    ])('promise nothing when they were changed %s', async (_where, at) => {
      const { receipt } = await voted(FIRST);
      const page = await opened(tampered(receipt, at));
      await is(page, 'registrado', 'no');

      expect(await textOf(page, '#registrado')).toContain('ninguém prometeu nada');
    });

    it('promise nothing when they are cut off', async () => {
      const { receipt } = await voted(FIRST);
      const page = await opened(receipt.slice(0, 400));
      await is(page, 'registrado', 'no');

      expect(await textOf(page, '#registrado')).toContain('ninguém prometeu nada');
      await expectAccessible(page);
    });

    it('wait where there is no answer, and go on when somebody wants it', async () => {
      const { receipt } = await voted(FIRST);
      const page = await newPage(server, { viewport: PHONE });
      await page.route('**/urna/**', (route) => route.abort());
      await page.goto(`/recibo.html#${receipt}`);
      await page.getByRole('button', { name: 'Tentar de novo' }).waitFor();
      await is(page, 'registrado', 'waiting');

      await page.unroute('**/urna/**');
      await page.getByRole('button', { name: 'Tentar de novo' }).click();
      await is(page, 'registrado', 'yes');
    });
  });

  describe('of a poll whose result is out', () => {
    let night: Server;
    let client: Client;
    let receipt: string;

    /** A vote, the end of the poll, what the auditor says, and the proclamation. */
    beforeAll(async () => {
      night = await Server.start();
      client = night.client();
      receipt = String((await client.cast(2)).json.recibo);
      for (let votes = 0; votes < 30; votes++) await client.cast(1);
      await client.admin('POST', '/paredoes/1/encerrar');
      const signed = () => auditAndSign(client, '1').catch(() => undefined);
      await eventually(signed, (answer) => answer?.status === 200, CUT_LIMIT_MS);
      expect((await client.admin('POST', '/paredoes/1/proclamar', {})).status).toBe(200);
      await eventually(
        () => client.get('/urna/1/boletim.json'),
        ({ status }) => status === 200,
        CUT_LIMIT_MS,
      );
    }, 2 * CUT_LIMIT_MS);

    it('count: the leaf is looked up among others, and nothing names it', async () => {
      const page = await newPage(night, { viewport: SMALL_PHONE });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
      await page.goto(`/recibo.html#${receipt}`);
      await is(page, 'contado', 'yes');
      await is(page, 'registrado', 'yes');

      expect(await textOf(page, '#contado')).toContain('está no total');
      const paths = asked
        .map((url) => new URL(url.split(' ')[0]!).pathname)
        .filter((path) => path.startsWith('/urna/'));
      expect(paths).toEqual(['/urna/1/zeresima.json', '/urna/1/boletim.json', '/urna/1/1/votos/v2/33/0/0']);
      await expectNoSideScroll(page);
      await expectAccessible(page);
    });

    it.each(['zeresima', 'boletim'])('stand beside the paper that anybody can read: %s', async (paper) => {
      const page = await newPage(night, { viewport: SMALL_PHONE });
      await page.goto(`/urna/1/${paper}`);
      await expectNoSideScroll(page);
      await expectAccessible(page);
    });

    it('have a proof to download that other programs verify, and a code that leads back here', async () => {
      const page = await newPage(night, { viewport: SMALL_PHONE });
      await page.goto(`/recibo.html#${receipt}`);
      await is(page, 'contado', 'yes');
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: /tlog-proof/ }).click();
      const proof = parseTlogProof(readFileSync(await (await download).path(), 'utf8'));
      const { leaf } = parseReceipt(receiptBytes(receipt));
      const { chaves } = (await client.get('/urna/1/zeresima.json')).json;

      expect(verifyTlogProof(proof, leaf, [verifierOf(String(chaves.urna))]).size).toBe(33);
      expect(Buffer.from(proof.extra!)).toEqual(Buffer.from(leaf));
      await page.getByText('Código QR deste recibo').click();
      await page.locator('#recibo-codigo svg').waitFor();
      const drawing = await page.evaluate<string>("document.querySelector('#recibo-codigo svg').outerHTML");
      expect(await codeInDrawing(drawing)).toBe(`http://127.0.0.1:${String(night.port)}/recibo.html#${receipt}`);
    });

    it('for a vote that is not in the box are proof against the service, and say what to do', async () => {
      const page = await newPage(night, { viewport: SMALL_PHONE });
      await page.goto(`/recibo.html#${await neverStored(night, receipt)}`);
      await is(page, 'contado', 'proof');

      expect(await textOf(page, '#registrado')).toContain('é prova contra este serviço');
      expect(await textOf(page, '#contado')).toContain('mostre-o aos auditores');
      await expectAccessible(page);
    });

    it('are not judged while the votes cannot be looked up', async () => {
      const page = await newPage(night, { viewport: SMALL_PHONE });
      await page.route('**/votos/**', refusal(503, 'urna-busy', { 'retry-after': '2' }));
      await page.goto(`/recibo.html#${receipt}`);
      await page.getByRole('button', { name: 'Tentar de novo' }).waitFor();
      await is(page, 'contado', 'waiting');
    });

    it('are not judged by a file of an earlier form, which browsers and nginx keep for ever at its address', async () => {
      const page = await newPage(night, { viewport: SMALL_PHONE });
      // no votes, and one hash
      const earlier = { contentType: 'application/octet-stream', body: Buffer.alloc(36) };
      await page.route(/\/votos\/\d/, (route) => route.fulfill(earlier));
      await page.goto(`/recibo.html#${receipt}`);
      await is(page, 'contado', 'yes');
    });

    it('are not judged by a page of an earlier version: what it asks for is not there any more', async () => {
      const page = await newPage(night, { viewport: SMALL_PHONE });
      await page.route('**/votos/v2/**', (route) => route.continue({ url: route.request().url().replace('/v2', '') }));
      await page.goto(`/recibo.html#${receipt}`);
      await page.getByRole('button', { name: 'Tentar de novo' }).waitFor();
      await is(page, 'contado', 'waiting');

      expect(await textOf(page, '#contado')).toContain('recarregue a página');
    });
  });
});

/** A receipt that the service signed for a vote that it never stored. @param like a receipt of one that it did */
async function neverStored(server: Server, like: string): Promise<string> {
  const { origin, leaf } = parseReceipt(receiptBytes(like));
  const { chaves } = (await server.client().get('/urna/1/zeresima.json')).json;
  const { seal } = JSON.parse(readFileSync(join(server.dataDir, 'secrets.json'), 'utf8')) as { seal: string[] };
  const keys = new SealKeys(seal.map((seed) => Buffer.from(seed, 'hex')));
  const { receipts } = keys.signersOf(String(chaves.nota), 'paredao.local', '1')!;
  const event = JSON.parse(Buffer.from(leaf).toString()) as { type: string; version: number; data: object };
  const data = Buffer.from(JSON.stringify({ ...event.data, voteId: 'f'.repeat(32) }));
  const [issued = ''] = new ReceiptIssuer(origin, receipts).issue([{ ...event, id: randomUUID(), data }]);
  return issued;
}

import { beforeAll, expect, it } from '@jest/globals';
import type { Page, Response } from 'playwright-core';
import { gzipSync } from 'node:zlib';

import { Server } from '../support/server.ts';
import { describeInBrowser, newPage, reached } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { SrePage } from './support/sre-page.ts';
import { StagePage } from './support/stage-page.ts';
import { VoterPage } from './support/voter-page.ts';

const LIMIT_BYTES = 60 * 1024;
const PAGES = [
  '/',
  '/resultado.html',
  '/recibo.html',
  '/painel.html',
  '/palco.html',
  '/admin.html',
  '/sre.html',
  '/auditoria.html',
];

/** What a page loaded and what the browser complained about, from the first byte on. */
class Record {
  readonly responses: Response[] = [];
  readonly complaints: string[] = [];
  readonly origins = new Set<string>();

  constructor(readonly page: Page) {
    page.on('response', (response) => this.responses.push(response));
    // breaches of the content security policy are among them
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.context().on('request', (request) => this.origins.add(new URL(request.url()).origin));
  }

  /** Answers to what the page is made of, images aside. */
  get code(): Response[] {
    return this.responses.filter((response) => /\/$|\.(html|css|js)$/.test(new URL(response.url()).pathname));
  }
}

describeInBrowser('the pages', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  it('weigh at most 60 KB for a voter, up to the solved human check', async () => {
    const voter = await VoterPage.blank(server);
    const record = new Record(voter.page);
    await voter.load('vote');
    await voter.page.waitForLoadState('networkidle');
    // the worker that solves is the page's script, which the browser has
    const asked = record.responses.filter(
      (response) => !response.url().startsWith('data:') && !response.fromServiceWorker(),
    );
    const paths = asked.map((response) => new URL(response.url()).pathname);
    expect(new Set(paths)).toEqual(
      new Set(['/', expect.stringMatching(/\.js$/), expect.stringMatching(/\.css$/), '/paredao', '/desafio']),
    );
    const bodies = await Promise.all(record.code.map((response) => response.body()));
    const weight = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(weight).toBeGreaterThan(1000);
    expect(weight).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('ask nobody but their own server, and give the browser nothing to complain about', async () => {
    const voter = await VoterPage.blank(server);
    const panel = await PanelPage.blank(server);
    const result = await newPage(server);
    const sre = await SrePage.blank(server);
    const stage = await StagePage.blank(server);
    const records = [voter.page, panel.page, stage.page, sre.page, result].map((page) => new Record(page));
    await voter.load('vote');
    await voter.vote('Aurora Estrela');
    await voter.hears('A parcial já inclui o seu voto');
    await panel.load();
    await panel.login();
    await panel.is('live');
    await stage.load();
    await stage.login();
    await stage.shows('contagem');
    await sre.load();
    await sre.login();
    await sre.is('live');
    await result.goto('/resultado.html');
    await reached(result, 'body[data-conexao="stream"]');
    for (const { origins, complaints } of records) {
      expect([...origins]).toEqual([`http://127.0.0.1:${String(server.port)}`]);
      expect(complaints).toEqual([]);
    }
  });

  it('may be kept for ever where their names carry a hash, and are asked for anew otherwise', async () => {
    for (const path of PAGES) {
      const record = new Record(await newPage(server));
      await record.page.goto(path, { waitUntil: 'load' });
      const assets = record.responses.filter((response) => response.url().includes('/assets/'));
      expect(assets.length).toBeGreaterThan(1);
      for (const asset of assets) expect(asset.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(record.responses[0]?.headers()).toMatchObject({
        'cache-control': 'no-cache',
        'content-security-policy': expect.stringMatching(/^default-src 'self'; /),
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

import { beforeAll, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { Route } from 'playwright-core';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { describeInBrowser } from './support/browser.ts';
import { counted } from './support/counted.ts';
import { VoterPage, refusal, voteFor } from './support/voter-page.ts';

const FIRST = 'Aurora Estrela';
const LONG = refusal(429, 'too-many-challenges', { 'retry-after': '60' });
/** The vote is stored, and its voter does not hear of it. */
async function answerLost(route: Route): Promise<void> {
  await route.fetch();
  await route.abort('connectionreset');
}
/** Longer than the page takes for a replaced worker and a vote, ms. */
const LIMIT_MS = 30_000;

describeInBrowser('a voter who waits', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  async function counting(votes: number, action: () => Promise<void>): Promise<void> {
    const before = (await counted(server)).reduce((sum, count) => sum + count);
    await action();
    await eventually(
      async () => (await counted(server)).reduce((sum, count) => sum + count) - before,
      (added) => added === votes,
    );
  }

  it('may load the page again: the vote goes on, with the challenge that it had', () =>
    counting(1, async () => {
      const voter = await VoterPage.open(server);
      await voter.intercept('**/votar/*', LONG);
      await voter.vote(FIRST);
      await voter.hears('Esta rede está votando muito');
      const challenges = (): number => voter.requests.filter((request) => request === 'GET /desafio').length;
      const asked = challenges();
      await voter.page.reload();
      await voter.hears('Voto confirmado!');

      expect(voter.votes).toHaveLength(2);
      expect(new Set(voter.votes.map(({ path, body }) => `${path} ${body ?? ''}`)).size).toBe(1);
      expect(challenges() - asked).toBeLessThanOrEqual(1);
    }));

  it('may load the page again though the answer was lost: the vote counts once', () =>
    counting(1, async () => {
      const voter = await VoterPage.open(server);
      await voter.intercept('**/votar/*', answerLost);
      await voter.vote(FIRST);
      await voter.isIn('waiting');
      await voter.page.reload();
      await voter.hears('Voto confirmado!');
    }));

  it('is not voted for after a confirmation and a reload', () =>
    counting(1, async () => {
      const voter = await VoterPage.open(server);
      await voter.vote(FIRST);
      await voter.hears('A parcial já inclui o seu voto');
      await voter.page.reload();
      await voter.sees('vote');
      await voter.button('Votar').waitFor();
    }));

  it('may give up, and vote for somebody else', () =>
    counting(1, async () => {
      const voter = await VoterPage.open(server);
      await voter.intercept('**/votar/*', LONG);
      await voter.vote(FIRST);
      await voter.button(/Nova tentativa em/).waitFor();
      await voter.press('Cancelar este voto');
      await voter.hears('Voto cancelado');
      expect(await voter.button('Cancelar este voto').isVisible()).toBe(false);
      await voter.vote('Íris Trovão');
      await voter.hears('Voto confirmado!');
      await voter.page.reload();
      await voter.sees('vote');
      expect(voter.votes.map(({ path }) => path)).toEqual(['/votar/1', '/votar/2']);
    }));

  it('who gave a vote up is not voted for after a reload', () =>
    counting(0, async () => {
      const voter = await VoterPage.open(server);
      const refused = refusal(403, 'human-check-invalid');
      await voter.intercept('**/votar/*', refused, refused);
      await voter.vote(FIRST);
      await voter.isIn('failed');
      await voter.press('Trocar o voto');
      await voter.page.reload();
      await voter.sees('vote');
      await voter.page.waitForTimeout(2000);
      await voter.sees('vote');
      expect(voter.votes).toHaveLength(2);
    }));

  it('goes on after a reload only with the challenge that the vote was sent with', () =>
    counting(1, async () => {
      const voter = await VoterPage.open(server);
      await voter.intercept('**/votar/*', answerLost);
      await voter.vote(FIRST);
      await voter.isIn('waiting');
      // the tab lost what it had to prove that it is the same vote
      await voter.page.evaluate(
        `sessionStorage.removeItem(Object.keys(sessionStorage).find((key) => key.includes('desafio')))`,
      );
      await voter.page.reload();
      await voter.hears('Seu voto anterior não foi confirmado');
    }));

  it('keeps a vote over a pause and a reload, and counts it once', () =>
    counting(1, async () => {
      const voter = await VoterPage.open(server);
      await voter.intercept(
        '**/votar/*',
        (route) => route.abort('connectionreset'),
        async (route) => {
          await server.client().admin('POST', '/paredoes/1/pausar', { motivo: 'Conferência da produção.' });
          await route.continue();
        },
      );
      await voter.vote(FIRST);
      await voter.hears('Votação pausada', LIMIT_MS);
      await voter.page.reload();
      await voter.hears('Votação pausada');
      await server.client().admin('POST', '/paredoes/1/retomar', {});
      await voter.hears('A votação voltou', LIMIT_MS);
      await voter.press('Tentar de novo');
      await voter.hears('Voto confirmado!');
    }));

  it('is told why, and may stop, also while nothing is answered', async () => {
    const voter = await VoterPage.open(server);
    await voter.intercept('**/votar/*', () => new Promise(() => {}));
    await voter.vote(FIRST);
    await voter.hears('A resposta está demorando');
    await voter.press('Cancelar este voto');
    await voter.hears('Ele pode ter entrado antes');
  });

  it('is not told that an answer is slow when only the challenge was', async () => {
    const voter = await VoterPage.blank(server);
    await voter.page.route('**/desafio', async (route) => {
      await delay(5000);
      await route.continue();
    });
    await voter.intercept('**/votar/*', () => new Promise(() => {}));
    await voter.load('vote');
    await voter.page.evaluate(`
      window.told = [];
      new MutationObserver(([{ target }]) => window.told.push(target.innerText))
        .observe(document.getElementById('mensagem'), { childList: true });`);
    await voter.vote(FIRST);
    await voter.hears('A resposta está demorando', LIMIT_MS);

    const told = await voter.page.evaluate<string[]>('window.told');
    expect(told.find((text) => text.includes('Enviando o seu voto'))).not.toContain('A resposta está demorando');
  });

  it('is told why, and may stop, also while no challenge comes', async () => {
    const voter = await VoterPage.blank(server);
    await voter.page.route('**/desafio', () => new Promise(() => {}));
    await voter.load('vote');
    await voter.vote(FIRST);
    await voter.hears('A conexão está lenta');
    await voter.press('Cancelar este voto');
    await voter.hears('Ele não foi enviado');
  });

  it('is told that this network asks for much, not that everybody does, when not even the poll comes', async () => {
    const voter = await VoterPage.blank(server);
    await voter.page.route('**/paredao', refusal(429, 'too-many-requests', { 'retry-after': '30' }));
    await voter.page.goto('/');
    await voter.page.getByText('Esta rede está pedindo muito').waitFor();
  });

  it('is told how long at most when the work is much, and why', async () => {
    const voter = await VoterPage.blank(server);
    await voter.page.addInitScript(`
      window.Worker = class extends EventTarget {
        postMessage({ id, parameters }) {
          let tried = 0;
          const step = parameters.data.dificuldade / 200;
          setInterval(() => this.dispatchEvent(new MessageEvent('message', { data: { id, tried: (tried += step) } })), 200);
        }
        terminate() {}
      };`);
    await voter.intercept('**/desafio', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), rede_movimentada: true } });
    });
    await voter.load('vote');
    await voter.vote(FIRST);

    const told = await voter.hears(/Esta rede está votando muito.*Seu voto sai em até \d+ s/, LIMIT_MS);
    const seconds = Number(/em até (\d+) s/.exec(told)?.[1]);
    // all of it takes forty
    expect(seconds).toBeGreaterThan(25);
    expect(seconds).toBeLessThanOrEqual(45);
    await voter.press('Cancelar este voto');
    expect(await voter.hears('Voto cancelado')).toContain('Ele não foi enviado');
  });

  it('gets another solver when the browser has ended the first without a word', () =>
    counting(1, async () => {
      const voter = await VoterPage.blank(server);
      await voter.page.addInitScript(`
        const Real = Worker;
        let started = 0;
        window.Worker = class extends Real {
          postMessage(...message) { if (started++ > 0) super.postMessage(...message); }
        };`);
      await voter.load('vote');
      await voter.vote(FIRST);
      await voter.hears('Voto confirmado!', LIMIT_MS);
    }));

  it('casts one vote, however long a key is held down', () =>
    counting(1, async () => {
      const voter = await VoterPage.open(server);
      await voter.choose(FIRST);
      await voter.button(voteFor(FIRST)).focus();
      await voter.page.keyboard.down('Enter');
      for (let repeat = 0; repeat < 60; repeat++) {
        await voter.page.keyboard.down('Enter');
        await voter.page.waitForTimeout(50);
      }
      await voter.page.keyboard.up('Enter');
      await voter.sees('voted');
    }));

  it('is not hindered by a browser that blocks its storage', () =>
    counting(1, async () => {
      const voter = await VoterPage.blank(server);
      await voter.page.addInitScript(`
        for (const name of ['sessionStorage', 'localStorage'])
          Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });`);
      await voter.load('vote');
      await voter.vote(FIRST);
      await voter.hears('A parcial já inclui o seu voto');
    }));
});

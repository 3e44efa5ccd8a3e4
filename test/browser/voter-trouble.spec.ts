import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Route } from 'playwright-core';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { describeInBrowser, reached, textOf } from './support/browser.ts';
import { counted } from './support/counted.ts';
import { VoterPage, refusal, voteFor } from './support/voter-page.ts';

const FIRST = 'Aurora Estrela';
const BUSY = refusal(503, 'queue-full', { 'retry-after': '1' });
/** Longer than any pause between two tries of a vote, ms. */
const ANY_PAUSE_MS = 25_000;
/** The server may need a while to come back, and the page to notice. */
const RESTART_LIMIT_MS = 30_000;

describeInBrowser('the voter in trouble', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  const restart = async (): Promise<void> => {
    server = await Server.start({ dataDir: server.dataDir, port: server.port });
  };

  /** Runs an action that makes the server count this many votes, no more and no fewer. */
  async function counting(votes: number, action: () => Promise<void>): Promise<void> {
    const [first, second] = await counted(server);
    await action();
    const [firstNow, secondNow] = await counted(server);
    expect(firstNow + secondNow - first - second).toBe(votes);
  }

  /** The vote went out this often, each time with the same challenge for the same participant. */
  function expectSameVote(voter: VoterPage, times: number): void {
    expect(voter.votes).toHaveLength(times);
    expect(new Set(voter.votes.map(({ path, body }) => `${path} ${body ?? ''}`)).size).toBe(1);
  }

  describe('when the service is busy', () => {
    it.each([
      ['a full queue', BUSY, 'Muita gente votando agora'],
      ['an address', refusal(429, 'too-many-requests', { 'retry-after': '1' }), 'Esta rede está votando muito'],
    ])('waits visibly, says for what, and sends the same vote again: %s', (_, answer, why) =>
      counting(1, async () => {
        const voter = await VoterPage.open(server);
        await voter.intercept('**/votar/*', answer);
        await voter.vote(FIRST);
        await voter.isIn('waiting');
        expect(await voter.hears(why)).toContain('Seu voto está guardado aqui e vai sozinho');
        await voter.button(/Nova tentativa em \d s/).waitFor();
        await voter.hears('A parcial já inclui o seu voto');
        expectSameVote(voter, 2);
      }),
    );

    it('waits as long as the service asks for', async () => {
      const voter = await VoterPage.open(server);
      await voter.intercept('**/votar/*', refusal(503, 'queue-full', { 'retry-after': '7' }));
      await voter.vote(FIRST);
      await voter.button(/Nova tentativa em [789] s/).waitFor();
      expect(voter.votes).toHaveLength(1);
    });

    it('gives up for a while, and then tries again or changes the vote as the voter wants', () =>
      counting(2, async () => {
        const voter = await VoterPage.blank(server);
        await voter.page.clock.install();
        await voter.intercept('**/votar/*', ...Array.from({ length: 6 }, () => BUSY));
        await voter.load('vote');
        await voter.vote(FIRST);
        for (let attempt = 1; attempt <= 5; attempt++) {
          await voter.button(/Nova tentativa/).waitFor();
          await voter.page.clock.fastForward(ANY_PAUSE_MS);
          await eventually(
            () => voter.votes.length,
            (sent) => sent === attempt + 1,
          );
        }
        await voter.hears('Ainda não deu');
        await voter.press('Tentar de novo');
        await voter.hears('Voto confirmado!');
        expectSameVote(voter, 7);

        await voter.page.clock.fastForward(1000);
        await voter.press('Votar de novo');
        const invalid = refusal(403, 'human-check-invalid');
        await voter.intercept('**/votar/*', invalid, invalid);
        await voter.press(voteFor(FIRST));
        await voter.hears('Este voto não foi aceito');
        await voter.press('Trocar o voto');
        await voter.vote('Íris Trovão');
        await voter.hears('Voto confirmado!');
        expect(voter.votes.at(-1)?.path).toBe('/votar/2');
      }));

    it('takes a new challenge by itself when the one it had has expired', () =>
      counting(1, async () => {
        const voter = await VoterPage.open(server);
        await voter.intercept('**/votar/*', refusal(403, 'human-check-expired'));
        await voter.vote(FIRST);
        await voter.hears('A parcial já inclui o seu voto');
        const [first, second, ...more] = voter.votes.map(({ body }) => body);
        expect(more).toEqual([]);
        expect(first).not.toBe(second);
      }));

    it('says so, and looks again, when not even the page could learn what is voted on', async () => {
      const voter = await VoterPage.blank(server);
      await voter.intercept('**/paredao', BUSY);
      await voter.load('notice');
      expect(await textOf(voter.page, '#aviso-titulo')).toBe('Muita procura neste momento');
      await voter.button(/Tentar agora/).waitFor();
      await voter.sees('vote');
    });
  });

  it('finds an empty stage when there was never a poll, and votes when it opens', () =>
    counting(1, async () => {
      const voter = await VoterPage.blank(server);
      await voter.intercept('**/paredao', refusal(404, 'poll-not-found'));
      await voter.load('notice');
      expect(await textOf(voter.page, '#aviso-titulo')).toBe('Nenhum paredão no ar');
      await voter.press('Procurar agora');
      await voter.sees('vote');
      await voter.vote(FIRST);
      await voter.hears('A parcial já inclui o seu voto');
    }));

  describe('when the line is bad', () => {
    it('counts a vote once whose answer was lost', () =>
      counting(1, async () => {
        const voter = await VoterPage.open(server);
        await voter.intercept('**/votar/*', async (route: Route) => {
          expect((await route.fetch()).status()).toBe(201);
          await route.abort();
        });
        await voter.vote(FIRST);
        await voter.hears('A conexão falhou');
        await voter.hears('A parcial já inclui o seu voto');
        expectSameVote(voter, 2);
      }));

    it('keeps the vote while offline, and sends it when the line is back', () =>
      counting(1, async () => {
        const voter = await VoterPage.open(server);
        await voter.choose(FIRST);
        await voter.page.context().setOffline(true);
        await reached(voter.page, '#sem-conexao:not(:empty)');
        await voter.press(voteFor(FIRST));
        await voter.isIn('offline');
        expect(await voter.hears('Você está sem internet')).toContain('O voto vai sozinho quando a conexão voltar');
        await voter.page.context().setOffline(false);
        await voter.hears('A parcial já inclui o seu voto');
        expect(await textOf(voter.page, '#sem-conexao')).toBe('');
      }));

    it('goes on with the vote when the service was gone and comes back', () =>
      counting(1, async () => {
        const voter = await VoterPage.open(server);
        await server.kill();
        await voter.vote(FIRST);
        await voter.hears('A conexão falhou');
        await voter.button(/Nova tentativa em \d+ s/).waitFor();
        await restart();
        await voter.hears('A parcial já inclui o seu voto', RESTART_LIMIT_MS);
        expect(voter.votes.length).toBeGreaterThan(1);
        expectSameVote(voter, voter.votes.length);
      }));

    it('votes with a challenge from before a restart', () =>
      counting(1, async () => {
        const voter = await VoterPage.open(server);
        await voter.page.waitForLoadState('networkidle');
        await server.stop();
        await restart();
        await voter.vote(FIRST);
        await voter.hears('A parcial já inclui o seu voto');
        expectSameVote(voter, 1);
        expect(voter.requests.filter((request) => request === 'GET /desafio')).toHaveLength(2);
      }));

    it('confirms the vote even when the percentages do not come', () =>
      counting(1, async () => {
        const voter = await VoterPage.blank(server);
        await voter.page.clock.install();
        await voter.load('vote');
        await voter.intercept('**/resultado?*', (route) => route.abort());
        await voter.vote(FIRST);
        await voter.hears(`Você votou para ${FIRST} ficar`);
        await reached(voter.page, '#parcial-nota:has-text("A parcial volta em instantes")');
        await voter.page.clock.fastForward(4000);
        await voter.hears('A parcial já inclui o seu voto');
      }));
  });
});

import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import {
  SMALL_LAPTOP,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  reached,
} from './support/browser.ts';
import { counted } from './support/counted.ts';
import { VoterPage, voteFor } from './support/voter-page.ts';

const FIRST = 'Aurora Estrela';
const SECOND = 'Íris Trovão';
/** As hard as for the public: the page has real work to do. */
const HARD = { HUMAN_CHECK_DIFFICULTY: '100000' };

/** Tells the page's script from ours when the worker has found a solution. */
const NOTE_SOLUTIONS = `
  window.solutions = 0;
  window.Worker = class extends Worker {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener('message', ({ data }) => { if (data.solution) window.solutions++; });
    }
  };`;

/** A tap that meant the button before, and hits the one that has just come. */
const TAP_ON_CONFIRMATION = `
  new MutationObserver(() => {
    if (document.body.dataset.view === 'voted') document.getElementById('acao').click();
  }).observe(document, { subtree: true, attributeFilter: ['data-view'] });`;

/** Every step of a vote that the page was laid out for. */
const NOTE_STEPS = `
  window.steps = [];
  new MutationObserver(() => window.steps.push(document.body.dataset.phase))
    .observe(document, { subtree: true, attributeFilter: ['data-phase'] });`;

describeInBrowser('the voter', () => {
  let server: Server;
  let client: Client;
  let before: [number, number];

  beforeAll(async () => {
    server = await Server.start({ env: HARD });
    client = server.client();
    for (const participant of [1, 2, 2]) await client.cast(participant);
  });

  beforeEach(async () => {
    before = await counted(server);
  });

  /** The server has counted exactly these votes since the spec began. */
  async function expectCounted(first: number, second: number): Promise<void> {
    expect(await counted(server)).toEqual([before[0] + first, before[1] + second]);
  }

  describe('with two taps', () => {
    it('votes, and sees the percentages with the own vote in them', async () => {
      const voter = await VoterPage.open(server);
      await voter.choose(FIRST);
      await voter.press(voteFor(FIRST));
      await voter.sees('voted');
      const message = await voter.hears('A parcial já inclui o seu voto');
      expect(message).toContain('Voto confirmado!');
      expect(message).toContain(FIRST);
      // 2 of 4
      expect(await voter.shares()).toEqual([5000, 5000]);
      await expectCounted(1, 0);
    });

    it('does not wait for the human check: it was solved before', async () => {
      const voter = await VoterPage.blank(server);
      await voter.page.addInitScript(NOTE_SOLUTIONS);
      await voter.load('vote');
      await eventually(
        () => voter.page.evaluate<number>('window.solutions'),
        (solutions) => solutions === 1,
      );
      const loaded = voter.requests.length;
      await voter.vote(SECOND);
      await voter.sees('voted');
      expect(voter.requests[loaded]).toBe('POST /votar/2');
      expect(voter.requests.slice(0, loaded)).toContain('GET /desafio');
      await expectCounted(0, 1);
    });

    it('votes again at once, as often as wanted', async () => {
      const voter = await VoterPage.open(server);
      for (let vote = 1; vote <= 5; vote++) {
        await voter.vote(FIRST);
        await voter.sees('voted');
        await voter.hears('A parcial já inclui o seu voto');
        if (vote < 5) await voter.voteAgain();
      }
      expect(new Set(voter.votes.map(({ body }) => body)).size).toBe(5);
      await expectCounted(5, 0);
    });

    it('changes the choice, before a vote and for the next one', async () => {
      const voter = await VoterPage.open(server);
      await voter.choose(FIRST);
      await voter.choose(SECOND);
      await reached(voter.page, 'body[data-choice="2"]');
      await voter.press(voteFor(SECOND));
      await voter.sees('voted');
      await voter.voteAgain();
      await voter.vote(FIRST);
      await voter.sees('voted');
      await expectCounted(1, 1);
    });

    it('that come twice by accident votes once, and is left with the confirmation', async () => {
      const voter = await VoterPage.blank(server);
      await voter.page.addInitScript(TAP_ON_CONFIRMATION);
      await voter.load('vote');
      await voter.choose(SECOND);
      await voter.button(voteFor(SECOND)).dblclick();
      await voter.hears('A parcial já inclui o seu voto');
      await voter.sees('voted');
      expect(voter.votes).toHaveLength(1);
      await expectCounted(0, 1);
    });

    it('is not told step by step of a vote that is answered at once', async () => {
      const voter = await VoterPage.blank(server);
      // no time passes, so the answer comes at once on any machine
      await voter.page.clock.install();
      await voter.page.addInitScript(NOTE_STEPS);
      await voter.load('vote');
      await voter.vote(SECOND);
      await voter.sees('voted');
      const steps = await voter.page.evaluate<(string | undefined)[]>('window.steps');
      expect(steps.filter((step) => step !== 'idle')).toEqual([]);
      await expectCounted(0, 1);
    });

    it('is told to choose first, when the button comes first', async () => {
      const voter = await VoterPage.open(server);
      await voter.press('Votar');
      await voter.hears('Escolha um dos dois');
      expect(voter.votes).toHaveLength(0);
    });
  });

  describe('with the keyboard alone', () => {
    const focused = (page: Page): Promise<string> =>
      page.evaluate<string>('document.activeElement.id || document.activeElement.value || ""');

    async function tabTo(page: Page, target: string): Promise<void> {
      for (let presses = 0; presses < 8; presses++) {
        await page.keyboard.press('Tab');
        if ((await focused(page)) === target) return;
      }
      throw new Error(`Tab does not reach ${target}`);
    }

    it('chooses by arrow, votes by Enter, and votes again', async () => {
      const voter = await VoterPage.open(server);
      const { page } = voter;
      await tabTo(page, '1');
      await page.keyboard.press('ArrowRight');
      await reached(page, 'body[data-choice="2"]');
      await tabTo(page, 'acao');
      await page.keyboard.press('Enter');
      await reached(page, 'body[data-view="voted"]');
      expect(await focused(page)).toBe('acao');
      await page.waitForTimeout(600);
      await page.keyboard.press('Enter');
      await reached(page, 'body[data-view="vote"]');
      expect(await focused(page)).toBe('2');
      await page.keyboard.press('Enter');
      await reached(page, 'body[data-view="voted"]');
      expect(voter.votes.map(({ path }) => path)).toEqual(['/votar/2', '/votar/2']);
      await expectCounted(0, 2);
    });

    it('skips to the ballot', async () => {
      const { page } = await VoterPage.open(server);
      await page.keyboard.press('Tab');
      expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Ir para a votação');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('1');
    });
  });

  describe('on a small screen', () => {
    const NAMES = [
      [
        'Maria Aparecida dos Santos Albuquerque de Oliveira e Silva J',
        'Bartolomeu Constantino Figueiredo do Nascimento Vasconcellos',
      ],
      ['Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis', 'M'.repeat(60)],
    ];

    it.each([
      ['a small phone', SMALL_PHONE],
      ['a small laptop', SMALL_LAPTOP],
    ])('has both cards and the button, and then the result: %s', async (_, viewport) => {
      const voter = await VoterPage.open(server, { viewport });
      await expectOnScreen(voter.page, '.card', '#acao', '#titulo');
      await voter.vote(FIRST);
      await voter.hears('A parcial já inclui o seu voto');
      await expectOnScreen(voter.page, '[data-percentual]', '#mensagem', '#acao');
    });

    it('needs no scrolling sideways at 320 px, in any of its views', async () => {
      const voter = await VoterPage.open(server, { viewport: { width: 320, height: 568 } });
      await expectNoSideScroll(voter.page);
      await voter.vote(FIRST);
      await voter.hears('A parcial já inclui o seu voto');
      await expectNoSideScroll(voter.page);
    });

    // the last of them: it leaves its names behind
    it.each(NAMES)('fits names of 60 characters: %s, %s', async (first, second) => {
      expect([first, second].map((name) => name.length)).toEqual([60, 60]);
      for (const [index, nome] of [first, second].entries()) {
        const path = `/paredoes/1/participantes/${String(index + 1)}`;
        expect((await client.admin('PATCH', path, { nome, motivo: 'Erro' })).status).toBe(200);
      }
      const voter = await VoterPage.open(server, { viewport: SMALL_PHONE });
      await voter.page.getByText(first).first().waitFor();
      await expectOnScreen(voter.page, '.card', '.card .name', '#acao');
      await expectUncut(voter.page);
      await voter.vote(first);
      await voter.hears('A parcial já inclui o seu voto');
      await expectOnScreen(voter.page, '[data-percentual]', '#acao');
      await expectUncut(voter.page);
      await voter.page.setViewportSize({ width: 320, height: 568 });
      await expectNoSideScroll(voter.page);
      await expectUncut(voter.page);
    });

    /** No name sticks out of its place. */
    async function expectUncut(page: Page): Promise<void> {
      const cut = `[...document.querySelectorAll('.name')]
        .filter((name) => name.getClientRects().length > 0)
        .filter((name) => {
          const [inner, outer] = [name, name.closest('.card, .side')].map((element) => element.getBoundingClientRect());
          return name.scrollWidth > name.clientWidth || inner.left < outer.left - 1 || inner.right > outer.right + 1
            || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
        })
        .map((name) => name.textContent)`;
      expect(await page.evaluate<string[]>(cut)).toEqual([]);
    }
  });
});

import { beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';

import { png } from '../../apps/command-api/testing/png.ts';
import { describeInBrowser, reached, textOf } from '../browser/support/browser.ts';
import { PanelPage } from '../browser/support/panel-page.ts';
import { StagePage } from '../browser/support/stage-page.ts';
import { VoterPage } from '../browser/support/voter-page.ts';
import type { Client, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import type { Server } from '../support/server.ts';
import { auditAndSign } from '../support/sign-off.ts';
import { type ServiceName, RECOVERY_LIMIT_MS, Stack, describeOnStack } from './stack.ts';

const NAMES = ['Ana Aurora', 'Bento Brisa', 'Caio Céu'] as const;
const POLL = {
  titulo: 'Quem sai da casa?',
  finalidade: 'eliminar',
  regulamento: 'Vote quantas vezes quiser. Quem tiver mais votos sai.',
  divulgacao: 'sempre',
  participantes: NAMES.map((nome) => ({ nome })),
};
/** From now to what is scheduled, ms: long enough for a page to come first. */
const SOON_MS = 8000;
/** A voter hears of a change on air within this, ms, on a machine that does much else. */
const HEARD_MS = 20_000;
/** A poll is counted this long after it was closed, ms. */
const COUNTED_LIMIT_MS = 60_000;
/** The whole of a reveal, ms. */
const REVEAL_LIMIT_MS = 40_000;
const NIGHT_LIMIT_MS = 300_000;

const inFuture = (ms: number): string => new Date(Date.now() + ms).toISOString();

describeOnStack('a whole night', () => {
  describeInBrowser('through nginx, with every service killed once', () => {
    let stack: Stack;
    let client: Client;
    /** What pages need to know of a server: where it is, and the first users. */
    let door: Server;
    let votes = 0;

    beforeAll(async () => {
      stack = await Stack.start({}, { audited: true });
      ({ client } = stack);
      door = { port: stack.nginx.port, dataDir: stack.dataDir } as Server;
    }, NIGHT_LIMIT_MS);

    const act = async (path: string, json?: object, method = 'POST'): Promise<Json> => {
      const answer = await client.admin(method, `/paredoes${path}`, json);
      expect({ path, status: answer.status, json: answer.json }).toMatchObject({
        status: method === 'POST' && path === '' ? 201 : 200,
      });
      return answer.json;
    };

    /** The service dies in the middle of whatever it does, and comes back. */
    async function killed(name: ServiceName, index = 0): Promise<void> {
      await stack.service(name, index).kill();
      await stack.revive(name, index);
    }

    const becomes = (id: string, estado: string, limitMs = RECOVERY_LIMIT_MS): Promise<Json> =>
      eventually(
        () => client.total(id),
        (total: Json) => total.estado === estado,
        limitMs,
      );

    async function confirmed(voter: VoterPage, name: string): Promise<void> {
      await voter.vote(name);
      await voter.hears('Voto confirmado!', RECOVERY_LIMIT_MS);
      votes++;
    }

    async function prepared(): Promise<string> {
      const { id } = await act('', { ...POLL, rascunho: true });
      const photo = await sharp(png({ width: 100, height: 120 }))
        .resize(500, 600)
        .png()
        .toBuffer();
      for (const number of [1, 2, 3]) {
        const headers = { ...(await client.bearer('admin')), 'content-type': 'image/png' };
        const path = `/paredoes/${id}/participantes/${number}/foto`;
        expect((await client.call('PUT', path, { headers, body: photo })).status).toBe(200);
      }
      return id as string;
    }

    it(
      'is prepared, rehearsed, voted, paused, closed, signed, revealed, annulled and replaced',
      async () => {
        const id = await prepared();
        const rehearsal = await act('', { ...POLL, titulo: 'Ensaio geral', ensaio: true });
        const opensAt = inFuture(SOON_MS);
        await act(`/${id}/agenda`, { abre_em: opensAt, encerra_em: inFuture(600_000) }, 'PUT');
        const [first, second] = [await VoterPage.blank(door), await VoterPage.blank(door)];
        await Promise.all([first, second].map((voter) => voter.load('soon')));
        const wall = await StagePage.open(door, {}, '?nome=Telão');
        const panel = await PanelPage.open(door);

        // it opens by itself, beside the rehearsal
        await Promise.all([first, second].map((voter) => voter.sees('vote', HEARD_MS)));
        await confirmed(first, NAMES[0]);
        await killed('commandApis', 0);
        await killed('projectors', 0);
        await confirmed(second, NAMES[0]);
        await second.voteAgain();
        await confirmed(second, NAMES[1]);
        await panel.shows('total', String(votes), RECOVERY_LIMIT_MS);
        expect((await client.total(rehearsal.id as string)).total).toBe(0);

        // a pause, and a minute more
        await first.voteAgain();
        await act(`/${id}/pausar`);
        await first.hears('Votação pausada', HEARD_MS);
        await killed('commandApis', 1);
        await act(`/${id}/retomar`);
        await act(`/${id}/agenda`, { abre_em: null, encerra_em: inFuture(660_000) }, 'PUT');
        await first.button('Votar').waitFor({ timeout: HEARD_MS });
        await confirmed(first, NAMES[0]);
        await killed('queryApis');

        // the end, counted down
        await act(`/${id}/agenda`, { abre_em: null, encerra_em: inFuture(SOON_MS) }, 'PUT');
        await Promise.all([first, second].map((voter) => voter.sees('ended', HEARD_MS)));
        await killed('projectors', 1);
        const final = await eventually(
          () => client.total(id),
          (total: Json) => total.final === true,
          COUNTED_LIMIT_MS,
        );
        expect(final).toMatchObject({ estado: 'encerrado', total: votes, voto_1: 3, voto_2: 1, voto_3: 0 });

        // suspense, the signature, and the reveal
        await act(`/${id}/palco`, { modo: 'suspense' });
        await wall.shows('suspense', HEARD_MS);
        await killed('auditApis');
        expect((await auditAndSign(client, id)).json).toMatchObject({ estado: 'conferido' });
        await becomes(id, 'conferido');
        await act(`/${id}/proclamar`, {});
        await becomes(id, 'proclamado');
        await act(`/${id}/palco`, { modo: 'revelacao' });
        await wall.revealed(REVEAL_LIMIT_MS);
        expect(await wall.word()).toContain(NAMES[0]);
        await reached(first.page, `#parcial-titulo:has-text("${NAMES[0]}")`, HEARD_MS);

        // it went wrong: it is annulled for everybody to see, and replaced
        await act(`/${id}/anular`, { motivo: 'A lista de nomes estava errada.' });
        await becomes(id, 'anulado');
        await wall.shows('anulado', HEARD_MS);
        const next = await act('', { ...POLL, substitui: id });
        const voter = await VoterPage.open(door);
        expect(await textOf(voter.page, 'body')).toContain('A lista de nomes estava errada.');
        await confirmed(voter, NAMES[2]);
        await eventually(
          () => client.total(next.id as string),
          (total: Json) => total.total === 1,
          RECOVERY_LIMIT_MS,
        );
        await stack.whole();
      },
      NIGHT_LIMIT_MS,
    );
  });
});

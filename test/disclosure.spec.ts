import { beforeAll, describe, expect, it } from '@jest/globals';

import { Nginx } from './nginx/nginx.ts';
import type { Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { ApiDocument } from './support/openapi.ts';
import { everythingThatLeaves, withoutPeculiar } from './support/outsider.ts';
import { expectProblem } from './support/problem.ts';
import { proclaimed } from './support/sign-off.ts';
import { Server } from './support/server.ts';
import { needs } from './tools/needs.ts';

/** Who leads at each of two services that differ in nothing else; the last vote is for the same participant at both. */
const VOTES = [
  [1, 1, 1, 1, 1, 1, 1, 1, 2, 1],
  [2, 2, 2, 2, 2, 2, 2, 2, 1, 1],
] as const;
/** Whoever was shown something is not shown it any more after this, ms. */
const HIDDEN_WITHIN_MS = 2000;
/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 30_000;
const PAGES = ['/', '/resultado.html', '/painel.html', '/admin.html', '/swagger', '/nada'];

/** One of the two services. */
class Twin {
  /** What the last vote in each poll was answered with. */
  readonly answers = new Map<string, Json>();

  private constructor(
    readonly client: Client,
    private readonly choices: readonly number[],
  ) {}

  static async start(choices: readonly number[]): Promise<Twin> {
    const twin = new Twin((await Server.start()).client(), choices);
    // the demo poll: what follows is about others
    await twin.command('1', 'encerrar');
    return twin;
  }

  async open(divulgacao: string): Promise<string> {
    const participantes = [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }];
    const { status, json } = await this.client.admin('POST', '/paredoes', {
      ...{ titulo: 'Quem sai?', finalidade: 'eliminar', regulamento: 'Vote.' },
      ...{ participantes, divulgacao },
    });
    expect([status, json.divulgacao]).toEqual([201, divulgacao]);
    const id = json.id as string;
    await this.shown(id, ({ paredao }) => paredao === id);
    return id;
  }

  async vote(pollId: string): Promise<void> {
    for (const choice of this.choices) this.answers.set(pollId, (await this.client.cast(choice)).json);
    await eventually(
      () => this.client.total(pollId),
      ({ total }: Json) => total === this.choices.length,
    );
  }

  async command(pollId: string, what: string): Promise<void> {
    const { status } = await this.client.admin('POST', `/paredoes/${pollId}/${what}`);
    expect([what, status]).toEqual([what, 200]);
  }

  passe(pollId: string): string {
    return this.answers.get(pollId).passe as string;
  }

  cursor(pollId: string): string {
    return this.answers.get(pollId).voto.posicao as string;
  }

  /** The result as somebody with this passe sees it, as soon as it is as wanted. */
  shown(pollId: string, isWanted: (result: Json) => boolean, passe = ''): Promise<Json> {
    return eventually(
      async (): Promise<Json> => (await this.client.get(`/resultado?paredao=${pollId}`, { passe })).json as object,
      isWanted,
      CUT_LIMIT_MS,
    );
  }
}

let twins: readonly [Twin, Twin];
let operations: string[];

/** Where outsiders knock: at a service itself, or at what stands in front of it. */
type DoorOf = (twin: Twin) => number;
const itself: DoorOf = ({ client }) => client.port;

/** What outsiders get at each, who try every way that they have. */
async function seenOf(pollId: string, doorOf: DoorOf): Promise<readonly Map<string, string>[]> {
  return Promise.all(
    twins.map((twin) => {
      const passes = ['', 'x', `2026-11-23T22.${'A'.repeat(22)}`, `${twin.passe(pollId)}x`];
      // of a poll from before, and of the same poll at the other service
      const earlier = [...twin.answers.keys()].filter((id) => id !== pollId).map((id) => twin.passe(id));
      const foreign = twins.filter((other) => other !== twin).map((other) => other.passe(pollId));
      const asked = { operations, pages: PAGES, pollId, cursor: twin.cursor(pollId) };
      return everythingThatLeaves(doorOf(twin), {
        ...asked,
        passes: [...passes, ...earlier.slice(-1), ...foreign],
      });
    }),
  );
}

/** What differs, if anything. */
async function differences(pollId: string, doorOf = itself): Promise<string[]> {
  const [one, other] = await seenOf(pollId, doorOf);
  expect([...one!.keys()].sort()).toEqual([...other!.keys()].sort());
  expect(one!.size).toBeGreaterThan(100);
  return [...one!]
    .filter(([asked, answer]) => other!.get(asked) !== answer)
    .map(([asked, answer]) => `${asked}: ${answer} ≠ ${other!.get(asked) ?? ''}`);
}

const isFinal = ({ final }: Json): boolean => final === true;

/** As `differences`, of a poll that was closed: what was asked while its last votes were counted is asked again. */
async function differencesOfClosed(pollId: string): Promise<string[]> {
  const found = await differences(pollId);
  const results = await Promise.all(twins.map((twin) => twin.shown(pollId, isHeld)));
  if (!results.some(isFinal)) return found;
  await onBoth((twin) => twin.shown(pollId, isFinal));
  return differences(pollId);
}

const onBoth = (act: (twin: Twin) => Promise<unknown>): Promise<unknown> => Promise.all(twins.map(act));
const isHeld = ({ parcial_visivel }: Json): boolean => parcial_visivel === false;
const isShown = ({ parcial_visivel }: Json): boolean => parcial_visivel === true;
const shares = ({ participantes }: Json): (number | null)[] =>
  (participantes as { percentual: number | null }[]).map(({ percentual }) => percentual);

beforeAll(async () => {
  twins = await Promise.all([Twin.start(VOTES[0]), Twin.start(VOTES[1])]);
  const api = new ApiDocument((await twins[0].client.get('/swagger-json')).json);
  // whatever needs no login; a route that comes later is read as well
  operations = api.operations().filter((name) => !('security' in api.operation(name)));
  expect(operations).toEqual(
    expect.arrayContaining(['GET /resultado', 'GET /resultado/aovivo', 'GET /paredao', 'GET /cartao.png']),
  );
});

describe.each(['depois-do-voto', 'no-fim', 'sob-comando'] as const)('a poll that shows its shares %s', (policy) => {
  let pollId: string;

  beforeAll(async () => {
    pollId = await twins[0].open(policy);
    expect(await twins[1].open(policy)).toBe(pollId);
    await onBoth((twin) => twin.vote(pollId));
  });

  it('tells an outsider nothing of them, by no route, header, stream, cursor or cache', async () => {
    await onBoth((twin) => twin.shown(pollId, isHeld));

    expect(await differences(pollId)).toEqual([]);
  });

  it('answers a vote in the same way, whoever leads', () => {
    const [one, other] = twins.map(({ answers }) => withoutPeculiar(JSON.stringify(answers.get(pollId))));

    expect(one).toBe(other);
  });

  it('tells nothing while it is paused', async () => {
    await onBoth((twin) => twin.command(pollId, 'pausar'));
    await onBoth((twin) => twin.shown(pollId, ({ pausado_em }) => pausado_em !== null));

    expect(await differences(pollId)).toEqual([]);
    await onBoth((twin) => twin.command(pollId, 'retomar'));
  });

  if (policy === 'depois-do-voto') {
    it('shows them to who has voted, with the same passe for all', async () => {
      const [one, other] = twins;
      expect(shares(await one.shown(pollId, isShown, one.passe(pollId)))).toEqual([90, 10]);
      expect(shares(await other.shown(pollId, isShown, other.passe(pollId)))).toEqual([20, 80]);
      const stream = await one.client.stream('/resultado/aovivo', 2, { passe: one.passe(pollId) });
      for (const { data } of stream.events) expect(shares(data)).toEqual([90, 10]);
    });

    it('says of such an answer that it is for nobody else', async () => {
      const { headers } = await twins[0].client.get('/resultado', { passe: twins[0].passe(pollId) });
      expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: 'passe' });
      const stream = await twins[0].client.stream('/resultado/aovivo', 1);
      expect(stream.headers).toMatchObject({ 'cache-control': 'no-store', vary: 'passe' });
    });
  } else {
    it('shows them to nobody of the public, also not to who has voted', async () => {
      await onBoth(async (twin) => expect(isHeld(await twin.shown(pollId, isHeld, twin.passe(pollId)))).toBe(true));
      const { events } = await twins[0].client.stream('/resultado/aovivo', 2, {
        passe: twins[0].passe(pollId),
      });
      for (const { data } of events) expect(shares(data)).toEqual([null, null]);
    });
  }

  it('hides nothing from production', async () => {
    const { voto_1, parcial_para } = await twins[0].client.total(pollId);
    expect([voto_1, parcial_para]).toEqual([9, policy === 'depois-do-voto' ? 'quem-votou' : 'ninguem']);
    const frames = await twins[0].client.stream('/total/aovivo', 1, twins[0].client.basic('producao'));
    expect(frames.events[0]!.data.voto_1).toBe(9);
  });

  if (policy === 'sob-comando') {
    it('shows them when production says so, and takes them from open streams in time', async () => {
      const [{ client }] = twins;
      await onBoth((twin) => twin.command(pollId, 'mostrar-parcial'));
      await onBoth((twin) => twin.shown(pollId, isShown));
      // this is how it looks if something leaves
      expect((await differences(pollId)).length).toBeGreaterThan(10);
      const frames: { at: number; data: Json }[] = [];
      const following = client.stream('/resultado/aovivo', 8, {}, (data) =>
        frames.push({ at: performance.now(), data }),
      );
      await eventually(
        () => frames.length,
        (count) => count > 1,
      );

      await onBoth((twin) => twin.command(pollId, 'ocultar-parcial'));
      const hiddenAt = performance.now();
      await following;

      expect(isShown(frames[0]!.data)).toBe(true);
      const late = frames.filter(({ at }) => at > hiddenAt + HIDDEN_WITHIN_MS);
      expect(late.length).toBeGreaterThan(1);
      for (const { data } of late) expect(shares(data)).toEqual([null, null]);
      await onBoth((twin) => twin.shown(pollId, isHeld));
      expect(await differences(pollId)).toEqual([]);
    });
  } else {
    it('takes no cue', async () => {
      expectProblem(
        await twins[0].client.admin('POST', `/paredoes/${pollId}/mostrar-parcial`),
        409,
        'shares-not-on-cue',
      );
    });
  }

  it('tells nothing when it is closed, not even to who has voted', async () => {
    await onBoth((twin) => twin.command(pollId, 'encerrar'));
    await onBoth((twin) => twin.shown(pollId, ({ estado }) => estado === 'encerrado'));

    expect(await differencesOfClosed(pollId)).toEqual([]);
    for (const twin of twins) expect(isHeld(await twin.shown(pollId, isHeld, twin.passe(pollId)))).toBe(true);
  });
});

needs('nginx')('through nginx', () => {
  it('an outsider is told no more than by the service itself', async () => {
    const doors = await Promise.all(
      twins.map(({ client: { port } }) =>
        Nginx.start({ commandApis: [port], queryApis: [port], auditApis: [port], balancers: ['127.0.0.1'] }),
      ),
    );
    const pollId = await twins[0].open('sob-comando');
    expect(await twins[1].open('sob-comando')).toBe(pollId);
    await onBoth((twin) => twin.vote(pollId));
    await onBoth((twin) => twin.shown(pollId, isHeld));

    const doorOf: DoorOf = (twin) => doors[twins.indexOf(twin)]!.port;
    expect(await differences(pollId, doorOf)).toEqual([]);
    await onBoth((twin) => twin.command(pollId, 'mostrar-parcial'));
    await onBoth((twin) => twin.shown(pollId, isShown));
    expect((await differences(pollId, doorOf)).length).toBeGreaterThan(10);
    await onBoth((twin) => twin.command(pollId, 'encerrar'));
  }, 180_000);
});

describe('a poll that is over', () => {
  it('has shown its shares to everybody before, and holds them from its end until they are proclaimed', async () => {
    const pollId = await twins[0].open('sempre');
    expect(await twins[1].open('sempre')).toBe(pollId);
    await onBoth((twin) => twin.vote(pollId));
    await onBoth((twin) => twin.shown(pollId, isShown));
    await onBoth((twin) => twin.command(pollId, 'encerrar'));
    await onBoth((twin) => twin.shown(pollId, isFinal));

    expect(await differences(pollId)).toEqual([]);
    await onBoth(({ client }) => proclaimed(client, pollId));
    const results = await Promise.all(twins.map((twin) => twin.shown(pollId, isShown)));
    expect(results.map(shares)).toEqual([
      [90, 10],
      [20, 80],
    ]);
  }, 90_000);
});

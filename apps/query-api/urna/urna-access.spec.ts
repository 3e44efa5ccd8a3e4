import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import type { FastifyRequest } from 'fastify';
import { createSecretKey } from 'node:crypto';
import { Gauge, Registry } from 'prom-client';

import { Authenticator } from '#auth';
import { RehearsalKeys } from '#contract/views';
import { encodePollEvent, isoTime, pollStream } from '#domain';
import { Readiness } from '#platform';
import { Projection } from '#projection';

import { PasswordTags } from '../../../libs/auth/password-tags.ts';
import { hashPassword } from '../../../libs/auth/passwords.ts';
import { UserDirectory } from '../../../libs/auth/user-directory.ts';
import { recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { ProjectionWorld } from '../../../libs/projection/testing/projection-world.ts';
import { PublicPolls } from '../results/public-polls.ts';
import { Tallies } from '../tallies.ts';
import { UrnaAccess } from './urna-access.ts';

const secret = createSecretKey(Buffer.alloc(32, 1));
const keys = new RehearsalKeys(secret);
const EVIDENCE = '0f'.repeat(32);
const PEOPLE = [1, 2].map((number) => ({ number, name: `p${number}` }));
const HOUR_MS = 3_600_000;

let world: ProjectionWorld;
let tallies: Tallies;
let access: UrnaAccess;
const basic = (user: string): string => `Basic ${Buffer.from(`${user}:certa`).toString('base64')}`;
const requestOf = (authorization?: string): FastifyRequest =>
  ({
    headers: { ...(authorization !== undefined && { authorization }) },
    ip: '203.0.113.7',
    method: 'GET',
  }) as FastifyRequest;

async function outcome(
  asked: { paredao: string; chave?: string },
  authorization?: string,
  what: 'admit' | 'admitToOpening' = 'admit',
) {
  try {
    const { tally, isPublic } = await access[what](requestOf(authorization), asked);
    return `${tally.snapshot.pollId} ${isPublic ? 'public' : 'private'}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** A poll that was opened so long ago, and closed an hour later. */
async function over(pollId: string, hoursAgo: number, mark: { readonly rehearsal?: true } = {}): Promise<void> {
  const at = (hours: number): string => isoTime(Date.now() - hours * HOUR_MS);
  const opened = {
    type: 'PollOpened',
    pollId,
    title: 'x',
    participants: PEOPLE,
    openedAt: at(hoursAgo + 1),
    by: 'a',
  } as const;
  await world.append(
    pollStream(pollId),
    encodePollEvent({ ...opened, evidenceKeyHash: EVIDENCE, policy: 'sempre', ballotBoxes: 1, ...mark }),
    encodePollEvent({ type: 'PollClosed', pollId, closedAt: at(hoursAgo), by: 'a' }),
  );
}

async function read(): Promise<void> {
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
  const waiters = new Gauge({ name: 'waiters', help: '-', registers: [new Registry()] });
  tallies = new Tallies(world.readModel, new Readiness(), recordingLogger().logger, waiters);
  await tallies.onApplicationBootstrap();
  const users = await Promise.all(
    (['auditor', 'producao', 'admin'] as const).map(async (role) => ({
      ...{ name: role, role, passwordHash: await hashPassword('certa') },
    })),
  );
  const tokens = new JwtService({ secret, signOptions: { algorithm: 'HS256' } });
  const authenticator = new Authenticator(new UserDirectory('nowhere', users), tokens, new PasswordTags(secret));
  access = new UrnaAccess(tallies, new PublicPolls(tallies, keys), keys, authenticator);
}

beforeEach(() => {
  world = new ProjectionWorld();
});
afterEach(async () => {
  tallies.onModuleDestroy();
  await world.dispose();
});

describe('a ballot box', () => {
  it('of a poll that was closed lately is for auditors, and for nobody else', async () => {
    await over('1', 71);
    await read();

    expect(await outcome({ paredao: '1' })).toBe('urna-not-found');
    expect(await outcome({ paredao: '1' }, basic('auditor'))).toBe('1 private');
    for (const user of ['producao', 'admin'])
      expect([await outcome({ paredao: '1' }, basic(user)), await outcome({ paredao: '9' }, basic(user))]).toEqual([
        ...['forbidden', 'forbidden'],
      ]);
    expect(await outcome({ paredao: '9' }, basic('auditor'))).toBe('urna-not-found');
  });

  it('is public 72 hours after the closing, whoever asks', async () => {
    await over('1', 73);
    await read();

    for (const authorization of [undefined, basic('auditor'), basic('producao'), 'Bearer nonsense'])
      expect(await outcome({ paredao: '1' }, authorization)).toBe('1 public');
  });

  it('of a real poll is not there with a key, which would lead past every cache', async () => {
    await over('1', 73);
    await read();

    for (const chave of ['made-up', '', keys.of('1')]) {
      for (const authorization of [undefined, basic('auditor')])
        expect(await outcome({ paredao: '1', chave }, authorization)).toBe('urna-not-found');
      expect(await outcome({ paredao: '1', chave }, undefined, 'admitToOpening')).toBe('poll-not-found');
    }
    expect(await outcome({ paredao: '1' }, undefined, 'admitToOpening')).toBe('1 public');
  });

  it('of a rehearsal is there for whoever has its key, and for auditors', async () => {
    await over('1', 73, { rehearsal: true });
    await over('2', 1, { rehearsal: true });
    await read();

    expect(await outcome({ paredao: '1', chave: keys.of('1') })).toBe('1 private');
    for (const chave of [undefined, '', keys.of('2')])
      expect(await outcome({ paredao: '1', ...(chave !== undefined && { chave }) })).toBe('urna-not-found');
    expect(await outcome({ paredao: '2', chave: keys.of('2') })).toBe('urna-not-found');
    expect(await outcome({ paredao: '1' }, basic('auditor'))).toBe('1 private');
  });
});

describe('what a box said first', () => {
  it('is for whoever may see the poll', async () => {
    await world.openPoll('1');
    await world.openRehearsal('2');
    await world.draftPoll('3');
    await read();
    const opening = (asked: { paredao: string; chave?: string }, authorization?: string) =>
      outcome(asked, authorization, 'admitToOpening');

    expect(await opening({ paredao: '1' })).toBe('1 public');
    expect(await opening({ paredao: '2', chave: keys.of('2') })).toBe('2 private');
    for (const paredao of ['2', '3', '9']) {
      expect([paredao, await opening({ paredao })]).toEqual([paredao, 'poll-not-found']);
      expect(await opening({ paredao }, basic('producao'))).toBe('forbidden');
      expect(await opening({ paredao }, 'Bearer nonsense')).toBe('unauthenticated');
    }
    expect(await opening({ paredao: '2' }, basic('auditor'))).toBe('2 private');
    expect(await opening({ paredao: '3' }, basic('auditor'))).toBe('poll-not-found');
  });
});

import { afterEach, beforeEach, expect, it } from '@jest/globals';

import type { Client } from '../support/client.ts';
import { Nginx, describeWithNginx } from './nginx.ts';
import { StubApi, isBusy } from './stub-api.ts';

/** What a person takes in a few minutes. */
const CHALLENGES = 40;
const NETWORKS = 64;

/** Each command-api prices what it has seen of a client, so a client must not be seen by now one, now the other. */
describeWithNginx('the challenges of a client', () => {
  let apis: StubApi[];
  let nginx: Nginx;
  let client: Client;

  beforeEach(async () => {
    apis = await Promise.all([StubApi.start(), StubApi.start(), StubApi.start()]);
    const commandApis = apis.map(({ port }) => port);
    nginx = await Nginx.start({ commandApis, queryApis: [1], balancers: ['127.0.0.1'] });
    client = nginx.client();
  });

  afterEach(async () => {
    client.close();
    await nginx.stop();
    await Promise.all(apis.map((api) => api.stop()));
  });

  const ask = async (address: string): Promise<number> =>
    (await client.get('/desafio', { 'x-forwarded-for': address })).status;
  /** Which command-apis have seen an address of those that begin so. */
  const seeing = (network: string): number[] =>
    [...apis.keys()].filter((index) =>
      apis[index]?.seen.some(({ headers }) => String(headers['x-forwarded-for']).startsWith(network)),
    );

  it.each([
    ['a person', '198.51.100.', () => '198.51.100.7'],
    ['neighbours, an IPv4 /24', '203.0.113.', (index: number) => `203.0.113.${index}`],
    ['a household, an IPv6 /64', '2001:db8:1:2:', (index: number) => `2001:db8:1:2::${(index + 1).toString(16)}`],
    ['neighbours, an IPv6 /48', '2001:db8:3:', (index: number) => `2001:db8:3:${(index + 1).toString(16)}::1`],
  ])('come from one command-api: %s', async (_who, network, address) => {
    for (let index = 0; index < CHALLENGES; index++) {
      expect(await ask(address(index))).toBe(201);
      // others come in between
      await ask(`10.0.${index}.1`);
    }
    expect(seeing(network)).toHaveLength(1);
  });

  it('come from all of them, for all clients', async () => {
    for (let index = 0; index < NETWORKS; index++) await ask(`100.64.${index}.1`);
    for (const { seen } of apis) expect(seen.length).toBeGreaterThan(NETWORKS / 3 / 3);
  });

  it('come from another one when theirs is busy, or gone', async () => {
    await ask('198.51.100.7');
    const [own = 0] = seeing('198.51.100.');
    apis[own]!.behaviour = isBusy;
    expect(await ask('198.51.100.7')).toBe(201);
    await apis[own]!.stop();
    for (let index = 0; index < 10; index++) expect(await ask('198.51.100.7')).toBe(201);
  });
});

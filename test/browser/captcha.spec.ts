import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { CAPTCHA_PROVIDER_NAMES, type CaptchaProviderName } from '../../libs/contract/index.ts';
import { SiteverifyDouble } from '../../libs/human-check/testing/siteverify-double.ts';
import { eventually } from '../support/eventually.ts';
import { Server, type ServerOptions } from '../support/server.ts';
import { describeInBrowser } from './support/browser.ts';
import { VoterPage } from './support/voter-page.ts';

const FIRST = 'Aurora Estrela';
const HOSTNAME = '127.0.0.1';

function accountWith(double: SiteverifyDouble): NonNullable<ServerOptions['env']> {
  return {
    CAPTCHA_PROVIDER: double.provider,
    CAPTCHA_SITE_KEY: double.siteKey,
    CAPTCHA_SECRET: double.secret,
    CAPTCHA_HOSTNAME: HOSTNAME,
    CAPTCHA_VERIFY_URL: double.verifyUrl,
    CAPTCHA_SCRIPT_URL: `${double.url}/api.js`,
    CAPTCHA_WHEN: 'always',
  };
}

async function pass(voter: VoterPage): Promise<void> {
  await voter.page.getByText('Confirme que você é uma pessoa').waitFor();
  await voter.press('Sou uma pessoa');
}

const hasLogged = (server: Server, message: string): boolean =>
  server.log().some((line) => Object.values(line).includes(message));

describeInBrowser('a voter who is asked for a captcha', () => {
  const doubles: SiteverifyDouble[] = [];

  async function start(provider: CaptchaProviderName, env = {}): Promise<{ double: SiteverifyDouble; server: Server }> {
    const double = await SiteverifyDouble.start(provider, HOSTNAME);
    doubles.push(double);
    return { double, server: await Server.start({ env: { ...accountWith(double), ...env } }) };
  }

  afterAll(() => Promise.all(doubles.map((double) => double.stop())));

  it.each(CAPTCHA_PROVIDER_NAMES)('sees the widget of %s when voting, not before, and votes', async (provider) => {
    const { double, server } = await start(provider);
    const voter = await VoterPage.open(server);
    expect(voter.requests).not.toContain('GET /api.js');
    for (let vote = 1; vote <= 2; vote++) {
      await voter.vote(FIRST);
      await pass(voter);
      await voter.sees('voted');
      if (vote === 1) await voter.voteAgain();
    }
    expect(double.asked.map(({ response }) => response)).toHaveLength(2);
    expect(new Set(double.asked.map(({ response }) => response)).size).toBe(2);
    expect(voter.requests.filter((request) => request === 'GET /api.js')).toHaveLength(1);
    expect(await server.metric('captcha_checks_total{outcome="passed"}')).toBe(2);
  });

  it('may give the vote up, while the widget loads and while it waits, and is left without it', async () => {
    const { server } = await start('turnstile');
    const voter = await VoterPage.open(server);
    const isGone = (): Promise<void> => voter.page.locator('#captcha').waitFor({ state: 'hidden', timeout: 2000 });
    await voter.page.route('**/api.js*', () => new Promise(() => {}));
    await voter.vote(FIRST);
    await voter.press('Cancelar este voto');
    await isGone();
    await voter.page.unroute('**/api.js*');
    await voter.page.reload();
    await voter.sees('vote');
    await voter.vote(FIRST);
    await voter.button('Sou uma pessoa').waitFor();
    await voter.press('Cancelar este voto');
    await isGone();
    expect(voter.votes).toEqual([]);
  });

  it('is told to come back while the provider is away, and votes with the same challenge when it is back', async () => {
    const { double, server } = await start('turnstile');
    const voter = await VoterPage.open(server);
    double.trouble = 'status-503';
    await voter.vote(FIRST);
    await pass(voter);
    await voter.hears('Muita gente votando agora');
    double.trouble = 'none';
    await voter.sees('voted', 30_000);
    expect(new Set(voter.votes.map(({ body }) => body)).size).toBe(1);
    expect(await server.metric('captcha_checks_total{outcome="outage"}')).toBeGreaterThan(0);
    expect(hasLogged(server, 'the captcha provider is away; votes are refused')).toBe(true);
  });

  it('votes on the work alone where the deployment wants that: no widget, no answer, and it is logged', async () => {
    const { double, server } = await start('turnstile', {
      CAPTCHA_ON_OUTAGE: 'proof-of-work-only',
      CAPTCHA_SCRIPT_URL: 'http://127.0.0.1:1/api.js',
    });
    double.trouble = 'status-503';
    const voter = await VoterPage.open(server);
    await voter.vote(FIRST);
    await voter.sees('voted', 15_000);
    expect(await server.metric('captcha_checks_total{outcome="admitted"}')).toBe(1);
    await eventually(
      () => hasLogged(server, 'the captcha provider is away; votes are admitted'),
      (isLogged) => isLogged,
    );
  });
});

describeInBrowser('a voter at an address that votes like a machine', () => {
  let double: SiteverifyDouble;

  beforeAll(async () => {
    double = await SiteverifyDouble.start('turnstile', HOSTNAME);
  });
  afterAll(() => double.stop());

  it('is asked only then', async () => {
    const server = await Server.start({ env: { ...accountWith(double), CAPTCHA_WHEN: 'suspicious' } });
    const voter = await VoterPage.open(server);
    await voter.vote(FIRST);
    await voter.sees('voted');
    expect(double.asked).toHaveLength(0);
    const client = server.client();
    for (let challenge = 0; challenge < 40; challenge++)
      await client.get('/desafio', { 'x-forwarded-for': '127.0.0.1' });
    // one more is at hand from before
    await voter.voteAgain();
    await voter.vote(FIRST);
    await voter.sees('voted');
    await voter.voteAgain();
    await voter.vote(FIRST);
    await pass(voter);
    await voter.sees('voted');
    expect(double.asked).toHaveLength(1);
  });
});

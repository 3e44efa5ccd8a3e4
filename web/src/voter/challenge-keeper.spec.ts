import { describe, expect, it } from '@jest/globals';
import { ChallengeKeeper } from './challenge-keeper.ts';
import type { KeptChallenge } from './kept-challenge.ts';
import type { Solution } from './solver.ts';
import type { HumanProof } from './voter-api.ts';
import { ApiFailure } from '../shared/failure.ts';
import type { AltchaParameters, CaptchaRequest } from '#contract';

const flush = () => new Promise((resolve) => setTimeout(resolve));

const PARAMETERS: AltchaParameters = {
  ...{ algorithm: 'SHA-256', cost: 1, keyLength: 32, keyPrefix: '', expiresAt: 0, salt: '', nonce: '' },
  data: { dificuldade: 50_000, paredao: '1' },
};

/** What a tab keeps when its page is loaded again. */
interface Tab {
  text?: string | undefined;
}

/** A keeper over a server that issues c1, c2, … and a clock that the spec moves. */
function given(
  options: { failures?: ApiFailure[]; captcha?: CaptchaRequest; tab?: Tab; solve?: () => Promise<Solution> } = {},
) {
  const tab = options.tab ?? {};
  const failures = [...(options.failures ?? [])];
  let seconds = 0;
  let issued = 0;
  let asked = 0;
  const keeper = new ChallengeKeeper({
    fetchChallenge: () => {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      const parameters = { ...PARAMETERS, nonce: `c${++issued}` };
      const { captcha } = options;
      return Promise.resolve({
        parameters,
        signature: 's',
        cedula: '',
        valido_por_segundos: 300,
        ...(captcha && { captcha }),
      });
    },
    solve: options.solve ?? (() => Promise.resolve({ counter: 7, derivedKey: 'd' })),
    kept: () => (tab.text === undefined ? undefined : (JSON.parse(tab.text) as KeptChallenge)),
    keep: (kept) => (tab.text = kept && JSON.stringify(kept)),
    askCaptcha: ({ chave }) => Promise.resolve(`token ${++asked} of ${chave}`),
    now: () => ({ monotonic: seconds * 1_000, wall: seconds * 1_000 }),
  });
  const nonce = ({ altcha }: HumanProof) =>
    (JSON.parse(atob(altcha)) as { challenge: { parameters: { nonce: string } } }).challenge.parameters.nonce;
  return {
    keeper,
    issued: () => issued,
    wait: (by: number) => void (seconds += by),
    take: async () => nonce(await keeper.take()),
  };
}

describe('the challenge keeper', () => {
  it('encodes the challenge with its solution and nothing else', async () => {
    const { keeper } = given();
    const { altcha, ...rest } = await keeper.take();
    expect(rest).toEqual({});
    expect(JSON.parse(atob(altcha))).toEqual({
      challenge: { parameters: { ...PARAMETERS, nonce: 'c1' }, signature: 's' },
      solution: { counter: 7, derivedKey: 'd' },
    });
  });

  it('fetches ahead of the vote, once', async () => {
    const { keeper, take, issued } = given();
    keeper.keepFresh();
    keeper.keepFresh();
    await flush();
    expect(issued()).toBe(1);
    expect(await take()).toBe('c1');
  });

  it('hands out the same challenge until it is renewed, and then the next one', async () => {
    const { keeper, take, wait } = given();
    expect(await take()).toBe('c1');
    wait(250);
    keeper.keepFresh();
    await flush();
    expect(await take()).toBe('c1');
    keeper.renew();
    expect(await take()).toBe('c2');
  });

  it('refreshes before the challenge expires', async () => {
    const { keeper, take, wait } = given();
    keeper.keepFresh();
    await flush();
    wait(245);
    keeper.keepFresh();
    await flush();
    expect(await take()).toBe('c2');
  });

  it('does not send what has expired while the phone slept', async () => {
    const { keeper, take, wait } = given();
    keeper.keepFresh();
    await flush();
    wait(3_600);
    expect(await take()).toBe('c2');
  });

  it('asks for the token of a widget when the voter votes, and sends the same one with the same challenge', async () => {
    const captcha = { provedor: 'turnstile', chave: 'k', acao: 'votar', script: 'https://widget.example' } as const;
    const { keeper } = given({ captcha });
    keeper.keepFresh();
    await flush();
    const first = await keeper.take();
    expect(first.captcha).toBe('token 1 of k');
    expect(await keeper.take()).toEqual(first);
    keeper.renew();
    expect((await keeper.take()).captcha).toBe('token 2 of k');
  });

  it('backs off in the background, but tries at once for a voter', async () => {
    const busy = new ApiFailure({ kind: 'refused', status: 503, retryAfter: 30 });
    const { keeper, take, issued, wait } = given({ failures: [busy] });
    keeper.keepFresh();
    await flush();
    wait(10);
    keeper.keepFresh();
    await flush();
    expect(issued()).toBe(0);
    expect(await take()).toBe('c1');
  });

  it('passes the failure on to the voter', async () => {
    const { keeper } = given({ failures: [new ApiFailure({ kind: 'refused', status: 409, code: 'poll-not-open' })] });
    await expect(keeper.take()).rejects.toMatchObject({ code: 'poll-not-open' });
  });
});

describe('a page that is loaded again', () => {
  it('sends the vote that was on its way with the same challenge and the same token', async () => {
    const captcha = { provedor: 'turnstile', chave: 'k', acao: 'votar', script: 's' } as const;
    const tab: Tab = {};
    const before = given({ tab, captcha });
    const sent = await before.keeper.take();
    const after = given({ tab, captcha });

    expect(after.keeper.nonce).toBeDefined();
    expect(await after.keeper.take()).toEqual(sent);
    expect(after.issued()).toBe(0);
  });

  it('goes on with a challenge that was not solved yet', async () => {
    const tab: Tab = {};
    given({ tab, solve: () => new Promise(() => {}) }).keeper.keepFresh();
    await flush();
    const after = given({ tab });

    expect(await after.take()).toBe('c1');
    expect(after.issued()).toBe(0);
  });

  it('repeats the vote on its way, though the next challenge had come already', async () => {
    const tab: Tab = {};
    const before = given({ tab });
    before.keeper.keepFresh();
    await flush();
    before.wait(245);
    before.keeper.keepFresh();
    expect(await before.take()).toBe('c1');
    await flush();
    const after = given({ tab });
    after.wait(245);

    expect(await after.take()).toBe('c1');
  });

  it('asks for another one when the vote was confirmed, or the challenge is too old', async () => {
    const tab: Tab = {};
    const before = given({ tab });
    await before.take();
    before.wait(300);
    const text = tab.text!;
    const late = given({ tab: { text: text.replace('"since":0', '"since":-300000') } });

    expect(late.keeper.nonce).toBeUndefined();
    expect(await late.take()).toBe('c1');
    expect(late.issued()).toBe(1);
  });

  it('does not go on with what cannot be solved', async () => {
    const tab: Tab = {};
    const before = given({ tab, solve: () => Promise.reject(new RangeError('no solution')) });
    await expect(before.keeper.take()).rejects.toThrow('no solution');

    expect(tab.text).toBeUndefined();
  });
});

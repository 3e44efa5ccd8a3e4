import { describe, expect, it } from '@jest/globals';
import { ApiFailure } from '../shared/failure.ts';
import { castVote, type VotePorts, type VoteStep } from './vote-flow.ts';
import type { CastVote } from '#contract';

const vote: CastVote = {
  id: 'a',
  paredao: '1',
  participante: 1,
  registrado_em: '2026-11-23T22:00:00.000Z',
  posicao: 'x',
};
const refused = (status: number, code: string, retryAfter: number | null = null) =>
  new ApiFailure({ kind: 'refused', status, code, retryAfter });

/** A stage on which `answers` come back one after the other; it writes down what the flow did. */
function given(...answers: (CastVote | ApiFailure)[]) {
  const log: string[] = [];
  const cancelling = new AbortController();
  let serial = 1;
  const ports: VotePorts = {
    challenges: {
      take: () => Promise.resolve({ altcha: `c${serial}` }),
      renew: () => {
        serial++;
        log.push('renew');
      },
    },
    send: (number, { altcha, cedula }) => {
      expect(cedula).toBe('1-7f2a91c4');
      log.push(`send ${number} ${altcha}`);
      const answer = answers.shift() ?? vote;
      return answer instanceof ApiFailure ? Promise.reject(answer) : Promise.resolve(answer);
    },
    sleep: (ms) => Promise.resolve(void log.push(`sleep ${ms}`)),
    online: () => Promise.resolve(void log.push('online')),
    random: () => 0,
    cancelled: cancelling.signal,
  };
  const steps: VoteStep[] = [];
  return {
    log,
    steps,
    ports,
    cancel: () => cancelling.abort(),
    cast: (number = 1) =>
      castVote({ number, whatFor: 'em Ana', cedula: '1-7f2a91c4', titulo: 'Quem sai?' }, ports, (step) =>
        steps.push(step),
      ),
  };
}

describe('casting a vote', () => {
  it('sends once, and begins with the next challenge', async () => {
    const { cast, log, steps } = given(vote);
    expect(await cast()).toEqual({ kind: 'done', vote });
    expect(log).toEqual(['send 1 c1', 'renew']);
    expect(steps).toEqual([{ phase: 'solving', done: 0, crowded: false }, { phase: 'sending' }]);
  });

  it('waits as long as the busy server asked, then sends the same challenge', async () => {
    const { cast, log, steps } = given(refused(503, 'queue-full', 3), new ApiFailure({ kind: 'timeout' }), vote);
    expect(await cast(2)).toMatchObject({ kind: 'done' });
    expect(log).toEqual(['send 2 c1', 'sleep 3000', 'send 2 c1', 'sleep 2000', 'send 2 c1', 'renew']);
    expect(steps).toContainEqual({ phase: 'waiting', delay: 3_000, reason: 'busy' });
  });

  it('gives up after six tries and keeps the challenge for the next attempt', async () => {
    const { cast, log } = given(...Array.from({ length: 6 }, () => refused(503, 'log-unavailable')));
    expect(await cast()).toEqual({ kind: 'failed', reason: 'busy' });
    expect(log.filter((line) => line === 'send 1 c1')).toHaveLength(6);
    expect(log).not.toContain('renew');
    expect(await cast()).toMatchObject({ kind: 'done' });
    expect(log.at(-2)).toBe('send 1 c1');
  });

  it('replaces an expired challenge once, silently', async () => {
    const { cast, log } = given(refused(403, 'human-check-expired'), vote);
    expect(await cast()).toMatchObject({ kind: 'done' });
    expect(log).toEqual(['send 1 c1', 'renew', 'send 1 c2', 'renew']);
  });

  it('does not replace challenges for ever', async () => {
    const { cast } = given(refused(403, 'human-check-invalid'), refused(403, 'human-check-invalid'));
    expect(await cast()).toEqual({ kind: 'failed', reason: 'refused' });
  });

  it('waits for the line without counting tries', async () => {
    const offline = new ApiFailure({ kind: 'offline' });
    const { cast, log } = given(...Array.from({ length: 20 }, () => offline), vote);
    expect(await cast()).toMatchObject({ kind: 'done' });
    expect(log.filter((line) => line === 'online')).toHaveLength(20);
  });

  it('says when the poll closed meanwhile', async () => {
    const closed = refused(409, 'poll-not-open');
    expect(await given(closed).cast()).toEqual({ kind: 'closed', certain: true });
    expect(await given(refused(503, 'log-unavailable'), closed).cast()).toEqual({ kind: 'closed', certain: false });
  });

  it('says when the poll is paused; a vote that may have got through keeps its challenge', async () => {
    const paused = refused(409, 'poll-paused');
    const first = given(paused);
    expect(await first.cast()).toEqual({ kind: 'paused', certain: true });
    expect(first.log).toEqual(['send 1 c1', 'renew']);
    const again = given(new ApiFailure({ kind: 'timeout' }), paused, vote);
    expect(await again.cast()).toEqual({ kind: 'paused', certain: false });
    expect(await again.cast()).toMatchObject({ kind: 'done' });
    expect(again.log.filter((line) => line.startsWith('send'))).toEqual(Array(3).fill('send 1 c1'));
  });

  it('asks for a reload when the participant is gone', async () => {
    expect(await given(refused(404, 'participant-not-found')).cast()).toEqual({ kind: 'reload' });
  });

  it('ends, with another challenge, when another ballot is open', async () => {
    const { cast, log } = given(refused(409, 'poll-changed'));
    expect(await cast()).toEqual({ kind: 'changed', certain: true });
    expect(log).toEqual(['send 1 c1', 'renew']);
  });

  it('says that an earlier try may have been counted for the ballot before', async () => {
    const { cast } = given(new ApiFailure({ kind: 'timeout' }), refused(409, 'poll-changed'));
    expect(await cast()).toEqual({ kind: 'changed', certain: false });
  });
});

describe('a vote that is cancelled', () => {
  const forever = (): Promise<never> => new Promise(() => {});
  const soon = () => new Promise((resolve) => setTimeout(resolve));

  it('before it was sent is certainly none, and leaves its challenge for the next one', async () => {
    const { ports, cast, cancel, log } = given();
    let solve: (proof: { altcha: string }) => void = () => {};
    Object.assign(ports.challenges, { take: () => new Promise((resolve) => (solve = resolve)) });
    const outcome = cast();
    cancel();

    expect(await outcome).toEqual({ kind: 'cancelled', certain: true });
    solve({ altcha: 'c1' });
    await soon();
    expect(log).toEqual([]);
  });

  it('while it is on its way may have got through: the next one has another challenge', async () => {
    const { ports, cast, cancel, log } = given();
    Object.assign(ports, { send: forever });
    const outcome = cast();
    await soon();
    cancel();

    expect(await outcome).toEqual({ kind: 'cancelled', certain: false });
    expect(log).toEqual(['renew']);
  });

  it('while it waits is not sent again', async () => {
    const { ports, cast, cancel, log, steps } = given(refused(429, 'too-many-challenges', 5));
    let wake: () => void = () => {};
    Object.assign(ports, { sleep: () => new Promise<void>((resolve) => (wake = resolve)) });
    const outcome = cast();
    await soon();
    cancel();
    await outcome;
    wake();
    await soon();

    expect(log).toEqual(['send 1 c1', 'renew']);
    expect(steps.at(-1)).toMatchObject({ phase: 'waiting', reason: 'crowded' });
  });
});

import { once } from 'node:events';

import type { Challenge } from '#contract';

import { type HttpPool, requestText } from '../lib/http-pool.ts';
import { voteRequest } from '../lib/voter.ts';
import { startCore } from './core.ts';

/** What a bot got for its core. */
export interface BotResult {
  readonly addresses: number;
  readonly hashesPerSecond: number;
  /** Accepted votes, of them after the warm-up, and those a minute. */
  readonly accepted: number;
  readonly acceptedLater: number;
  readonly perMinute: number | undefined;
  /** Refusals by status. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Most hashes of its dearest challenge. */
  readonly dearest: number;
}

/** A newcomer is cheap; what counts is what follows, s. */
const WARM_UP_SECONDS = 20;

/** One core in a tight loop: takes a challenge, solves it, votes, without a pause, from its addresses in turn. */
export async function runBot(pool: HttpPool, addresses: readonly string[], seconds: number): Promise<BotResult> {
  const { worker: core, hashesPerSecond } = await startCore();
  const refusals: Record<string, number> = {};
  const acceptedAt: number[] = [];
  let dearest = 0;
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const turn = async (address: string): Promise<number> => {
    const headers = { 'x-forwarded-for': address };
    const asked = await pool.send(requestText('GET', '/desafio', { headers }));
    if (asked.status !== 200) return asked.status;
    const challenge = JSON.parse(asked.body.toString()) as Challenge;
    dearest = Math.max(dearest, challenge.parameters.data.dificuldade);
    core.postMessage(challenge);
    const [{ payload }] = (await once(core, 'message')) as [{ payload: string }];
    return (await pool.send(voteRequest({ payload, cedula: challenge.cedula }, 1, address))).status;
  };
  for (let number = 0; elapsed() < seconds; number++) {
    const status = await turn(addresses[number % addresses.length]!);
    if (elapsed() > seconds) break;
    if (status === 201) acceptedAt.push(elapsed());
    else refusals[status] = (refusals[status] ?? 0) + 1;
  }
  await core.terminate();
  const acceptedLater = acceptedAt.filter((at) => at > WARM_UP_SECONDS).length;
  return {
    addresses: addresses.length,
    hashesPerSecond: Math.round(hashesPerSecond),
    accepted: acceptedAt.length,
    acceptedLater,
    perMinute: seconds > WARM_UP_SECONDS ? (60 * acceptedLater) / (seconds - WARM_UP_SECONDS) : undefined,
    refusals,
    dearest,
  };
}

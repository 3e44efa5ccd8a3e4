import { createSecretKey, randomBytes } from 'node:crypto';

import type { Challenge } from '#contract';
import { AltchaHumanCheck } from '#human-check';
import { loadSecrets } from '#platform';

import { type HttpPool, requestText } from '../lib/http-pool.ts';
import { solvedPayload } from '../lib/solver.ts';
import { type SolvedChallenge, addressOf, voteRequest } from '../lib/voter.ts';

/** Answers by kind of forgery: `human-check-invalid` → how often. */
export type ForgeryResult = Record<string, Record<string, number>>;

const AT_ONCE = 8;
/** Forged challenges are cheap to make; a pause keeps the generator from being the load, ms. */
const PAUSE_MS = 5;

/**
 * Sends what never was a vote, for some seconds: a solved and used challenge again, for the same participant and for the other;
 * changed parameters; signatures of other keys; challenges of other polls; and truly signed ones that have expired.
 */
export async function forge(pool: HttpPool, dataDir: string, pollId: string, seconds: number): Promise<ForgeryResult> {
  const answers: ForgeryResult = {};
  const used = await castOne(pool);
  const kinds = kindsOf(dataDir, pollId, used.payload);
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  const send = async (): Promise<void> => {
    while (performance.now() < end) {
      const { name, participant, payload } = kinds[sent++ % kinds.length]!;
      const { status, body } = await pool.send(
        voteRequest({ payload: payload(), cedula: used.cedula }, participant, addressOf(sent)),
      );
      const code = (JSON.parse(body.toString()) as { code?: string }).code ?? String(status);
      const counts = (answers[name] ??= {});
      counts[code] = (counts[code] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return answers;
}

/** @returns what a vote was taken with, for participant 1 */
async function castOne(pool: HttpPool): Promise<Pick<SolvedChallenge, 'payload' | 'cedula'>> {
  const headers = { 'x-forwarded-for': '192.0.2.77' };
  const { body } = await pool.send(requestText('GET', '/desafio', { headers }));
  const challenge = JSON.parse(body.toString()) as Challenge;
  const vote = { payload: solvedPayload(challenge), cedula: challenge.cedula };
  const { status } = await pool.send(voteRequest(vote, 1, '192.0.2.77'));
  if (status !== 201) throw new Error(`a plain vote was answered with ${String(status)}`);
  return vote;
}

interface Kind {
  readonly name: string;
  readonly participant: number;
  readonly payload: () => string;
}

function kindsOf(dataDir: string, pollId: string, used: string): Kind[] {
  const key = loadSecrets(dataDir).humanCheck;
  const ours = new AltchaHumanCheck({ key, difficulty: 1, lifetimeSeconds: 300 });
  const expired = new AltchaHumanCheck({ key, difficulty: 1, lifetimeSeconds: -1 });
  const theirs = new AltchaHumanCheck({
    key: createSecretKey(randomBytes(32)),
    difficulty: 1,
    lifetimeSeconds: 300,
  });
  const solved = (check: AltchaHumanCheck, poll = pollId): string => solvedPayload(check.issue(poll));
  const changed = (pattern: RegExp, replacement: string): string => {
    const json = Buffer.from(solved(ours), 'base64').toString();
    return Buffer.from(json.replace(pattern, replacement)).toString('base64');
  };
  const kind = (name: string, payload: () => string, participant = 1): Kind => ({ name, payload, participant });
  return [
    kind('replayed', () => used),
    kind('replayed for the other one', () => used, 2),
    kind('expired', () => solved(expired)),
    kind('of another deployment', () => solved(theirs)),
    kind('of another poll', () => solved(ours, '999')),
    kind('with a longer life', () => changed(/"expiresAt":\d+/, '"expiresAt":4102444800')),
    kind('with an id of its own', () => changed(/"nonce":"[^"]+"/, `"nonce":"${randomBytes(16).toString('hex')}"`)),
    kind('unsolved', () => changed(/"counter":0/, '"counter":1')),
  ];
}

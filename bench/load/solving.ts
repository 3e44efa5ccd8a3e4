import type { HttpPool } from '../lib/http-pool.ts';
import { requestText } from '../lib/http-pool.ts';
import { type PollLink, withLink } from '../lib/poll-link.ts';
import { hashesPerSecond } from '../lib/solver.ts';
import { addressOf } from '../lib/voter.ts';

/** Share of its time that a generator may spend on solving: the rest is for sending and measuring. */
const SHARE_FOR_SOLVING = 0.5;

/**
 * Whether this generator can solve the server's challenges at a rate.
 * @throws with the rate that it can, when it cannot; and when no challenge can be had
 */
export async function assertSolvable(pool: HttpPool, rate: number, link: PollLink): Promise<void> {
  const { status, body } = await pool.send(
    requestText('GET', withLink('/desafio', link), { headers: { 'x-forwarded-for': addressOf(2 ** 24 - 1) } }),
  );
  if (status !== 200) throw new Error(`GET /desafio was answered with ${String(status)}`);
  const { parameters } = JSON.parse(body.toString()) as { parameters: { data: { dificuldade: number } } };
  const hashes = parameters.data.dificuldade / 2;
  const possible = (hashesPerSecond() / hashes) * SHARE_FOR_SOLVING;
  if (possible >= rate) return;
  throw new Error(
    `each challenge of this server takes ${hashes.toFixed(0)} hashes on average: this generator can make ` +
      `${possible.toFixed(1)} votes a second, not ${String(rate)}. Ask for a lower --rate, or start the server with ` +
      'HUMAN_CHECK_DIFFICULTY=50 for a rehearsal.',
  );
}

import { createSecretKey, randomBytes } from 'node:crypto';

import { AltchaHumanCheck } from '#human-check';
import { clientOf, networkOf } from '#platform';

import { median } from '../lib/histogram.ts';
import { solvedPayload } from '../lib/solver.ts';
import { addressOf } from '../lib/voter.ts';
import { spread } from './measurement.ts';

/** What the check may cost for a vote, µs. */
const ALLOWED_MICROSECONDS = 15;
const ROUNDS = 7;
const VOTES = 40_000;
/** Solved at once: what the check of a solution costs does not depend on how hard it was to find. */
const DIFFICULTY = 4;
const POLL = '1';

/** CPU of this process for a vote, µs: to hand out its challenge, and to check the solution. */
interface Cost {
  readonly issue: number;
  readonly verify: number;
}

/** Measures the human check by itself, and prints it. @returns whether it costs no more than it may */
export function humanCheckIsCheap(): boolean {
  const check = new AltchaHumanCheck({
    key: createSecretKey(randomBytes(32)),
    difficulty: DIFFICULTY,
    lifetimeSeconds: 300,
  });
  const rounds = Array.from({ length: ROUNDS + 1 }, (_, round) => measureRound(check, round)).slice(1);
  const sums = rounds.map(({ issue, verify }) => issue + verify);
  const columns = { issue: rounds.map(({ issue }) => issue), verify: rounds.map(({ verify }) => verify), sum: sums };
  const [issue, verify, sum] = Object.values(columns).map((values) => spread(values, 1));
  console.log(
    `human check, CPU µs a vote: challenge ${issue!}, solution ${verify!}, together ${sum!} of ${String(ALLOWED_MICROSECONDS)} allowed`,
  );
  return median(sums) <= ALLOWED_MICROSECONDS;
}

function measureRound(check: AltchaHumanCheck, round: number): Cost {
  const visitors = Array.from({ length: VOTES }, (_, vote) => {
    const client = clientOf({ ip: addressOf(round * VOTES + vote) });
    return { client, network: networkOf(client) };
  });
  let challenges: ReturnType<typeof check.issue>[] = [];
  const issue = cpuOf(() => {
    challenges = visitors.map((visitor) => check.issue(POLL, visitor));
  });
  const solutions = challenges.map(solvedPayload);
  const verify = cpuOf(() => {
    for (const solution of solutions) check.verify(solution, POLL, 0);
  });
  return { issue: issue / VOTES, verify: verify / VOTES };
}

/** @returns µs */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

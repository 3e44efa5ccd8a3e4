import type { BotResult } from './bot.ts';
import type { ForgeryResult } from './forgeries.ts';
import type { GuessResult } from './guesses.ts';
import type { Waits } from './person.ts';

/** What an attack found, as it is written to the report file. */
export interface AttackReport {
  readonly seconds: number;
  readonly difficulty: number;
  /** What a person waits: alone, beside the bot, and beside the bot with many addresses; undefined without Chromium. */
  readonly alone: Waits | undefined;
  readonly besideBot: Waits | undefined;
  readonly besideBots: Waits | undefined;
  readonly bot: BotResult;
  readonly bots: BotResult;
  readonly forgeries: ForgeryResult;
  /** Votes that the forgeries added to the count. */
  readonly addedByForgeries: number;
  readonly guesses: GuessResult;
}

const MOST_VOTES_A_MINUTE = 30;
const LONGEST_WAIT_MS = 1500;
/** Of one address in a minute, and those that were under way when it was full. */
const MOST_GUESSES = 30;
const HARMLESS = new Set(['200', '409', 'human-check-used', 'human-check-invalid', 'human-check-expired']);

/** @returns the aims that were missed */
export function missedAims({ alone, besideBot, besideBots, bot, forgeries, ...rest }: AttackReport): string[] {
  const missed: string[] = [];
  if (bot.perMinute !== undefined && bot.perMinute > MOST_VOTES_A_MINUTE)
    missed.push(`the bot made ${bot.perMinute.toFixed(1)} votes a minute from one address`);
  for (const waits of [alone, besideBot, besideBots])
    if (waits !== undefined && waits.p95 > LONGEST_WAIT_MS)
      missed.push(`a person waited ${String(waits.p95)} ms (p95)`);
  for (const [kind, answers] of Object.entries(forgeries))
    for (const code of Object.keys(answers).filter((answer) => !HARMLESS.has(answer)))
      missed.push(`a challenge ${kind} was answered with ${code}`);
  if (rest.addedByForgeries !== 0) missed.push(`forgeries added ${String(rest.addedByForgeries)} votes`);
  const { statuses, logins } = rest.guesses;
  if ((statuses['200'] ?? 0) > 0) missed.push('a password was guessed');
  if ((statuses['401'] ?? 0) > MOST_GUESSES * Math.max(1, rest.seconds / 60))
    missed.push(`${String(statuses['401'])} guesses were looked at`);
  if (logins.refused > 0) missed.push(`production was refused ${String(logins.refused)} times`);
  return missed;
}

/** The report for people. */
export function printReport(report: AttackReport): void {
  const { alone, besideBot, besideBots, bot, bots } = report;
  const million = (hashes: number): string => (hashes / 1e6).toFixed(1);
  console.log(`\nbase difficulty ${String(report.difficulty)}, ${String(report.seconds)} s each\n`);
  console.log('one core without a pause:');
  console.table(
    [bot, bots].map(({ addresses, accepted, perMinute, refusals, hashesPerSecond, dearest }) => ({
      addresses,
      'million hashes/s': million(hashesPerSecond),
      accepted,
      'a minute after 20 s': perMinute?.toFixed(1) ?? 'too short',
      'a minute and address': perMinute === undefined ? '' : (perMinute / addresses).toFixed(1),
      'dearest, million hashes': million(dearest),
      refusals: Object.entries(refusals).flat().join(' '),
    })),
  );
  console.log('a person, CPU slowed four times, ms:');
  console.table({
    alone: rowOf(alone),
    'beside the bot': rowOf(besideBot),
    'beside many addresses': rowOf(besideBots),
  });
  console.log('challenges that are none, by answer:');
  console.table(report.forgeries);
  console.log(`votes they added: ${String(report.addedByForgeries)}`);
  console.log(`login guesses by status: ${JSON.stringify(report.guesses.statuses)}`);
  console.log(`production meanwhile: ${JSON.stringify(report.guesses.logins)}\n`);
}

function rowOf(waits: Waits | undefined): Record<string, number> {
  if (waits === undefined) return {};
  const { votes, p50, p95, solvingP50, solvingP95 } = waits;
  return { votes, 'tap p50': p50, 'tap p95': p95, 'solving p50': solvingP50, 'solving p95': solvingP95 };
}

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
  /** From one address, and from many. */
  readonly guesses: GuessResult;
  readonly crowd: GuessResult;
}

const MOST_VOTES_A_MINUTE = 30;
const LONGEST_WAIT_MS = 1500;
/** Of one address in a minute, and those that were under way when it was full. */
const MOST_GUESSES = 30;
const HARMLESS = new Set(['200', '409', 'human-check-used', 'human-check-invalid', 'human-check-expired']);

/** @returns the aims that were missed */
export function missedAims(report: AttackReport): string[] {
  const { alone, besideBot, besideBots, bot } = report;
  const waits = [alone, besideBot, besideBots].filter((one) => one !== undefined);
  return [
    ...(bot.perMinute !== undefined && bot.perMinute > MOST_VOTES_A_MINUTE
      ? [`the bot made ${bot.perMinute.toFixed(1)} votes a minute from one address`]
      : []),
    ...waits.filter(({ p95 }) => p95 > LONGEST_WAIT_MS).map(({ p95 }) => `a person waited ${String(p95)} ms (p95)`),
    ...missedByForgeries(report),
    ...missedByGuesses(report.guesses, report.seconds),
    ...missedByGuesses(report.crowd, report.seconds),
  ];
}

function missedByForgeries({ forgeries, addedByForgeries: added }: AttackReport): string[] {
  const harmful = Object.entries(forgeries).flatMap(([kind, answers]) =>
    Object.keys(answers)
      .filter((answer) => !HARMLESS.has(answer))
      .map((answer) => `a challenge ${kind} was answered with ${answer}`),
  );
  return added === 0 ? harmful : [...harmful, `forgeries added ${String(added)} votes`];
}

function missedByGuesses({ addresses, statuses, logins }: GuessResult, seconds: number): string[] {
  const missed: string[] = [];
  const looked = statuses['401'] ?? 0;
  if (statuses['200'] !== undefined) missed.push('a password was guessed');
  if (looked > MOST_GUESSES * addresses * Math.max(1, seconds / 60))
    missed.push(`${String(looked)} guesses were looked at`);
  if (logins.refused > 0) missed.push(`the staff were refused ${String(logins.refused)} times`);
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
  for (const { addresses, statuses, logins } of [report.guesses, report.crowd]) {
    console.log(`login guesses from ${String(addresses)} addresses, by status: ${JSON.stringify(statuses)}`);
    console.log(`the staff meanwhile: ${JSON.stringify(logins)}`);
  }
}

function rowOf(waits: Waits | undefined): Record<string, number> {
  if (waits === undefined) return {};
  const { votes, p50, p95, solvingP50, solvingP95 } = waits;
  return { votes, 'tap p50': p50, 'tap p95': p95, 'solving p50': solvingP50, 'solving p95': solvingP95 };
}

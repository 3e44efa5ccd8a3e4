import { CLIENT_ALLOWANCE } from '#human-check';

import type { BotResult } from './bot.ts';
import type { ForgeryResult } from './forgeries.ts';
import type { GuessResult } from './guesses.ts';
import type { Waits } from './people.ts';

/** A bot with one address, one with many, and what people waited: alone, beside the one and beside the other; undefined without Chromium. */
export interface Trial {
  readonly bot: BotResult;
  readonly bots: BotResult;
  readonly alone: Waits | undefined;
  readonly besideBot: Waits | undefined;
  readonly besideBots: Waits | undefined;
}

/** What an attack found, as it is written to the report file. */
export interface AttackReport {
  readonly seconds: number;
  readonly difficulty: number;
  /** With a lone person. */
  readonly person: Trial;
  /** With three people at one address; undefined without Chromium. */
  readonly household: Trial | undefined;
  readonly forgeries: ForgeryResult;
  /** Votes that the forgeries added to the count. */
  readonly addedByForgeries: number;
  /** From one address, and from many. */
  readonly guesses: GuessResult;
  readonly crowd: GuessResult;
}

const MOST_VOTES_A_MINUTE = 30;
/** At the 95th percentile. */
const LONGEST_WAIT_MS = 1500;
const LONGEST_WAIT_OF_HOUSEHOLD_MS = 10_000;
/** Of one address in a minute, and those that were under way when it was full. */
const MOST_GUESSES = 30;
/** What a client gets at the base price: a household that votes less often has not been tried. */
const FEWEST_VOTES_A_MINUTE = CLIENT_ALLOWANCE;
const HARMLESS = new Set(['200', '409', 'human-check-used', 'human-check-invalid', 'human-check-expired']);

/** @returns the aims that were missed */
export function missedAims(report: AttackReport): string[] {
  const { person, household } = report;
  return [
    ...missedBy(person, 'a person', LONGEST_WAIT_MS),
    ...(household ? missedByHousehold(household) : []),
    ...missedByForgeries(report),
    ...missedByGuesses(report.guesses, report.seconds),
    ...missedByGuesses(report.crowd, report.seconds),
  ];
}

const waitsOf = ({ alone, besideBot, besideBots }: Trial): Waits[] =>
  [alone, besideBot, besideBots].filter((one) => one !== undefined);

function missedBy(trial: Trial, who: string, longestMs: number): string[] {
  const { perMinute = 0 } = trial.bot;
  return [
    ...(perMinute > MOST_VOTES_A_MINUTE
      ? [`the bot made ${perMinute.toFixed(1)} votes a minute from one address`]
      : []),
    ...waitsOf(trial)
      .filter(({ p95 }) => p95 > longestMs)
      .map(({ p95 }) => `${who} waited ${String(p95)} ms (p95)`),
  ];
}

function missedByHousehold(trial: Trial): string[] {
  const tooFew = waitsOf(trial).filter(({ perMinute }) => perMinute < FEWEST_VOTES_A_MINUTE);
  return [
    ...missedBy(trial, 'a household', LONGEST_WAIT_OF_HOUSEHOLD_MS),
    ...tooFew.map(({ perMinute }) => `a household made only ${perMinute.toFixed(1)} votes a minute: nothing was tried`),
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
  console.log(`\nbase difficulty ${String(report.difficulty)}, ${String(report.seconds)} s each\n`);
  const trials = [report.person, report.household].filter((trial) => trial !== undefined);
  console.log('one core without a pause:');
  console.table(trials.flatMap(({ bot, bots }) => [rowOfBot(bot), rowOfBot(bots)]));
  console.log('people on slow phones, ms:');
  console.table(rowsOfPeople(report));
  console.log('challenges that are none, by answer:');
  console.table(report.forgeries);
  console.log(`votes they added: ${String(report.addedByForgeries)}`);
  for (const { addresses, statuses, logins } of [report.guesses, report.crowd]) {
    console.log(`login guesses from ${String(addresses)} addresses, by status: ${JSON.stringify(statuses)}`);
    console.log(`the staff meanwhile: ${JSON.stringify(logins)}`);
  }
}

const million = (hashes: number): string => (hashes / 1e6).toFixed(1);

function rowOfBot({ addresses, perMinute, ...bot }: BotResult): Record<string, string | number> {
  return {
    addresses,
    'million hashes/s': million(bot.hashesPerSecond),
    accepted: bot.accepted,
    'a minute after 20 s': perMinute?.toFixed(1) ?? 'too short',
    'a minute and address': perMinute === undefined ? '' : (perMinute / addresses).toFixed(1),
    'dearest, million hashes': million(bot.dearest),
    refusals: Object.entries(bot.refusals).flat().join(' '),
  };
}

function rowsOfPeople({ person, household }: AttackReport): Record<string, Record<string, string | number>> {
  const rows = (who: string, trial: Trial | undefined): [string, Waits | undefined][] => [
    [`${who} alone`, trial?.alone],
    [`${who} beside the bot`, trial?.besideBot],
    [`${who} beside many addresses`, trial?.besideBots],
  ];
  const all = [...rows('a person', person), ...rows('a household', household)];
  return Object.fromEntries(all.map(([name, waits]) => [name, rowOfPeople(waits)]));
}

function rowOfPeople(waits: Waits | undefined): Record<string, string | number> {
  if (waits === undefined) return {};
  return {
    'CPU slowed': waits.slowdown.toFixed(1),
    'votes a minute': waits.perMinute.toFixed(1),
    'tap p50': waits.p50,
    'tap p95': waits.p95,
    'of it solving p95': waits.unsolvedP95,
    'solving p50': waits.solvingP50,
    'solving p95': waits.solvingP95,
    'million hashes p50': million(waits.hashesP50),
    'million hashes p95': million(waits.hashesP95),
  };
}

import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AttackReport } from '../bench/attack/report.ts';
import { temporaryDirectory } from './support/server.ts';

const SECONDS = 3;

describe('npm run attack', () => {
  let code: number | null;
  let report: AttackReport;

  beforeAll(async () => {
    const file = join(temporaryDirectory(), 'attack.json');
    // waiting times mean nothing beside other specs
    const args = ['--duration', String(SECONDS), '--no-person', '--report', file];
    const attack = spawn(process.execPath, ['dist/bench/attack.js', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    [code] = (await once(attack, 'exit')) as [number | null];
    report = JSON.parse(readFileSync(file, 'utf8')) as AttackReport;
  }, 120_000);

  it('meets its aims', () => {
    expect(code).toBe(0);
  });

  it('votes with its bots, at a price that rises for the one with one address', () => {
    const { person, difficulty } = report;
    const { bot, bots } = person;
    expect(bot.accepted).toBeGreaterThan(0);
    expect(bot.hashesPerSecond).toBeGreaterThan(0);
    expect(bots.accepted).toBeGreaterThan(0);
    expect(bots.dearest).toBe(difficulty);
  });

  it('adds nothing by forgeries, each of which is answered as what it is', () => {
    const codes = Object.fromEntries(
      Object.entries(report.forgeries).map(([kind, answers]) => [kind, Object.keys(answers)]),
    );
    expect(codes).toEqual({
      replayed: ['200'],
      'replayed for the other one': ['human-check-used'],
      expired: ['human-check-expired'],
      'of another deployment': ['human-check-invalid'],
      'of another poll': ['human-check-invalid'],
      'with a longer life': ['human-check-invalid'],
      'with an id of its own': ['human-check-invalid'],
      unsolved: ['human-check-invalid'],
    });
    expect(report.addedByForgeries).toBe(0);
  });

  it.each(['guesses', 'crowd'] as const)('guesses no password, and keeps nobody from logging in: %s', (kind) => {
    const { statuses, logins } = report[kind];
    expect(Object.keys(statuses)).not.toContain('200');
    expect((statuses['401'] ?? 0) + (statuses['429'] ?? 0)).toBeGreaterThan(0);
    expect(logins.good).toBeGreaterThan(0);
    expect(logins.refused).toBe(0);
  });
});

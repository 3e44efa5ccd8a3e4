import { describe, expect, it } from '@jest/globals';
import {
  age,
  clock,
  clockOfBrasilia,
  compact,
  day,
  fromWall,
  future,
  hour,
  integer,
  minute,
  moment,
  rate,
  remaining,
  span,
  time,
  toWall,
} from './format.ts';

describe('numbers in Brazilian Portuguese', () => {
  it.each([
    [integer(1_234_567), '1.234.567'],
    [rate(3.25), '3,3'],
    [rate(10_234.6), '10.235'],
    [compact(12_000).replace(/\s/g, ' '), '12 mil'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe('instants, in the hour of São Paulo', () => {
  const iso = '2026-11-24T02:41:07.000Z';

  it.each([
    [time(iso), '23:41:07'],
    [minute(iso), '23:41'],
    [hour(iso), '23h'],
    [hour('2026-11-24T03:00:00.000Z'), '00h'],
    [day(iso), '23/11'],
    [moment(iso), '23/11/2026, 23:41'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

it.each([
  [0.4, 'agora'],
  [7.9, 'há 7 s'],
  [180, 'há 3 min'],
  [7_300, 'há 2 h'],
])('an age of %d s is "%s"', (seconds, text) => {
  expect(age(seconds)).toBe(text);
});

describe('what is to come', () => {
  const opens = '2026-11-24T01:05:00.000Z';

  it.each([
    [clock(opens), '22h05'],
    [future(opens, '2026-11-23T12:00:00Z'), 'hoje às 22h05'],
    [future(opens, '2026-11-22T12:00:00Z'), 'segunda-feira, 23/11, às 22h05'],
    [clockOfBrasilia(opens), '22h05 de Brasília'],
    [span('2026-11-23T23:05:00Z', opens, '2026-11-24T01:06:00Z'), 'hoje, de 20h05 a 22h05 de Brasília'],
    [span('2026-11-23T23:05:00Z', opens, '2026-11-25T12:00:00Z'), 'em 23/11, de 20h05 a 22h05 de Brasília'],
    [span(opens, '2026-11-24T04:05:00Z', opens), 'de 23/11, 22h05, a 24/11, 01h05 de Brasília'],
    [remaining(9), '0:09'],
    [remaining(245), '4:05'],
    [remaining(11_045), '3:04:05'],
    [remaining(172_800), '2 dias'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected);
  });

  it('is entered on the wall clock of Brasília, whatever the zone of the device', () => {
    expect(toWall(opens)).toBe('2026-11-23T22:05');
    expect(fromWall('2026-11-23T22:05')).toBe(opens);
    // a summer when there was daylight saving time
    expect(fromWall('2018-12-01T12:00')).toBe('2018-12-01T14:00:00.000Z');
  });
});

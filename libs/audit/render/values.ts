import { POLICY_WORDS, POLL_STATE_NAMES, type Poll, percents } from '#domain';

import type { Place, Value } from '../findings.ts';
import { instant } from './formats.ts';
import { type Names, personOf } from './parts.ts';

/** The parts of a finding, as they stand in a sentence. */

export const place = ({ stream = '', revision = '' }: Place): string => `${stream}, revisão ${revision}`;
export const time = (value: Value): string => instant(say(value));

export function times(value: Value): string {
  const { castAt = null, expiresAt = null, recordedAt = null } = value as Readonly<Record<string, Value>>;
  return `voto de ${time(castAt)}, desafio até ${time(expiresAt)}, registrado em ${time(recordedAt)}`;
}

export function inState(value: Value): string {
  const { type = '', state = null, paused, decided } = value as Readonly<Record<string, Value>>;
  const already = decided === 'annulled' ? ' e já anulado' : ' e já proclamado';
  const pause = paused === undefined ? '' : ` e ${paused === true ? 'já pausado' : 'sem pausa'}`;
  return `${say(type)} com o paredão ${state === null ? 'por abrir' : stateName(state as Poll['status'])}${decided === undefined ? pause : already}`;
}

/** In the log the seal is an event of its own, which the public has no word for. */
const stateName = (status: Poll['status']): string => (status === 'sealed' ? 'lacrado' : POLL_STATE_NAMES[status]);

export function say(value: Value): string {
  if (value === null) return 'nada';
  if (typeof value === 'boolean') return value ? 'sim' : 'não';
  if (Array.isArray(value)) return value.map(say).join(' + ');
  if (typeof value !== 'object') return String(value);
  return isPoll(value) ? sayPoll(value as unknown as Poll) : JSON.stringify(value);
}

function sayPoll(poll: Poll): string {
  const { title, status, participants, purpose, rules, policy, rehearsal, openedAt, closedAt, replaces } = poll;
  const names = participants.map(
    ({ number: place, name, photo, focus }) =>
      `${place} ${name}${photo === undefined ? '' : ` (foto ${photo.slice(0, 12)}…${focus ? `, foco a ${percents(focus)}` : ''})`}`,
  );
  const moments = [openedAt, closedAt].map((moment) => (moment === null ? '–' : instant(moment))).join(' a ');
  const meaning = [
    purpose && `para ${purpose}`,
    rules && `regulamento ${JSON.stringify(rules)}`,
    policy && POLICY_WORDS[policy],
    replaces && `no lugar do ${replaces}`,
    rehearsal && 'ensaio',
  ].filter(Boolean);
  return [`“${title}”`, ...meaning, names.join(', '), stateName(status), moments, ...standing(poll)].join(', ');
}

function standing({ checked, checkFailed, proclaimedAt, proclaimedBy, uncheckedBecause, annulled }: Poll): string[] {
  return [
    checked && `conferido em ${instant(checked.at)} por ${checked.by} (${checked.commitment})`,
    checkFailed && `não conferiu em ${instant(checkFailed.at)} (${checkFailed.by})`,
    proclaimedAt && `proclamado em ${instant(proclaimedAt)} por ${proclaimedBy ?? ''}`,
    uncheckedBecause && `sem conferência: ${uncheckedBecause}`,
    annulled && `anulado em ${instant(annulled.at)} por ${annulled.by}: ${annulled.reason}`,
  ].filter((part): part is string => part !== undefined && part !== '');
}

const isPoll = (value: Value): boolean => typeof value === 'object' && value !== null && 'participants' in value;
/** What is too long for a line. */
export const isLong = (value: Value): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !isPoll(value) &&
  Object.values(value).some((one) => typeof one === 'object');

/** The votes of an hour, each with its name. */
export const sayVotes = (value: Value, names: Names): string =>
  Array.isArray(value) && names.length === value.length
    ? value.map((votes, index) => `${names[index]!} ${say(votes as Value)}`).join(', ')
    : say(value);

export function repeated(expected: Value, actual: Value, names: Names): string {
  const [first, again] = [expected, actual] as Readonly<Record<string, Value>>[];
  return `${sayVote(names, again)} repete o voto da revisão ${say(first?.['revision'] ?? null)}, ${sayVote(names, first)}`;
}

/** Who decided that the seal goes on, and why. */
export function overruled(value: Value): string {
  const { by = '', at = null, reason = '', witness } = value as Readonly<Record<string, Value>>;
  const what = witness === undefined ? 'da diferença' : `da testemunha ${say(witness).split('+')[0]!}`;
  return `${say(by)} mandou lacrar apesar ${what} em ${time(at)}: ${say(reason)}`;
}

const sayVote = (names: Names, vote: Readonly<Record<string, Value>> = {}): string =>
  `${personOf(Number(vote['participant'] ?? 0), names)} (${time(vote['castAt'] ?? null)}, desafio até ${time(vote['expiresAt'] ?? null)})`;

import type { Finding, FindingCode, Value } from '../findings.ts';
import { number, percent } from './formats.ts';
import { type Names, about, personOf } from './parts.ts';

type AnnouncedCode = Extract<FindingCode, `announced-${string}`>;

const UNCOUNTED: Readonly<Record<string, string>> = {
  duplicates: 'votos duplicados, que só contam uma vez',
  late: 'votos atrasados, que vieram depois do corte e não contam',
  expired: 'votos expirados, que não contam',
  quarantined: 'eventos em quarentena, que não puderam ser lidos e não contam',
  events: 'eventos da urna que não contam (duplicados, atrasados, expirados e em quarentena)',
};

const UNITS: Readonly<Record<number, string>> = { 3: 'milhares', 6: 'milhões', 9: 'bilhões' };

/** What is wrong with a result that was announced, and what would explain it. */
export const ANNOUNCED_FINDINGS: Readonly<Record<AnnouncedCode, (finding: Finding, names: Names) => string>> = {
  'announced-differs': ({ at, expected, actual }, names) =>
    at.part === 'share'
      ? `${about(at, names)}: ${percentOf(actual)} no ar, ${percentOf(expected)} na recontagem`
      : `${about(at, names)}: ${countOf(actual)} no ar, ${countOf(expected)} na recontagem (${sayDifference(expected, actual)})`,
  'announced-sum-differs': ({ expected, actual }) =>
    `o próprio anúncio não fecha: os participantes somam ${countOf(expected)}, e o total anunciado é ${countOf(actual)}`,
  'announced-nobody': ({ at, expected }) =>
    `foi anunciado o participante ${at.participant ?? ''}, e este paredão tem ${countOf(expected)}`,
  'announced-other-order': () => 'a ordem dos participantes anunciada não é a da recontagem: muda quem tem mais votos',
  'announced-same-order': () => 'a ordem dos participantes é a mesma no anúncio e na recontagem',
  'announced-swapped': ({ at, actual }, names) =>
    `os números de ${personOf(at.participant ?? 0, names)} e ${personOf(Number(actual), names)} estão trocados no anúncio`,
  'announced-uncounted': ({ at, actual }) =>
    `a diferença do total, ${countOf(actual)}, é exatamente a de ${UNCOUNTED[at.part ?? ''] ?? ''}`,
  'announced-rounded': ({ at, actual }, names) =>
    `${about(at, names)}: parece arredondado (${sayUnit(Number(actual))})`,
};

const countOf = (value: Value): string => number(Number(value));
const percentOf = (value: Value): string => percent(Number(value));

/** `1.471 a menos, 0,15%` */
function sayDifference(expected: Value, actual: Value): string {
  const [counted, more] = [Number(expected), Number(actual) - Number(expected)];
  const share = counted === 0 ? '' : `, ${percent(Math.round((10_000 * Math.abs(more)) / counted) / 100)}`;
  return `${number(Math.abs(more))} a ${more > 0 ? 'mais' : 'menos'}${share}`;
}

function sayUnit(unit: number): string {
  const digits = String(unit).length - 1;
  const tens = ['', 'dezenas de ', 'centenas de '][digits % 3] ?? '';
  return tens + (UNITS[digits - (digits % 3)] ?? '');
}

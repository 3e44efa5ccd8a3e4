import type { Finding } from '../findings.ts';
import type { Detail } from '../report.ts';
import { number } from './formats.ts';
import type { Names } from './parts.ts';
import { RECEIPT_FINDINGS } from './receipt-words.ts';
import { overruled, place, say } from './values.ts';

/** What was looked at. */
export const URNA_DETAILS = {
  log: ({ name }) => name ?? '',
  'signed-heads': ({ count = 0, at }) =>
    `${number(count)} checkpoints assinados, o maior da urna com ${number(Number(at))} folhas`,
  papers: ({ count = 0 }) => (count === 1 ? '1 documento' : `${number(count)} documentos`),
  anchors: ({ count = 0, at, witnesses = [] }) =>
    [
      `${number(count)} ${count === 1 ? 'âncora confere' : 'âncoras conferem'}, até a folha ${number(Number(at))} da urna`,
      ...witnesses.map(({ name, leaves }) => `${name} assinou até a folha ${number(leaves)}`),
    ].join('; '),
  receipts: ({ count = 0, parts = [] }) => `recibos: ${number(count)}; de voto contado: ${parts.map(number).join('')}`,
} as const satisfies Partial<Readonly<Record<Detail['code'], (detail: Detail) => string>>>;

/** What was signed of the transparency logs of a poll, and what was kept of that elsewhere. */
export const URNA_FINDINGS = {
  'no-keys': () => 'uma chave foi informada, e a urna não tem nenhuma: a sua zerésima não está lá',
  'keys-not-proven': ({ expected, actual }) => `a urna ${say(actual)} tem chaves que ${say(expected)} não assinou`,
  'signed-head-not-proven': ({ at, actual }) => `${place(at)}: não é um checkpoint que a urna assinou (${say(actual)})`,
  'signed-head-differs': ({ at, expected }) =>
    `${place(at)}: assinado pela chave da urna, e as primeiras ${say(expected)} folhas são outras: algo foi trocado`,
  'signed-head-ahead': ({ at, expected, actual }) =>
    `${place(at)}: foram assinadas ${say(actual)} folhas, e só há ${say(expected)}: faltam eventos`,
  'not-sealed': ({ at }) => `${place(at)}: daqui em diante nenhum checkpoint foi assinado`,
  'seal-overruled': ({ at, actual }) => `${place(at)}: ${overruled(actual)}`,
  'anchor-without-log': ({ at }) => `${at.file ?? ''}: há uma âncora, e a urna não tem zerésima`,
  'anchor-of-another-log': ({ at, expected, actual }) =>
    `${at.file ?? ''}: é de ${say(actual)}, e esta urna é ${say(expected)}`,
  'anchor-not-proven': ({ at, expected, actual }) =>
    `${at.file ?? ''}: não foi assinada pela chave de ${say(expected)} que está na zerésima (${say(actual)})`,
  'anchor-ahead': ({ at, expected, actual }) =>
    `${at.file ?? ''}: a âncora tem ${say(actual)} folhas, e o registro só ${say(expected)}: faltam eventos`,
  'anchor-differs': ({ at, expected }) =>
    `${at.file ?? ''}: as primeiras ${say(expected)} folhas são outras: algo foi trocado`,
  'witness-signed-none': ({ expected }) =>
    `a testemunha ${say(expected)} não assinou nenhuma das âncoras: sem a assinatura dela, quem tem as chaves da urna também faz uma âncora`,
  ...RECEIPT_FINDINGS,
} as const satisfies Readonly<Record<string, (finding: Finding, names: Names) => string>>;

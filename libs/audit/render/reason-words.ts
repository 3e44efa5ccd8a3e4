import type { QuarantineReason } from '#domain';

const REASONS: Readonly<Record<QuarantineReason, string>> = {
  'unknown-event': 'tipo ou versão que o programa não conhece',
  'other-rule': 'voto de outra versão que a das regras desta votação',
  'not-canonical': 'não está na forma canônica',
  'impossible-time': 'um horário que nenhum calendário tem',
  'not-utf-8': 'os bytes não são texto UTF-8',
  'not-json': 'os bytes não são um objeto JSON',
  'bad-field': 'falta um campo, ou ele é de outro tipo',
  'unknown-participant': 'voto para participante que não existe',
};

/** Sentences that earlier versions stored with their tallies. */
const STORED: readonly (readonly [RegExp, QuarantineReason])[] = [
  [/^unknown event /, 'unknown-event'],
  [/^not a canonical /, 'not-canonical'],
  [/^not a time/, 'impossible-time'],
  [/^not UTF-8$/, 'not-utf-8'],
  [/^not a JSON object$/, 'not-json'],
  [/^\w+: bad /, 'bad-field'],
  [/^unknown participant$/, 'unknown-participant'],
];

/** Why an event is in quarantine. */
export function wordReason(stored: string): string {
  const reason = STORED.find(([sentence]) => sentence.test(stored))?.[1] ?? stored;
  return (REASONS as Readonly<Record<string, string>>)[reason] ?? stored;
}

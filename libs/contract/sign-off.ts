import Type, { type Static } from 'typebox';

import { MAX_REASON_LENGTH } from '#domain';

import { Check, ancorado } from './audits.ts';
import { bodyOf, count, flag, listOf, moment, named, seconds, text } from './schema.ts';

/** Longest seal that is read, characters. */
const MAX_SEAL_LENGTH = 2000;

/** `laudo` of `GET /auditoria/laudo` */
export const CheckReport = named(
  'CheckReport',
  {
    paredao: text('Id of the poll', '1'),
    confere: flag('Whether no check of the audit failed'),
    ancorado,
    verificacoes: listOf(Check, 'What was checked'),
    votos: count('Counted votes'),
    compromisso: text("Binds the poll's id, its decisions up to the closing and its box up to the cut"),
    digest: text('SHA-256 over what was counted; every replay of the log gives the same'),
    duracao_segundos: seconds('How long the audit took'),
    conferido_em: moment('When it was done'),
    selo: text(
      'To sign it with: `POST /paredoes/{id}/conferir`. It binds all this to the user who asked, and is good for ten minutes',
    ),
  },
  'A whole audit of a closed poll',
);
export type CheckReport = Static<typeof CheckReport>;

/** `POST /paredoes/{id}/conferir` */
export const SignBody = bodyOf('SignBody', {
  selo: Type.String({ minLength: 1, maxLength: MAX_SEAL_LENGTH, description: '`selo` of `GET /auditoria/laudo`' }),
});
export type SignBody = Static<typeof SignBody>;

const motivo = Type.String({ maxLength: MAX_REASON_LENGTH, description: 'The reason, which the public reads' });

/** `POST /paredoes/{id}/proclamar` */
export const ProclaimBody = bodyOf('ProclaimBody', {
  motivo: Type.Optional({
    ...motivo,
    description: 'Required where no audit that agreed was signed; the public reads it',
  }),
});
export type ProclaimBody = Static<typeof ProclaimBody>;

/** `POST /paredoes/{id}/anular` */
export const AnnulBody = bodyOf('AnnulBody', { motivo });
export type AnnulBody = Static<typeof AnnulBody>;

/** What the document offers to try, by request. */
export const SIGN_OFF_EXAMPLES = {
  proclaim: { checked: {}, unchecked: { motivo: 'O auditor ficou sem conexão.' } },
  annul: { annul: { motivo: 'O nome de um participante estava errado.' } },
} satisfies { proclaim: Record<string, ProclaimBody>; annul: Record<string, AnnulBody> };

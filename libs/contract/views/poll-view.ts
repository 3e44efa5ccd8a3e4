import {
  type FailedCheck,
  type ResultCheck,
  type Correction as NameCorrection,
  POLL_STATE_NAMES,
  type Participant as Person,
  type Poll,
  audienceOf,
  isoTime,
  policyOf,
  stateOf,
} from '#domain';

import {
  AUDIENCE_NAMES,
  type Correction,
  type Participant,
  type PollState,
  type Poll as PollView,
  type SignOff,
} from '../polls.ts';
import { cedulaOf } from './cedula.ts';
import { versionOf } from './version.ts';

export const participantView = ({ number, name, photo, focus }: Person): Participant => ({
  numero: number,
  nome: name,
  ...(photo !== undefined && { foto: `/fotos/${photo}` }),
  ...(focus !== undefined && { foco: focus }),
});

const correctionView = ({ number, from, to, at, reason }: NameCorrection): Correction => ({
  numero: number,
  de: from,
  para: to,
  motivo: reason,
  corrigido_em: at,
});

export const stateName = (poll: Poll): PollState =>
  poll.status === 'draft' && poll.schedule?.opensAt ? 'agendado' : POLL_STATE_NAMES[stateOf(poll)];

/**
 * How a poll stands in its time.
 * @param now ms since the epoch
 */
export const runningView = ({ schedule, closedAt, pausedAt }: Poll, now = Date.now()) => ({
  encerra_em: schedule?.closesAt ?? null,
  encerrado_em: closedAt,
  pausado_em: pausedAt ?? null,
  atualizado_em: isoTime(now),
});

/** What became of the result of a poll. */
export const standingView = ({ checked, proclaimedAt, uncheckedBecause, annulled }: Poll) => ({
  conferido_em: checked?.at ?? null,
  proclamado_em: proclaimedAt ?? null,
  sem_conferencia: uncheckedBecause ?? null,
  anulado: annulled === undefined ? null : { motivo: annulled.reason, anulado_em: annulled.at },
});

/** What a rehearsal says of itself, in every answer. */
export const rehearsalView = ({ rehearsal }: Pick<Poll, 'rehearsal'>): { ensaio?: true } =>
  rehearsal === undefined ? {} : { ensaio: true };

/** Who decided what about the result. */
export const signOffView = ({ checked, checkFailed, proclaimedBy, annulled }: Poll): SignOff => ({
  ...{ conferido_por: null, compromisso: null, ...(checked && signed(checked)) },
  ...{ nao_confere_em: null, nao_confere_por: null, diferencas: null, ...(checkFailed && failed(checkFailed)) },
  proclamado_por: proclaimedBy ?? null,
  anulado_por: annulled?.by ?? null,
});

const signed = ({ by, commitment }: ResultCheck) => ({ conferido_por: by, compromisso: commitment });
const failed = ({ at, by, findings }: FailedCheck) => ({
  nao_confere_em: at,
  nao_confere_por: by,
  diferencas: findings,
});

/** When the public sees the shares of a poll, and who does now. */
export const disclosureView = (poll: Poll) => ({
  divulgacao: policyOf(poll),
  parcial_para: AUDIENCE_NAMES[audienceOf(poll)],
});

/**
 * A poll as it stands in its own stream, without what was counted.
 * @param replaced the one in whose place it is held, where that is known
 */
export function pollView(poll: Poll, replaced?: Poll): PollView {
  return {
    id: poll.id,
    ...rehearsalView(poll),
    titulo: poll.title,
    estado: stateName(poll),
    abre_em: poll.schedule?.opensAt ?? null,
    aberto_em: poll.openedAt,
    ...runningView(poll),
    ...standingView(poll),
    finalidade: poll.purpose ?? null,
    substitui:
      poll.replaces === undefined ? null : { paredao: poll.replaces, motivo: replaced?.annulled?.reason ?? null },
    ...disclosureView(poll),
    tem_regulamento: poll.rules !== undefined,
    participantes: poll.participants.map(participantView),
    cedula: cedulaOf(poll),
    versao: versionOf(poll),
    correcoes: (poll.corrections ?? []).map(correctionView),
  };
}

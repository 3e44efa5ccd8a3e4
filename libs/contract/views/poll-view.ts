import {
  type Correction as NameCorrection,
  POLL_STATE_NAMES,
  type Participant as Person,
  type Poll,
  isoTime,
} from '#domain';

import type { Correction, Participant, PollState, Poll as PollView } from '../polls.ts';
import { cedulaOf } from './cedula.ts';

export const participantView = ({ number, name, photo }: Person): Participant => ({
  numero: number,
  nome: name,
  ...(photo !== undefined && { foto: `/fotos/${photo}` }),
});

const correctionView = ({ number, from, to, at, reason }: NameCorrection): Correction => ({
  numero: number,
  de: from,
  para: to,
  motivo: reason,
  corrigido_em: at,
});

const stateOf = ({ status, schedule }: Poll): PollState =>
  status === 'draft' && schedule?.opensAt ? 'agendado' : POLL_STATE_NAMES[status];

/** What `countedState` needs of a tally. */
interface Counted {
  readonly cut: string | null;
  readonly poll: Poll;
}

/** A poll is counted once its tally has passed the cut, whether or not the mark in the poll's own stream was read yet. */
export const countedState = ({ cut, poll }: Counted): PollState =>
  cut === null ? stateOf(poll) : POLL_STATE_NAMES.sealed;

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

/** A poll as it stands in its own stream, without what was counted: see `countedState` for that. */
export function pollView(poll: Poll): PollView {
  return {
    id: poll.id,
    titulo: poll.title,
    estado: stateOf(poll),
    abre_em: poll.schedule?.opensAt ?? null,
    aberto_em: poll.openedAt,
    ...runningView(poll),
    finalidade: poll.purpose ?? null,
    tem_regulamento: poll.rules !== undefined,
    participantes: poll.participants.map(participantView),
    cedula: cedulaOf(poll),
    correcoes: (poll.corrections ?? []).map(correctionView),
  };
}

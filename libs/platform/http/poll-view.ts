import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { type Correction, POLL_STATE_NAMES, type Participant, type Poll, type TallySnapshot } from '#domain';

import { cedulaOf } from './cedula.ts';

/** State of a poll as it is shown: being prepared; opens by itself; open; closed and being counted; counted; given up. */
type PollState = (typeof POLL_STATE_NAMES)[Poll['status']] | 'agendado';

/** Of a poll that was opened once. */
export const OPENED_STATES: PollState[] = ['aberto', 'encerrado', 'apurado'];
export const POLL_STATES: PollState[] = ['rascunho', 'agendado', 'descartado', ...OPENED_STATES];

const MOMENT = { format: 'date-time', nullable: true, type: String };

export class ParticipantView {
  @ApiProperty({ example: 1 }) numero!: number;
  @ApiProperty({ example: 'Ana Aurora' }) nome!: string;
  @ApiPropertyOptional({ example: '/fotos/9f86d08…', description: 'Path of the photo, if there is one' }) foto?: string;
}

export const participantView = ({ number, name, photo }: Participant): ParticipantView => ({
  numero: number,
  nome: name,
  ...(photo !== undefined && { foto: `/fotos/${photo}` }),
});

/** A name that was corrected while people voted. */
export class CorrectionView {
  @ApiProperty({ example: 1, description: 'Number of the participant' }) numero!: number;
  @ApiProperty({ example: 'Ana Arora' }) de!: string;
  @ApiProperty({ example: 'Ana Aurora' }) para!: string;
  @ApiProperty({ example: 'O nome estava escrito errado.' }) motivo!: string;
  @ApiProperty({ format: 'date-time' }) em!: string;
}

const correctionView = ({ number, from, to, at, reason }: Correction): CorrectionView => ({
  numero: number,
  de: from,
  para: to,
  motivo: reason,
  em: at,
});

/** A poll as both APIs show it. */
export class PollView {
  @ApiProperty({ example: '1' }) id!: string;
  @ApiProperty({ example: 'Quem fica na casa?' }) titulo!: string;
  @ApiProperty({ enum: POLL_STATES }) estado!: PollState;
  @ApiProperty({ ...MOMENT, description: 'When it opens by itself' }) abreEm!: string | null;
  @ApiProperty({ ...MOMENT, description: 'When it closes by itself' }) encerraEm!: string | null;
  @ApiProperty(MOMENT) abertoEm!: string | null;
  @ApiProperty(MOMENT) encerradoEm!: string | null;
  @ApiProperty({ type: [ParticipantView] }) participantes!: ParticipantView[];
  @ApiProperty({ example: '1-7f2a91c4', description: 'Names this ballot: a vote says which one it was cast on' })
  cedula!: string;
  @ApiProperty({ type: [CorrectionView], description: 'Names that were corrected after the opening, and why' })
  correcoes!: CorrectionView[];
}

const stateOf = ({ status, schedule }: Poll): PollState =>
  status === 'draft' && schedule?.opensAt ? 'agendado' : POLL_STATE_NAMES[status];

/** A poll is counted once its tally has passed the cut, whether or not the mark in the poll's own stream was read yet. */
export const countedState = ({ cut, poll }: Pick<TallySnapshot, 'cut'> & { readonly poll: Poll }): PollState =>
  cut === null ? stateOf(poll) : POLL_STATE_NAMES.sealed;

/** A poll as it stands in its own stream, without what was counted: see `countedState` for that. */
export function pollView(poll: Poll): PollView {
  return {
    id: poll.id,
    titulo: poll.title,
    estado: stateOf(poll),
    abreEm: poll.schedule?.opensAt ?? null,
    encerraEm: poll.schedule?.closesAt ?? null,
    abertoEm: poll.openedAt,
    encerradoEm: poll.closedAt,
    participantes: poll.participants.map(participantView),
    cedula: cedulaOf(poll),
    correcoes: (poll.corrections ?? []).map(correctionView),
  };
}

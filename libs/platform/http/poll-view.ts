import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import type { Participant, Poll } from '#domain';

const STATES = { draft: 'rascunho', open: 'aberto', closed: 'encerrado', sealed: 'apurado' } as const;

/** State of a poll as it is shown: being prepared; opens by itself; open; closed and being counted; counted. */
export type PollState = (typeof STATES)[keyof typeof STATES] | 'agendado';

const POLL_STATES: PollState[] = ['rascunho', 'agendado', 'aberto', 'encerrado', 'apurado'];

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
}

export const stateOf = ({ status, schedule }: Poll): PollState =>
  status === 'draft' && schedule?.opensAt ? 'agendado' : STATES[status];

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
  };
}

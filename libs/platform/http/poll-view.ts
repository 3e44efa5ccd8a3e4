import { ApiProperty } from '@nestjs/swagger';

import type { Poll } from '#domain';

const STATES = { open: 'aberto', closed: 'encerrado', sealed: 'apurado' } as const;

/** State of a poll as the public reads it: open; closed and being counted; counted. */
export type PollState = (typeof STATES)[keyof typeof STATES];

class ParticipantView {
  @ApiProperty({ example: 1 }) numero!: number;
  @ApiProperty({ example: 'Ana Aurora' }) nome!: string;
}

/** A poll as both APIs show it. */
export class PollView {
  @ApiProperty({ example: '1' }) id!: string;
  @ApiProperty({ example: 'Quem fica na casa?' }) titulo!: string;
  @ApiProperty({ enum: Object.values(STATES) }) estado!: PollState;
  @ApiProperty({ format: 'date-time' }) abertoEm!: string;
  @ApiProperty({ format: 'date-time', nullable: true, type: String }) encerradoEm!: string | null;
  @ApiProperty({ type: [ParticipantView] }) participantes!: ParticipantView[];
}

export const stateOf = (poll: Poll): PollState => STATES[poll.status];

export function pollView(poll: Poll): PollView {
  return {
    id: poll.id,
    titulo: poll.title,
    estado: stateOf(poll),
    abertoEm: poll.openedAt,
    encerradoEm: poll.closedAt,
    participantes: poll.participants.map(({ number, name }) => ({ numero: number, nome: name })),
  };
}

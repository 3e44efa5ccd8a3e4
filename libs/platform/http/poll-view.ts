import { ApiProperty } from '@nestjs/swagger';

import type { Poll, TallySnapshot } from '#domain';

const STATES = { open: 'aberto', closed: 'encerrado', sealed: 'apurado' } as const;

/** State of a poll as the public reads it: open; closed and being counted; counted. */
type PollState = (typeof STATES)[keyof typeof STATES];

export const POLL_STATES = Object.values(STATES);

class ParticipantView {
  @ApiProperty({ example: 1 }) numero!: number;
  @ApiProperty({ example: 'Ana Aurora' }) nome!: string;
}

/** A poll as both APIs show it. */
export class PollView {
  @ApiProperty({ example: '1' }) id!: string;
  @ApiProperty({ example: 'Quem fica na casa?' }) titulo!: string;
  @ApiProperty({ enum: POLL_STATES }) estado!: PollState;
  @ApiProperty({ format: 'date-time' }) abertoEm!: string;
  @ApiProperty({ format: 'date-time', nullable: true, type: String }) encerradoEm!: string | null;
  @ApiProperty({ type: [ParticipantView] }) participantes!: ParticipantView[];
}

const stateOf = (poll: Poll): PollState => STATES[poll.status];

/** A poll is counted once its tally has passed the cut, whether or not the mark in the poll's own stream was read yet. */
export const countedState = ({ cut, poll }: Pick<TallySnapshot, 'cut'> & { readonly poll: Poll }): PollState =>
  cut === null ? stateOf(poll) : STATES.sealed;

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

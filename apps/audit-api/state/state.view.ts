import { ApiProperty } from '@nestjs/swagger';

import { POLL_STATES } from '#platform';

class LogStateView {
  @ApiProperty({ example: '125034', description: 'Position of the end of the whole log' }) posicao!: string;
  @ApiProperty({ format: 'date-time', nullable: true, type: String }) registradoEm!: string | null;
}

class TallyStateView {
  @ApiProperty({ example: '3-0', description: 'Version of the read model that is active' }) versao!: string;
  @ApiProperty({ description: 'Position up to which the tallies hold' }) posicao!: string;
  @ApiProperty({ format: 'date-time', nullable: true, type: String }) atualizadoEm!: string | null;
  @ApiProperty({ description: 's; 0 when caught up' }) atrasoSegundos!: number;
}

class PollStateView {
  @ApiProperty({ example: '1' }) paredao!: string;
  @ApiProperty() titulo!: string;
  @ApiProperty({ enum: POLL_STATES }) estado!: string;
  @ApiProperty({ description: 'Events of the stream of decisions' }) eventosAdministrativos!: number;
  @ApiProperty({
    nullable: true,
    type: Number,
    description:
      'Events of the ballot box in the log, or as many as were looked for while the projection is far behind; null when it is shorter than what was counted',
  })
  eventosNaUrna!: number | null;
  @ApiProperty({ description: 'Events of the ballot box that the tally has folded' }) eventosContados!: number;
  @ApiProperty() votos!: number;
  @ApiProperty() duplicados!: number;
  @ApiProperty() atrasados!: number;
  @ApiProperty() expirados!: number;
  @ApiProperty() quarentena!: number;
  @ApiProperty() final!: boolean;
  @ApiProperty() digest!: string;
}

/** The log and what was counted from it, side by side. */
export class StateView {
  @ApiProperty({ type: LogStateView }) log!: LogStateView;
  @ApiProperty({ type: TallyStateView }) contagem!: TallyStateView;
  @ApiProperty({ type: [PollStateView], description: 'The latest first' }) paredoes!: PollStateView[];
}

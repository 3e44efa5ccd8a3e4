import { ApiProperty } from '@nestjs/swagger';

import { ParticipantView, VotesView } from '#platform';

export class ParticipantTotalView extends ParticipantView {
  @ApiProperty({ example: 1200 }) votos!: number;
  @ApiProperty({ example: 51.23 }) percentual!: number;
}

export class CountsView extends VotesView {
  @ApiProperty() total!: number;
}

class HourView extends CountsView {
  @ApiProperty({ format: 'date-time', description: 'Start of the hour, UTC' }) hora!: string;
}

class MinuteView extends CountsView {
  @ApiProperty({ format: 'date-time', description: 'Start of the minute, UTC' }) minuto!: string;
}

/** Everything that is counted of a poll. */
export class TotalView extends CountsView {
  @ApiProperty({ example: '1' }) paredao!: string;
  @ApiProperty() titulo!: string;
  @ApiProperty({ enum: ['aberto', 'encerrado', 'apurado'] }) estado!: string;
  @ApiProperty({ format: 'date-time' }) abertoEm!: string;
  @ApiProperty({ format: 'date-time', nullable: true, type: String }) encerradoEm!: string | null;
  @ApiProperty({ description: 'Counted votes of the last 60 minutes' }) votos_ultima_hora!: number;
  @ApiProperty({ description: 'Over the last five seconds' }) votos_por_segundo!: number;
  @ApiProperty({ type: [ParticipantTotalView] }) por_participante!: ParticipantTotalView[];
  @ApiProperty({ type: [HourView] }) por_hora!: HourView[];
  @ApiProperty({ type: [MinuteView], description: 'The last 60 minutes that had votes' }) por_minuto!: MinuteView[];
  @ApiProperty({ description: 'Repeated occurrences of a vote in the log; not counted' }) duplicados!: number;
  @ApiProperty({ description: 'Behind the closing cut; not counted' }) atrasados!: number;
  @ApiProperty({ description: 'Recorded long after their challenge expired; not counted' }) expirados!: number;
  @ApiProperty({ description: 'Events that could not be read; not counted' }) quarentena!: number;
  @ApiProperty({ description: 'False while an event could not be read' }) completo!: boolean;
  @ApiProperty({ description: 'The closing cut is in: nothing changes any more' }) final!: boolean;
  @ApiProperty({ description: 'SHA-256 over what was counted; every replay of the log gives the same' })
  digest!: string;
  @ApiProperty({ description: 'Revision of the ballot box up to which it is counted; -1 before the first vote' })
  revisao!: string;
  @ApiProperty({ format: 'date-time' }) atualizadoEm!: string;
  @ApiProperty({ description: "Age of the projector's last sign of life, s" }) idadeSegundos!: number;
  @ApiProperty({ description: 'How far the counts are behind the log, s; 0 when caught up' })
  atraso_projecao_segundos!: number;
}

import { ApiProperty } from '@nestjs/swagger';

import { ParticipantView, VotesView } from '#platform';

class SideView extends VotesView {
  @ApiProperty() duplicados!: number;
  @ApiProperty() atrasados!: number;
  @ApiProperty() expirados!: number;
  @ApiProperty() quarentena!: number;
  @ApiProperty() digest!: string;
}

class HourComparisonView {
  @ApiProperty({ format: 'date-time', description: 'Start of the hour, UTC' }) hora!: string;
  @ApiProperty({ type: VotesView }) log!: VotesView;
  @ApiProperty({ type: VotesView }) contagem!: VotesView;
  @ApiProperty() confere!: boolean;
}

class FindingView {
  @ApiProperty({ example: 'missing-revisions' }) code!: string;
  @ApiProperty({ type: Object, description: 'Where: stream, revision, participant, hour, part' }) at!: object;
  @ApiProperty({ type: Object, nullable: true, description: 'Any JSON' }) expected!: unknown;
  @ApiProperty({ type: Object, nullable: true, description: 'Any JSON' }) actual!: unknown;
}

class CheckView {
  @ApiProperty() titulo!: string;
  @ApiProperty({ enum: ['confere', 'difere', 'nao-verificado'] }) resultado!: string;
  @ApiProperty() detalhe!: string;
  @ApiProperty({ type: [String], description: 'The first findings, in words' }) diferencas!: string[];
  @ApiProperty({ type: [String], description: 'What is odd and may be honest, in words: it fails nothing' })
  observacoes!: string[];
  @ApiProperty({ type: [FindingView], description: 'The same as data' }) achados!: FindingView[];
}

/** A recount from the log beside the stored tally, both up to the same position. */
export class ReconciliationView {
  @ApiProperty({ example: '1' }) paredao!: string;
  @ApiProperty({ description: 'Position of the log up to which both go' }) posicao!: string;
  @ApiProperty({
    description:
      'The recount arrives at the stored tally, names and all, and that is not far behind; what is odd in the log itself is in the checks',
  })
  confere!: boolean;
  @ApiProperty({ type: [CheckView] }) verificacoes!: CheckView[];
  @ApiProperty({ type: [ParticipantView] }) participantes!: ParticipantView[];
  @ApiProperty({ type: [HourComparisonView] }) por_hora!: HourComparisonView[];
  @ApiProperty({ type: SideView }) log!: SideView;
  @ApiProperty({ type: SideView }) contagem!: SideView;
  @ApiProperty({ description: "Binds the poll's id, its decisions up to the closing and its box up to the cut" })
  compromisso!: string;
  @ApiProperty({ description: 'Version 1: SHA-256 over the ballot box alone, and its revision' })
  compromisso_urna!: string;
  @ApiProperty({ format: 'date-time' }) conferidoEm!: string;
}

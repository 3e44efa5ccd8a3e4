import { ApiProperty } from '@nestjs/swagger';

/** Where an event is that could not be read, and why. */
export class QuarantinedEventView {
  @ApiProperty({ example: 'votes-1' }) fluxo!: string;
  @ApiProperty({ example: '41' }) revisao!: string;
  @ApiProperty({ example: '57' }) posicao!: string;
  @ApiProperty({ example: 'não está na forma canônica' }) motivo!: string;
  @ApiProperty({ example: 'not-canonical' }) codigo!: string;
}

/** What could not be read of a poll. */
export class PollQuarantineView {
  @ApiProperty({ example: '1' }) paredao!: string;
  @ApiProperty({ description: 'All of them; listed are the first ones' }) quantidade!: number;
  @ApiProperty({ type: [QuarantinedEventView] }) eventos!: QuarantinedEventView[];
}

/** One quarantined event as it stands in the log. */
export class QuarantinedRecordView extends QuarantinedEventView {
  @ApiProperty({ example: 'VoteCast' }) tipo!: string;
  @ApiProperty({ example: 1 }) versao!: number;
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time' }) registradoEm!: string;
  @ApiProperty({ description: 'Size of the data, bytes' }) tamanho!: number;
  @ApiProperty({ nullable: true, type: String, description: 'The first 2 KiB as text; null when they are not UTF-8' })
  texto!: string | null;
  @ApiProperty({ description: 'The first 2 KiB in hexadecimal digits' }) hexadecimal!: string;
}

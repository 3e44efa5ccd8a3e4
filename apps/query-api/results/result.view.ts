import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { ParticipantView } from '#platform';

class ShareView extends ParticipantView {
  @ApiProperty({ example: 51.23, description: 'Percent of the counted votes; the shares add up to exactly 100' })
  percentual!: number;
}

export class ResultView {
  @ApiProperty({ example: '1' }) paredao!: string;
  @ApiProperty({ example: '1-7f2a91c4', description: 'Names the ballot that this poll shows now' }) cedula!: string;
  @ApiProperty() titulo!: string;
  @ApiProperty({ enum: ['aberto', 'encerrado', 'apurado'] }) estado!: string;
  @ApiProperty({ description: 'Nothing was counted yet: every share is 0' }) semVotos!: boolean;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Who has more votes, even where two decimals show none; null in a tie',
  })
  lider!: number | null;
  @ApiProperty({ type: [ShareView] }) participantes!: ShareView[];
  @ApiPropertyOptional({ description: 'With `desde`: whether the vote it came from is counted in' })
  incluiSeuVoto?: boolean;
  @ApiProperty({ description: 'The result will not change any more' }) final!: boolean;
  @ApiProperty({ description: 'False while an event could not be read' }) completo!: boolean;
  @ApiProperty({ format: 'date-time' }) atualizadoEm!: string;
}

import { ApiProperty } from '@nestjs/swagger';

/** One decision about a poll, as it stands in the log. */
export class ActionView {
  @ApiProperty({ example: '1' }) paredao!: string;
  @ApiProperty({ example: '0', description: "Place in the poll's stream of decisions" }) revisao!: string;
  @ApiProperty({ format: 'date-time', description: "The log's own clock" }) registradoEm!: string;
  @ApiProperty({ example: 'PollOpened' }) evento!: string;
  @ApiProperty({ nullable: true, type: String, description: 'User; null where the service itself acted' })
  quem!: string | null;
  @ApiProperty({ example: 'Encerrou a votação' }) oQue!: string;
}

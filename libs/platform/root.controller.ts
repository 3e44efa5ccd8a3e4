import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

/** What an API answers at its own root, where no page is served. */
@ApiTags('ops')
@Controller()
export class RootController {
  @Get()
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'The API is here' })
  @ApiResponse({
    status: 200,
    description: 'Two letters',
    content: { 'text/plain': { schema: { type: 'string', example: 'OK' } } },
  })
  root(): string {
    return 'OK';
  }
}

import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';

import { RequiresRole } from '#auth';

import { type BusyNetwork, BusyNetworks } from './busy-networks.ts';

class BusyNetworkView implements BusyNetwork {
  @ApiProperty({ example: '203.0.113.9/32', description: 'As a line of the deny file has it.' }) rede!: string;
  @ApiProperty({ example: 4512, description: 'Challenges that it asked for in the minute, granted or not.' })
  pedidos!: number;
  @ApiProperty({ example: 205, description: 'So many times its allowance.' }) vezes!: number;
}

class BusyNetworksView {
  @ApiProperty({ type: [BusyNetworkView] }) redes!: readonly BusyNetwork[];
}

/** For SREs: whom to put into the deny file. */
@ApiTags('ops')
@Controller('sre')
export class BusyNetworksController {
  constructor(private readonly networks: BusyNetworks) {}

  @Get('redes')
  @RequiresRole('sre', 'admin')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Networks that asked this process for more than ten times their allowance in the last whole minute',
  })
  @ApiOkResponse({ type: BusyNetworksView })
  list(): BusyNetworksView {
    return { redes: this.networks.lastMinute() };
  }
}

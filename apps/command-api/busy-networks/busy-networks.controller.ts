import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { RequiresRole } from '#auth';
import { BusyNetworkList } from '#contract';
import { Answers } from '#platform';

import { BusyNetworks } from './busy-networks.ts';

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
  @Answers('The busiest networks of that minute', BusyNetworkList)
  list(): BusyNetworkList {
    return { redes: this.networks.lastMinute() };
  }
}

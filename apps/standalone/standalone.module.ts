import { type DynamicModule, Module } from '@nestjs/common';

import { CommandApiModule } from '../command-api/command-api.module.ts';
import { ProjectorModule } from '../projector/projector.module.ts';
import { QueryApiModule } from '../query-api/query-api.module.ts';
import { SreModule } from './sre/sre.module.ts';

/** The three services in one process, on whatever platform and stores they are given. */
@Module({})
export class StandaloneModule {
  static on(...imports: DynamicModule[]): DynamicModule {
    const services = [CommandApiModule, ProjectorModule, QueryApiModule];
    return { module: StandaloneModule, imports: [...imports, ...services, SreModule] };
  }
}

import { type DynamicModule, Module } from '@nestjs/common';

import { AuditApiModule } from '../audit-api/audit-api.module.ts';
import { CommandApiModule } from '../command-api/command-api.module.ts';
import { ProjectorModule } from '../projector/projector.module.ts';
import { QueryApiModule } from '../query-api/query-api.module.ts';
import { SreModule } from './sre/sre.module.ts';

/** The four services in one process, on whatever platform and stores they are given. */
@Module({})
export class StandaloneModule {
  /** @param imports the platform and the stores, as global modules; the stores must be the same ones for all four */
  static on(...imports: DynamicModule[]): DynamicModule {
    const services = [CommandApiModule, ProjectorModule, QueryApiModule, AuditApiModule];
    return { module: StandaloneModule, imports: [...imports, ...services, SreModule] };
  }

  /** Without the commands: another process writes the log, and this one counts and shows it. */
  static watching(...imports: DynamicModule[]): DynamicModule {
    return { module: StandaloneModule, imports: [...imports, ProjectorModule, QueryApiModule] };
  }
}

import { type DynamicModule, Module, type Type } from '@nestjs/common';

import { readArguments } from './arguments.ts';
import { createApp, exit, listen, stopOnSignals } from './bootstrap.ts';
import { readEnvironment } from './environment.ts';
import { logCrashes, logEnd } from './last-words.ts';
import { PlatformModule } from './platform.module.ts';
import { RootController } from './root.controller.ts';
import { type Stores, StoresModule } from './stores.module.ts';

/** One service on the platform and its stores, with `OK` at its root. */
@Module({ controllers: [RootController] })
class ServiceModule {
  static of(...imports: (Type | DynamicModule)[]): DynamicModule {
    return { module: ServiceModule, imports };
  }
}

/** Runs one of the services in its own process until a signal stops it. */
export async function runService(
  name: string,
  title: string,
  port: number,
  service: Type,
  needs: Stores,
): Promise<void> {
  readArguments({
    usage: `node dist/apps/${name}/main.js`,
    about: `${title}. Its settings are environment variables: see the README.`,
    options: {},
  });
  logCrashes(name);
  try {
    const environment = readEnvironment({ port });
    const stores = await StoresModule.open(environment, needs);
    const platform = PlatformModule.for({ name, environment });
    const app = await createApp(ServiceModule.of(platform, stores, service), environment, title);
    stopOnSignals(app);
    await listen(app, environment);
  } catch (error) {
    logEnd(name, 'cannot start', error);
    process.stderr.write(`${name} cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
    exit(1);
  }
}

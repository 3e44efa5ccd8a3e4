import { join } from 'node:path';

import {
  StoresModule,
  PlatformModule,
  RequestObserver,
  createApp,
  exit,
  listen,
  readEnvironment,
  stopOnSignals,
} from '#platform';
import { readArguments } from '#platform/arguments';

import { SharedPolls } from '../query-api/share/shared-polls.ts';
import { bannerOf } from './banner.ts';
import { openDemoPoll } from './demo-poll.ts';
import { servePages } from './pages.ts';
import { START } from './program.ts';
import { StandaloneModule } from './standalone.module.ts';
import { watchStop } from './stop-report.ts';

const METRICS_PORT = 9464;
const WEB_DIRECTORY = join(import.meta.dirname, '../../web');

/** What `npm start` runs: everything in one process, on the embedded stores. */
async function main(): Promise<void> {
  const started = performance.now();
  const { port, host, 'data-dir': dataDir, 'watch-only': watching } = readArguments(START).values;
  const environment = readEnvironment({ metricsPort: METRICS_PORT }, undefined, { port, host, dataDir });
  // a person at a terminal reads the banner, not JSON: the log then goes to a file
  if (process.stdout.isTTY) environment.logFile ??= join(environment.dataDir, 'paredao.log');
  const stores = await StoresModule.open(environment, { eventLog: watching ? 'read' : 'write', readModel: true });
  const platform = PlatformModule.for({ name: 'standalone', environment });
  const parts = watching ? StandaloneModule.watching(platform, stores) : StandaloneModule.on(platform, stores);
  const app = await createApp(parts, environment, 'Paredão', (starting) => {
    const shared = starting.get(SharedPolls, { strict: false });
    const headOf = shared.head.bind(shared);
    servePages(starting.getHttpAdapter().getInstance(), WEB_DIRECTORY, environment, headOf);
  });
  stopOnSignals(app, () => watchStop(app.get(RequestObserver)));
  const metricsPort = await listen(app, environment);
  if (!watching) await openDemoPoll(app, environment.demoParticipants);
  process.stdout.write(await bannerOf(app, environment, metricsPort, started));
}

await main().catch((error: unknown) => {
  process.stderr.write(`\nParedão cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
});

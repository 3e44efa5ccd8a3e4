import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Optional,
  type Provider,
} from '@nestjs/common';

import { BackOff, withinLimit } from '#async';
import { EventLog, LogAccessDeniedError } from '#event-log';
import { ReadModel } from '#read-model';

import { exit } from './bootstrap.ts';
import type { Environment } from './environment.ts';
import { openEventLog, openReadModel } from './stores.ts';
import { TroubleLog } from './trouble-log.ts';

/** How long a start waits for the first answer of the log, ms. */
const FIRST_ANSWER_MS = 1500;
const PAUSES = { firstPauseMs: 1000, longestPauseMs: 5000 };

/** Which stores a program needs. */
export interface Stores {
  /**
   * `append`: where others may append as well, which a file does not allow; there it is only read. `late`: read by a service that starts
   * and answers without it.
   */
  readonly eventLog: 'write' | 'append' | 'read' | 'late';
  readonly readModel: boolean;
}

/** Opens the stores that the environment names, for the whole program, and closes them when everything else ended. */
@Module({})
export class StoresModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopped = new AbortController();

  constructor(
    @Inject(EventLog) private readonly eventLog: EventLog,
    @Optional() @Inject(ReadModel) private readonly readModel?: ReadModel,
  ) {}

  /** @throws DirectoryLockedError when another process writes to the data directory, LogAccessDeniedError */
  static async open(environment: Environment, { eventLog, readModel }: Stores): Promise<DynamicModule> {
    const logger = new Logger('event-log');
    const place = placeOf(environment);
    const troubles = new TroubleLog(logger, place);
    const ofFile = eventLog === 'append' ? 'read' : eventLog;
    const ofServer = eventLog === 'append' ? 'write' : eventLog;
    const use = environment.eventstoreUrl === undefined ? ofFile : ofServer;
    const log = await openEventLog(environment, use, (what, error) => troubles.report(what, error));
    if (eventLog !== 'late') await askOnce(log, place);
    const providers: Provider[] = [{ provide: EventLog, useValue: log }];
    if (readModel) providers.push({ provide: ReadModel, useValue: await openReadModel(environment) });
    return { module: StoresModule, global: true, providers, exports: providers };
  }

  onApplicationBootstrap(): void {
    void endWhereRefused(this.eventLog, this.stopped.signal);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.eventLog.close();
    await this.readModel?.close();
  }
}

/** Where the log is, without account and options: they may hold a password. */
function placeOf({ eventstoreUrl, dataDir }: Environment): string {
  return eventstoreUrl?.replace(/\/\/[^@/]*@/, '//').replace(/[?].*$/, '') ?? dataDir;
}

/**
 * A log that is away is waited for, and the terminal says so, wherever the log lines go.
 * @throws LogAccessDeniedError: waiting does not help
 */
async function askOnce(log: EventLog, place: string): Promise<void> {
  const silent = (limitMs: number): Error => new Error(`no answer in ${String(limitMs)} ms`);
  await withinLimit(log.head(), FIRST_ANSWER_MS, silent).catch(async (error: unknown) => {
    const { message } = error as Error;
    if (!(error instanceof LogAccessDeniedError))
      return process.stderr.write(`waiting for the event log at ${place}: ${message}\n`);
    await log.close();
    throw new LogAccessDeniedError(`the event log at ${place} refuses the account of EVENTSTORE_URL: ${message}`);
  });
}

/** A server that was away or slow at the start may refuse the account when it answers first: waiting does not help then either. */
async function endWhereRefused(log: EventLog, signal: AbortSignal): Promise<void> {
  for (const backOff = new BackOff(PAUSES); !signal.aborted; await backOff.wait(signal)) {
    const failure = await log.head().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (failure === undefined) return;
    if (!(failure instanceof LogAccessDeniedError)) continue;
    process.stderr.write(`the event log refuses the account of EVENTSTORE_URL: ${failure.message}\n`);
    exit(1);
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { until } from './fixture.ts';

/** Runs TypeScript as it stands, so that specs need no build. */
const NODE_ARGUMENTS = [
  '--conditions=source',
  '--experimental-transform-types',
  '--disable-warning=ExperimentalWarning',
];

/** A process that appends batches of 5 to a stream until it is killed. */
export class WriterProcess {
  private output = '';
  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    child.stderr?.on('data', (chunk) => (this.errors += String(chunk)));
  }

  static start(directory: string, stream: string): WriterProcess {
    const script = require.resolve('./sqlite-child.ts');
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    return new WriterProcess(spawn(process.execPath, [...NODE_ARGUMENTS, script, directory, stream], { stdio }));
  }

  /** Ids that were acknowledged so far, in order. */
  get acknowledged(): string[] {
    return this.output
      .slice(0, this.output.lastIndexOf('\n') + 1)
      .split(/\s/)
      .filter(Boolean);
  }

  async acknowledges(count: number): Promise<void> {
    const isDone = (): boolean => this.acknowledged.length >= count || this.errors !== '';
    await until(isDone, `${count} acknowledged`, 15_000);
    if (this.errors !== '') throw new Error(this.errors);
  }

  /** `kill -9`, whatever it is doing; resolves when it is gone and all that it printed has been read. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import type { Command } from './control.ts';

interface Serving {
  readonly port: number;
  readonly control: number;
  readonly http: number;
  readonly connectionString: string;
}

/** The double as a child process that can be killed and started again on the same ports and data. */
export class DoubleProcess {
  private child: ChildProcess | undefined;
  private serving: Serving | undefined;

  /**
   * @param command how to run the double's main file: `[process.execPath, 'dist/test/eventstoredb-double/main.js']`
   * @param file where its data are kept; without it they end with the process
   */
  constructor(
    private readonly command: readonly [program: string, ...args: string[]],
    private readonly file?: string,
  ) {}

  get connectionString(): string {
    return this.serving?.connectionString ?? '';
  }

  /** Where it answers `/metrics` and `/health/live`. */
  get httpPort(): number {
    return this.serving?.http ?? 0;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it, the second time on the ports of the first. */
  async start(...args: string[]): Promise<void> {
    const [program, ...rest] = this.command;
    const data = this.file === undefined ? [] : ['--data', this.file];
    const ports = this.serving && portsOf(this.serving);
    const child = spawn(program, [...rest, ...data, ...(ports ?? []), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    const [line] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error('the double did not start'))),
    ])) as [string];
    this.serving = JSON.parse(line) as Serving;
  }

  /** `kill -9`, and waits for the end of it. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Stops the process in its tracks (`kill -STOP`), as if the machine froze. */
  suspend(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Sends a command to the control port. */
  async control(command: Command, parameters: Record<string, number> = {}): Promise<void> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
    const url = `http://127.0.0.1:${String(this.serving?.control)}/${command}?${query.toString()}`;
    const response = await fetch(url, { method: 'POST' });
    if (!response.ok) throw new Error(await response.text());
  }
}

const portsOf = ({ port, control, http }: Serving): string[] =>
  Object.entries({ port, control, http }).flatMap(([name, number]) => [`--${name}`, String(number)]);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from '@jest/globals';

import { Witness, WitnessStore, witnessServer } from '#witness';
import { cosigner, verifierKey, verifierOf } from '#transparency';
import { newKey } from './signed-log.ts';

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'witness-'));
  directories.push(directory);
  return directory;
}

/** A witness with a key of its own, what it said, and how to stop and start it. */
export class TestWitness {
  private readonly key = newKey();
  readonly said: string[] = [];
  readonly vkey: string;
  store: WitnessStore;
  witness: Witness;

  constructor(
    readonly deployments: readonly string[],
    readonly prefix = '',
    readonly directory = temporaryDirectory(),
    readonly name = 'auditor.example/w1',
  ) {
    this.vkey = verifierKey(name, this.key, 'cosignature');
    [this.store, this.witness] = this.open();
  }

  /** As a process does that was killed. */
  restart(): void {
    this.store.close();
    [this.store, this.witness] = this.open();
  }

  private open(): [WitnessStore, Witness] {
    const store = WitnessStore.open(this.directory);
    const deployments = this.deployments.map(verifierOf);
    const key = cosigner(this.name, this.key, () => 1_795_474_890n);
    const tell = (level: string, message: string): void => {
      this.said.push(`${level}: ${message}`);
    };
    return [store, new Witness({ store, key, deployments, prefix: this.prefix, tell })];
  }

  /** In front of its routes. */
  readonly path = '/its-secret';

  /** Its HTTP server, on a free port of this machine or on the one that it had. */
  async listen(at = 0): Promise<{ url: string; port: number; close: () => Promise<void> }> {
    const server = witnessServer(this.witness, this, (level, message) => this.said.push(`${level}: ${message}`));
    const url = `${await server.listen({ host: '127.0.0.1', port: at })}${this.path}`;
    return { url, port: Number(new URL(url).port), close: () => server.close() };
  }
}

import { createPrivateKey, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RecordedEvent } from '#domain';
import { type EventLog, SqliteEventLog } from '#event-log';
import { SqliteReadModel } from '#read-model';
import { CompactRange, leafHash, noteSigner, openNote, parseCheckpoint, signNote, verifierKey } from '#transparency';

import { SqliteWriter } from '../../event-log/sqlite/sqlite-writer.ts';
import { inThisThread } from '../../event-log/testing/writer-in-this-thread.ts';
import { LogSealer, type SealOutcome, type SealStores, type SealedLog, leafOf, noteIn } from '../index.ts';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const key = (byte: number) =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, byte)]), format: 'der', type: 'pkcs8' });

const DEPLOYMENT = 'voto.example/urna';
const ORIGIN = `${DEPLOYMENT}/1/1`;
/** By which witnesses know the deployment. */
export const DEPLOYMENT_VKEY = verifierKey(DEPLOYMENT, key(9));

/** The log that specs seal. */
export const SEALED: SealedLog = {
  ...{ name: '1/1', leaves: 'votes-1', checkpoints: 'checkpoints-1-1' },
  signer: noteSigner(ORIGIN, key(1)),
  introduction: introductionOf(verifierKey(ORIGIN, key(1))),
};

/** As the deployment signs it when the poll is opened. */
function introductionOf(box: string): string {
  const others = [verifierKey(`${DEPLOYMENT}/1/atos`, key(2)), verifierKey(`${ORIGIN}/recibo`, key(3))];
  const text = `paredao-chaves/v1\n${[box, ...others].join('\n')}\n`;
  return signNote(text, [noteSigner(DEPLOYMENT, key(9))]);
}

/** An event log and a read model, to seal a log in, and to go back to an earlier event log. */
export class SealWorld {
  readonly directory = mkdtempSync(join(tmpdir(), 'paredao-seal-'));
  readonly readModel = SqliteReadModel.open(this.directory);
  log: EventLog = this.openLog();
  private appended = 0;

  get stores(): SealStores {
    return { log: this.log, tiles: this.readModel.tiles };
  }

  /** @param mark makes the votes others than those of another history */
  async cast(count: number, mark = ''): Promise<void> {
    for (let left = count; left > 0; left -= 1000) {
      const events = Array.from({ length: Math.min(left, 1000) }, () => ({
        ...{ id: randomUUID(), type: 'VoteCast', version: 2 },
        data: Buffer.from(`{"vote":"${mark}${String(this.appended++)}"}`),
      }));
      await this.log.append(SEALED.leaves, events, 'any');
    }
  }

  resume(stores = this.stores): Promise<LogSealer> {
    return LogSealer.resume(SEALED, stores);
  }

  /** Takes in all that there is, and seals it. */
  async seal(sealer: LogSealer): Promise<SealOutcome> {
    await this.read(sealer);
    return sealer.seal();
  }

  async read(sealer: LogSealer, most = Infinity): Promise<void> {
    for await (const page of this.log.read(SEALED.leaves, sealer.next))
      for (const event of page) if (Number(sealer.next) < most) sealer.add(event);
  }

  async events(stream: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.log.read(stream, 0n)) events.push(...page);
    return events;
  }

  /** Sizes of the checkpoints in the stream. */
  async sizes(): Promise<number[]> {
    return (await this.checkpoints()).map(({ size }) => size);
  }

  /** The checkpoints in the stream whose root is not that of the log, and those that are not larger than the one before. */
  async faults(): Promise<string[]> {
    const checkpoints = await this.checkpoints();
    const range = new CompactRange();
    const roots = new Map<number, Uint8Array>();
    const sizes = new Set(checkpoints.map(({ size }) => size));
    for (const event of await this.events(SEALED.leaves)) {
      range.append(leafHash(leafOf(event)));
      if (sizes.has(range.size)) roots.set(range.size, range.root());
    }
    return checkpoints.flatMap(({ size, root }, at) => [
      ...(Buffer.compare(roots.get(size) ?? Buffer.alloc(0), root) === 0 ? [] : [`${size} has another root`]),
      ...(at > 0 && size <= checkpoints[at - 1]!.size ? [`${size} is not larger than the one before`] : []),
    ]);
  }

  async published(): Promise<number | undefined> {
    const note = await this.readModel.tiles.published(SEALED.name);
    return note === undefined ? undefined : parseCheckpoint(openNote(note, [SEALED.signer]).text).size;
  }

  /** Loses the read model: the tiles, and what was published. */
  async loseTiles(): Promise<void> {
    await this.readModel.tiles.drop(SEALED.name);
    await this.readModel.tiles.withdraw(SEALED.name);
  }

  /** Keeps the event log as it is now. @returns goes back to it, as from a backup */
  async backUp(): Promise<() => Promise<void>> {
    await this.log.close();
    const copy = join(this.directory, `copy-${randomUUID()}`);
    cpSync(join(this.directory, 'log'), copy, { recursive: true });
    this.log = this.openLog();
    return async () => {
      await this.log.close();
      rmSync(join(this.directory, 'log'), { recursive: true });
      cpSync(copy, join(this.directory, 'log'), { recursive: true });
      this.log = this.openLog();
    };
  }

  async dispose(): Promise<void> {
    await this.log.close();
    await this.readModel.close();
    rmSync(this.directory, { recursive: true });
  }

  private async checkpoints() {
    const notes = (await this.events(SEALED.checkpoints)).map((event) => noteIn(event));
    return notes
      .filter((said) => said?.overruled === false)
      .map((said) => parseCheckpoint(openNote(said!.note, [SEALED.signer]).text));
  }

  private openLog(): EventLog {
    return SqliteEventLog.open(join(this.directory, 'log'), (path) => inThisThread(new SqliteWriter(path)));
  }
}

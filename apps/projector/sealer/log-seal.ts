import { setImmediate } from 'node:timers/promises';
import type { PinoLogger } from 'nestjs-pino';

import { EventLogUnavailableError } from '#event-log';
import { ReadModelUnavailableError } from '#read-model';
import { ForkedLogError, LogSealer, type SealOutcome, type SealStores, type SealedLog, isSealedAt, shown } from '#seal';
import type { Witnesses } from '#witness';

/** Tiles are stored at the latest when so many leaves were added: 2 MB. */
const SAVE_AT = 65_536;
/** So long a checkpoint may be known of more leaves than were read, ms: another sealer was faster. Then the log has lost some. */
const BEHIND_LIMIT_MS = 10_000;
/** A log that was refused is looked at again after this, ms: somebody may have put it right, or decided. */
const REFUSED_MS = 30_000;

/** One log of a poll, sealed again and again. All times are on the clock of `performance.now()`, ms. */
export class LogSeal {
  private sealer: LogSealer | undefined;
  private refusal: ForkedLogError | undefined;
  private refusedUntil = -Infinity;
  private behindSince: number | undefined;
  /** Since when there is something that is not sealed, as far as is known; or since when that is not known. */
  private unsealedSince: number | undefined;
  /** Names of the errors that it failed by since it was sealed last. */
  private readonly failedBy = new Set<string>();
  private sealedSize = 0;
  /** Whether the witnesses were asked what they have; `doubtful`: one of them said that it has something else. */
  private asked: 'yes' | 'no' | 'doubtful' = 'no';

  constructor(
    readonly sealed: SealedLog,
    private readonly stores: SealStores,
    private readonly witnesses: Witnesses,
    private readonly logger: PinoLogger,
  ) {}

  get name(): string {
    return this.sealed.name;
  }

  /** Leaves that are sealed. */
  get size(): number {
    return this.sealedSize;
  }

  /** Whether nothing is signed because the log is not the one that was published. */
  get isRefused(): boolean {
    return this.refusal !== undefined;
  }

  /** The last checkpoint, as it was signed, while the log is sealed; verifier keys of the witnesses that an operator set aside. */
  get witnessed(): { readonly note: string; readonly setAside: ReadonlySet<string> } | undefined {
    const { sealer } = this;
    return sealer === undefined || sealer.size === 0 ? undefined : { note: sealer.note, setAside: sealer.setAside };
  }

  /** A witness has something else: all are asked before anything more is signed. */
  doubt(): void {
    this.asked = 'doubtful';
  }

  /** Age of the oldest leaf that is not sealed, s; 0 when all is. It grows while nothing can be sealed. */
  get unsealedSeconds(): number {
    return this.unsealedSince === undefined ? 0 : (performance.now() - this.unsealedSince) / 1000;
  }

  /** Seals what is new. What fails is logged once for each reason, and tried again the next time. */
  async tick(signal: AbortSignal): Promise<void> {
    if (performance.now() < this.refusedUntil) return;
    try {
      this.sealer ??= await LogSealer.resume(this.sealed, this.stores);
      await this.sealer.save();
      this.ended(await this.readAndSeal(this.sealer, signal), this.sealer);
    } catch (error) {
      this.unsealedSince ??= performance.now();
      if (error instanceof ForkedLogError) this.refuse(error);
      else this.failed(error as Error);
    }
  }

  private async readAndSeal(sealer: LogSealer, signal: AbortSignal): Promise<SealOutcome> {
    for await (const page of this.stores.log.read(this.sealed.leaves, sealer.next)) {
      for (const event of page) {
        sealer.add(event);
        this.unsealedSince ??= performance.now();
        if (isSealedAt(event)) await this.sign(sealer, signal);
      }
      if (sealer.unsavedLeaves >= SAVE_AT) await sealer.save();
      if (signal.aborted) break;
      await setImmediate();
    }
    return this.sign(sealer, signal);
  }

  /** Before the first signature since a start, and when one of them objected since, the witnesses are asked. */
  private async sign(sealer: LogSealer, signal: AbortSignal): Promise<SealOutcome> {
    if (this.asked === 'doubtful' || (this.asked === 'no' && sealer.hasNew)) {
      await this.ask(sealer, signal);
      // nobody waited for their answers
      if (signal.aborted) return 'nothing-new';
    }
    return sealer.seal();
  }

  /** @throws ForkedLogError when a witness has more of this log than there is, or another one */
  private async ask(sealer: LogSealer, signal: AbortSignal): Promise<void> {
    const question = shown(this.sealed, this.stores, sealer.note);
    const [objection] = await this.witnesses.objections(question, () => sealer.refresh(), sealer.setAside, signal);
    if (objection !== undefined) {
      const { witness, size } = objection;
      throw new ForkedLogError(
        `${witness.verifier.name} has seen ${String(size)} leaves that ${this.name} does not have`,
      );
    }
    if (!signal.aborted) this.asked = 'yes';
  }

  private ended(outcome: SealOutcome, sealer: LogSealer): void {
    this.failedBy.clear();
    if (outcome === 'behind') return this.isBehind(sealer);
    if (this.refusal !== undefined) this.logger.info({ log: this.name }, 'the log is sealed again');
    this.refusal = this.behindSince = undefined;
    this.sealedSize = sealer.size;
    if (sealer.next === BigInt(sealer.size)) this.unsealedSince = undefined;
  }

  private isBehind(sealer: LogSealer): void {
    this.unsealedSince ??= performance.now();
    this.behindSince ??= performance.now();
    if (performance.now() - this.behindSince < BEHIND_LIMIT_MS) return;
    const { size, note } = sealer.missing!;
    this.refuse(new ForkedLogError(`${this.name} has ${sealer.next} leaves, and ${size} were sealed`, note));
  }

  private refuse(error: ForkedLogError): void {
    this.refusal = error;
    this.sealer = undefined;
    this.asked = 'doubtful';
    this.refusedUntil = performance.now() + REFUSED_MS;
    const fields = { err: error, log: this.name, note: error.note };
    this.logger.error(fields, 'the log is not the one that was published: it is not sealed');
  }

  private failed(error: Error): void {
    // a store that is away is an error of whoever votes or reads; this one waits
    const isAway = error instanceof EventLogUnavailableError || error instanceof ReadModelUnavailableError;
    const level = isAway ? 'warn' : 'error';
    // each of the stores may be away
    if (!this.failedBy.has(error.name))
      this.logger[level]({ err: error, log: this.name }, 'the log cannot be sealed; trying again');
    this.failedBy.add(error.name);
    // whatever it was in the middle of is begun anew
    this.sealer = undefined;
  }
}

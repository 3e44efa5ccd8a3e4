import type { TileStore } from '#read-model';
import { type SealedCheckpoint, type SealedLog, publishedIn, shown } from '#seal';
import { type Verifier, parseNote, signatureBy } from '#transparency';
import type { WitnessClient, Witnesses } from '#witness';

import type { LogSeal } from './log-seal.ts';

/** A round over all logs ends after this, ms: the next one begins again with the last poll. */
const ROUND_MS = 1000;
/** So long a witness is not asked about a log to which it objected, ms. */
const OBJECTED_MS = 60_000;
/** Of two cosignatures that are stored at a time one is stored again. There are at most 16 witnesses, and two projectors. */
const MAX_ATTEMPTS = 32;

/** A log that is sealed here, and whether everybody may see how large it is. */
export interface Sealed {
  readonly log: LogSeal;
  readonly isPublic: boolean;
}

/** Gets the published checkpoints cosigned by one witness, log by log, and stores its cosignatures beside them. */
export class Cosigning {
  /** Of each log the last checkpoint, as the log signed it, whose published copy has the cosignature. */
  private readonly done = new Map<string, string>();
  /** Since when a log waits for a cosignature, on the clock of `performance.now()`, ms. */
  private readonly waiting = new Map<string, number>();
  /** When it objected to a log, on the same clock. */
  private readonly objected = new Map<string, number>();
  private cosignedAt: number | undefined;

  constructor(
    private readonly client: WitnessClient,
    private readonly witnesses: Witnesses,
    private readonly tiles: TileStore,
    private readonly heard: (witness: string, outcome: string) => void,
  ) {}

  /** Name of its key. */
  get witness(): string {
    return this.verifier.name;
  }

  private get verifier(): Verifier {
    return this.client.address.verifier;
  }

  /** How long the log that waits longest waits for this witness, s; 0 when all is cosigned that it may see. */
  get waitingSeconds(): number {
    return this.waiting.size === 0 ? 0 : secondsSince(Math.min(...this.waiting.values()));
  }

  /** Age of its last cosignature since the start, s; undefined before the first. */
  get ageSeconds(): number | undefined {
    return this.cosignedAt === undefined ? undefined : secondsSince(this.cosignedAt);
  }

  /**
   * Asks about each log whose last checkpoint lacks the cosignature, one after another, until the witness fails or a second is over.
   * @param logs those first that are asked about first
   * @throws ReadModelUnavailableError
   */
  async round(logs: Iterable<Sealed>, signal: AbortSignal): Promise<void> {
    const end = performance.now() + ROUND_MS;
    for (const { log, isPublic } of logs) {
      if (signal.aborted || performance.now() > end) return;
      const isShown = isPublic || this.client.address.isContracted;
      if (isShown && !(await this.look(log, signal))) return;
    }
  }

  /** False when the witness fails. */
  private async look(log: LogSeal, signal: AbortSignal): Promise<boolean> {
    const { witnessed, name } = log;
    if (witnessed === undefined || witnessed.setAside.has(this.client.address.vkey)) {
      this.waiting.delete(name);
      return true;
    }
    if (this.done.get(name) === witnessed.note || this.hasObjected(name)) return true;
    const { checkpoint } = await this.published(log.sealed);
    if (checkpoint === undefined) return true;
    if (this.hasSigned(checkpoint)) {
      this.waiting.delete(name);
      if (textOf(checkpoint.note) === textOf(witnessed.note)) this.done.set(name, witnessed.note);
      return true;
    }
    if (!this.waiting.has(name)) this.waiting.set(name, performance.now());
    return this.ask(log, checkpoint.note, signal);
  }

  /** The note in the store, and the checkpoint that it is without what is wrong in it: others may write there. */
  private async published({
    name,
    signer,
  }: SealedLog): Promise<{ readonly note?: string | undefined; readonly checkpoint?: SealedCheckpoint | undefined }> {
    const note = await this.tiles.published(name);
    return { note, checkpoint: publishedIn(note, signer, [this.verifier]) };
  }

  private hasSigned({ note }: SealedCheckpoint): boolean {
    return signatureBy(this.verifier, note) !== undefined;
  }

  private hasObjected(name: string): boolean {
    return performance.now() - (this.objected.get(name) ?? -Infinity) < OBJECTED_MS;
  }

  private async ask(log: LogSeal, published: string, signal: AbortSignal): Promise<boolean> {
    const { name, sealed } = log;
    const byNow = async (): Promise<number> => (await this.published(sealed)).checkpoint?.size ?? 0;
    const answer = await this.witnesses.cosign(
      this.client,
      shown(sealed, { tiles: this.tiles }, published),
      byNow,
      signal,
    );
    if (answer.outcome !== 'skipped') this.heard(this.witness, answer.outcome);
    if (answer.outcome === 'fork' || answer.outcome === 'ahead') this.objects(log);
    if (answer.outcome === 'cosigned') {
      this.cosignedAt = performance.now();
      this.waiting.delete(name);
      await this.store(sealed, textOf(published), answer.line);
    }
    return answer.outcome !== 'failed';
  }

  private objects(log: LogSeal): void {
    this.objected.set(log.name, performance.now());
    if (this.client.address.isContracted) log.doubt();
  }

  /** Adds it to the published checkpoint, in the place of what is wrong there, unless a newer one is published by now. */
  private async store(sealed: SealedLog, text: string, line: string): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { note, checkpoint } = await this.published(sealed);
      if (note === undefined || checkpoint === undefined) return;
      if (textOf(checkpoint.note) !== text || this.hasSigned(checkpoint)) return;
      if (await this.tiles.amend(sealed.name, note, checkpoint.note + line)) return;
    }
  }
}

const secondsSince = (moment: number): number => (performance.now() - moment) / 1000;
const textOf = (note: string): string => parseNote(note).text;

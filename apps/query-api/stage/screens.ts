import { Injectable } from '@nestjs/common';

import type { Screen as ScreenView } from '#contract';
import type { StageMode } from '#domain';
import { ReadModel, type Screen } from '#read-model';

/** A screen shows another frame each half second. One that has not for this long is not connected, or hangs. */
const SILENCE_LIMIT_MS = 1250;
/** A screen that is silent for this long is gone for good, ms. */
const FORGOTTEN_AFTER_MS = 600_000;

/** A screen, and since when it has shown the same frame, on the clock of `performance.now()`. */
interface Seen {
  readonly screen: Screen;
  readonly since: number;
}

/**
 * The screens that show the stage, whichever query API they report to. A screen says which frame it shows. As long as that
 * changes, the whole way works: this service, the stream, the page and its way back. No clock of another host decides.
 */
@Injectable()
export class Screens {
  private seen: ReadonlyMap<string, Seen> = new Map();
  private reading: Promise<void> | undefined;

  constructor(private readonly readModel: ReadModel) {}

  /** @throws ReadModelUnavailableError */
  async report(screen: Omit<Screen, 'at'>): Promise<void> {
    await this.readModel.screens.report({ ...screen, at: Date.now() });
  }

  /** It was closed, and nobody is to wait for it. */
  async forget(id: string): Promise<void> {
    await this.readModel.screens.forget(id);
  }

  /** As they were read last; this begins to read them again. */
  list(): ScreenView[] {
    void this.refresh();
    const now = performance.now();
    return [...this.seen.values()].map(({ screen, since }) => viewOf(screen, now - since));
  }

  /** Reads what the screens said. If that cannot be read, they fall silent here. */
  async refresh(): Promise<void> {
    this.reading ??= this.read()
      .catch(() => undefined)
      .finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async read(): Promise<void> {
    const screens = await this.readModel.screens.all();
    const seen = screens.map((screen) => ({ screen, since: this.sinceOf(screen) }));
    const now = performance.now();
    const gone = ({ since }: Seen): boolean => now - since > FORGOTTEN_AFTER_MS;
    this.seen = new Map(seen.filter((one) => !gone(one)).map((one) => [one.screen.id, one]));
    for (const { screen } of seen.filter(gone)) await this.forget(screen.id);
  }

  /** How old the first report is only its own time tells; later ones are as old as they are known. */
  private sinceOf({ id, frame, at }: Screen): number {
    const before = this.seen.get(id);
    if (before === undefined) return performance.now() - Math.max(0, Date.now() - at);
    return before.screen.frame === frame ? before.since : performance.now();
  }
}

const viewOf = ({ id, name, pollId, mode }: Screen, silenceMs: number): ScreenView => ({
  tela: id,
  nome: name,
  paredao: pollId,
  modo: mode as StageMode,
  conectada: silenceMs <= SILENCE_LIMIT_MS,
  silencio_segundos: Math.round(silenceMs / 100) / 10,
});

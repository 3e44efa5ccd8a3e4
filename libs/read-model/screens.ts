/** What a screen in the studio said of itself last. */
export interface Screen {
  readonly id: string;
  readonly name: string;
  readonly pollId: string;
  readonly mode: string;
  /** Which frame it shows: another one each time while it is connected. */
  readonly frame: string;
  /** When that was written, ms since the epoch, by the clock of whoever wrote it. */
  readonly at: number;
}

/**
 * Which screens show the stage, for every query API to read: a screen says so to one of them, and the panel asks another. It is
 * no part of the log and may be lost: each screen says it again within a second.
 */
export abstract class ScreenStore {
  abstract report(screen: Screen): Promise<void>;

  abstract forget(id: string): Promise<void>;

  /** At most so many as are kept: those that were heard of last. */
  abstract all(): Promise<readonly Screen[]>;
}

/** More than a studio has. */
export const MAX_SCREENS = 100;

/** Of a service that is one process. */
export class ScreensInMemory extends ScreenStore {
  private readonly screens = new Map<string, Screen>();

  override report(screen: Screen): Promise<void> {
    // the one that was heard of least lately stands first
    this.screens.delete(screen.id);
    this.screens.set(screen.id, screen);
    for (const id of this.screens.keys()) if (this.screens.size > MAX_SCREENS) this.screens.delete(id);
    return Promise.resolve();
  }

  override forget(id: string): Promise<void> {
    this.screens.delete(id);
    return Promise.resolve();
  }

  override all(): Promise<readonly Screen[]> {
    return Promise.resolve([...this.screens.values()]);
  }
}

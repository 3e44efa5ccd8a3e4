/** Wakes one waiter. A ring that comes while nobody waits is kept for the next wait, so none is missed. */
export class Bell {
  private rang = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rang = true;
    this.wake?.();
  }

  /** Resolves at the next ring, or at once if it rang since the last wait. */
  async wait(): Promise<void> {
    if (!this.rang) await new Promise<void>((resolve) => (this.wake = resolve));
    this.rang = false;
    this.wake = undefined;
  }
}

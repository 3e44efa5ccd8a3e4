/** Nobody comes back sooner than this, nor is told to come later than the other, s. */
const SOONEST = 2;
const LATEST = 60;

/**
 * When those come back who were sent away. Told a fixed time they would be a crowd of their own, sent away once more, and those
 * retries would take what the service needs to let anybody in. So each second ahead has room for some of them; who finds it
 * taken is told a later one.
 */
export class Appointments {
  /** How many come in a second, by the second modulo the length. */
  private readonly taken = new Array<number>(LATEST + 1).fill(0);
  private second = secondNow();

  /**
   * @param room how many may come back in one second
   * @returns whole seconds from now; where all are taken, any of the later half
   */
  next(room: number): number {
    this.forgetPast();
    for (let ahead = SOONEST; ahead <= LATEST; ahead++) {
      const index = (this.second + ahead) % this.taken.length;
      if (this.taken[index]! >= room) continue;
      this.taken[index]!++;
      return ahead;
    }
    return LATEST - Math.floor((Math.random() * LATEST) / 2);
  }

  private forgetPast(): void {
    const now = secondNow();
    const passed = Math.min(now - this.second, this.taken.length);
    for (let past = now - passed; past < now; past++) this.taken[past % this.taken.length] = 0;
    this.second = now;
  }
}

const secondNow = (): number => Math.floor(performance.now() / 1000);

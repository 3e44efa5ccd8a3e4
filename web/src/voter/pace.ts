/**
 * How fast a challenge is solved. Part of the work may be done before anybody looks, and a new challenge begins anew: so only what is done
 * from the first report on says how fast it goes.
 */
export class Pace {
  #from: { readonly done: number; readonly at: number } | undefined;

  /**
   * @param done share of the work, 0–1; 0: it has not begun
   * @param at now, ms on a clock that nobody sets
   * @returns how long the rest takes at most, ms; undefined while that is not known. By chance it may be over at any moment
   *   before, with the same likelihood at each: whoever is told the mean waits longer than that half of the time.
   */
  left(done: number, at: number): number | undefined {
    if (done === 0 || this.#from === undefined || done < this.#from.done) {
      this.#from = done === 0 ? undefined : { done, at };
      return undefined;
    }
    const gained = done - this.#from.done;
    if (gained === 0) return undefined;
    return ((at - this.#from.at) * (1 - done)) / gained;
  }
}

/** Differences shown of each kind; all of them are counted. */
const SHOWN = 20;

/** What does not agree: the first of it in words, and how much there is. A broken log of millions stays a short list. */
export class Differences {
  readonly shown: string[] = [];
  count = 0;

  static of(texts: Iterable<string>): Differences {
    const differences = new Differences();
    differences.add(...texts);
    return differences;
  }

  add(...texts: readonly string[]): void {
    this.count += texts.length;
    this.shown.push(...texts.slice(0, Math.max(0, SHOWN - this.shown.length)));
  }
}

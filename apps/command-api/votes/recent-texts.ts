/**
 * The last texts that were kept, in memory of a fixed size. As strings they would live long enough to be copied by the garbage
 * collector twice, which costs every vote.
 */
export class RecentTexts {
  private room: Buffer | undefined;
  private readonly lengths: Uint16Array;
  private kept = 0;

  /**
   * @param most texts
   * @param longest text, characters; up to 65,535
   */
  constructor(
    private readonly most: number,
    private readonly longest: number,
  ) {
    this.lengths = new Uint16Array(most);
  }

  /**
   * Keeps a text.
   * @param text of characters below 256
   * @returns a ticket to get it with: a whole number of 32 bits; 0 for a text that is too long
   */
  keep(text: string): number {
    if (text.length > this.longest) return 0;
    // its pages take memory only when they are written to
    this.room ??= Buffer.alloc(this.most * this.longest);
    const place = this.kept % this.most;
    this.room.write(text, place * this.longest, 'latin1');
    this.lengths[place] = text.length;
    return ++this.kept;
  }

  /** Undefined when others came in its place. */
  get(ticket: number): string | undefined {
    const age = this.kept - ticket;
    if (ticket === 0 || age >= this.most || this.room === undefined) return undefined;
    const place = (ticket - 1) % this.most;
    const start = place * this.longest;
    return this.room.toString('latin1', start, start + this.lengths[place]!);
  }
}

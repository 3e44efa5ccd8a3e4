import type { PinoLogger } from 'nestjs-pino';

/**
 * Says which positions were folded and stored: at debug each time, at info once a second. A request's position is between those of
 * one such line: so a vote can be followed, and no one's choice is revealed.
 */
export class FoldedRange {
  private begun: bigint | undefined;
  private first: bigint | undefined;
  private last = 0n;

  constructor(private readonly logger: PinoLogger) {}

  /** Something was folded. Without events nothing was. */
  begins(first: bigint | undefined): void {
    this.begun ??= first;
  }

  /** Everything that was folded is stored. */
  stored(last: bigint): void {
    if (this.begun === undefined) return;
    this.logger.debug({ first_position: String(this.begun), position: String(last) }, 'folded and stored');
    this.first ??= this.begun;
    this.last = last;
    this.begun = undefined;
  }

  /** Once a second. */
  tell(): void {
    if (this.first === undefined) return;
    this.logger.info({ first_position: String(this.first), position: String(this.last) }, 'folded and stored');
    this.first = undefined;
  }
}

/** Hashes at a time, and callers that may wait for one: a flood of logins must not take memory or cores from votes. */
const MAX_RUNNING = 2;
const MAX_WAITING = 20;
/** Of those, how many of one client and of one network. */
const MAX_WAITING_OF_CLIENT = 2;
const MAX_WAITING_OF_NETWORK = 4;

/** For whom a password is hashed; without a client and network it is not counted among its like. */
export interface Applicant {
  readonly client?: string;
  readonly network?: string;
  /** Lower goes first: the failures of the client, or less for who is known. */
  readonly rank: number;
}

interface Waiting extends Applicant {
  readonly go: () => void;
  readonly refuse: (error: Error) => void;
}

/** More passwords are being checked than this process allows, or than this client may have checked. */
export class TooManyHashesError extends Error {
  override readonly name = 'TooManyHashesError';
  readonly code = 'too-many-requests';
}

/**
 * The queue of passwords to hash. It is bounded, and a crowd of guessers keeps no one out: clients with fewer failures go
 * first, and takes the place of who failed more when all are taken.
 */
export class HashQueue {
  private running = 0;
  /** By rank, then as they came. */
  private readonly waiting: Waiting[] = [];

  /** Runs the work when it is the applicant's turn. @throws TooManyHashesError */
  async run<T>(applicant: Applicant, work: () => Promise<T>): Promise<T> {
    if (this.running < MAX_RUNNING) this.running++;
    else await this.takeTurn(applicant);
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next.go();
    }
  }

  private async takeTurn(applicant: Applicant): Promise<void> {
    this.makeRoom(applicant);
    await new Promise<void>((go, refuse) => {
      const behind = this.waiting.findIndex(({ rank }) => rank > applicant.rank);
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, { ...applicant, go, refuse });
    });
  }

  private makeRoom({ client, network, rank }: Applicant): void {
    if (
      this.countOf('client', client) >= MAX_WAITING_OF_CLIENT ||
      this.countOf('network', network) >= MAX_WAITING_OF_NETWORK
    ) {
      throw new TooManyHashesError('too many logins of one client at once');
    }
    if (this.waiting.length < MAX_WAITING) return;
    if (this.waiting.at(-1)!.rank <= rank) throw new TooManyHashesError('too many logins at once');
    this.waiting.pop()!.refuse(new TooManyHashesError('too many logins at once'));
  }

  private countOf(kind: 'client' | 'network', value: string | undefined): number {
    return value === undefined ? 0 : this.waiting.filter((other) => other[kind] === value).length;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import { RecentMap } from '#collections';
import { type Poll, keyOf } from '#domain';
import { EvidenceKey } from '#human-check';
import { Readiness, SECRETS, type Secrets } from '#platform';

import { PollDirectory } from './poll-directory.ts';

/** Two polls are voted on at a time, a real one and a rehearsal; administrators may ask for any. */
const MOST_KNOWN = 64;

/** The keys that mark the votes of polls. */
@Injectable()
export class EvidenceKeys {
  private readonly known = new RecentMap<string, EvidenceKey>(MOST_KNOWN);

  constructor(@Inject(SECRETS) private readonly secrets: Pick<Secrets, 'evidence'>) {}

  /** What this deployment marks the votes of a poll with. */
  of(pollId: string): EvidenceKey {
    const known = this.known.get(pollId);
    if (known !== undefined) return known;
    const key = EvidenceKey.of(this.secrets.evidence, pollId);
    this.known.set(pollId, key);
    return key;
  }
}

/** Says it loudly when the open poll was opened with another key: this process takes no votes for it. */
@Injectable()
export class EvidenceKeyWatch {
  constructor(
    private readonly directory: PollDirectory,
    private readonly keys: EvidenceKeys,
    readiness: Readiness,
    logger: PinoLogger,
  ) {
    logger.setContext('evidence-keys');
    directory.onChange((poll) => {
      if (poll.status !== 'open') return;
      try {
        this.assertKey(poll);
      } catch (error) {
        logger.error(
          { err: error, poll: poll.id },
          'the evidence key is not the one of the open poll: no votes are taken',
        );
      }
    });
    readiness.add('evidence-key', async () => {
      const poll = this.directory.lastOpened();
      if (poll?.status === 'open') this.assertKey(poll);
    });
  }

  /** @throws DomainError `evidence-key-mismatch` */
  private assertKey(poll: Poll): void {
    if (poll.evidenceKeyHash !== undefined) keyOf(poll, this.keys.of(poll.id));
  }
}

import type { HttpPool } from '../lib/http-pool.ts';
import type { AcknowledgedVote } from '../lib/voter.ts';
import type { Electorate, ElectorateOptions } from './electorate.ts';
import { KeptVoters } from './kept-voters.ts';
import { NewVoters } from './new-voters.ts';
import type { LoadOptions } from './options.ts';
import { PageVisit } from './page-visit.ts';

/** The voters that a run was asked for. @param pool of those who keep their connections */
export async function electorateOf(
  options: LoadOptions & ElectorateOptions,
  url: URL,
  pool: HttpPool,
  onAcknowledged: (vote: AcknowledgedVote) => void,
): Promise<Electorate> {
  if (options.voters === 'kept') return new KeptVoters(pool, options, onAcknowledged);
  const page = options.voters === 'page' ? await PageVisit.of(url, options.link) : undefined;
  if (page !== undefined) console.log(`${String(page.requests)} requests before a challenge`);
  return new NewVoters(url, options, page, onAcknowledged);
}

import type { AuditOptions } from './evidence.ts';
import { type Finding, Findings } from './findings.ts';
import type { LoggedPolls } from './polls.ts';
import type { Published } from './published.ts';
import type { AuditReport, CheckId } from './report.ts';

type Audit = (options: AuditOptions) => Promise<AuditReport>;

/** The checks of a poll that was not asked about. Unreadable events are no finding here: its tally already has them. */
const ASKED_OF_OTHERS: ReadonlySet<CheckId> = new Set([
  'order',
  'ids',
  'bytes',
  'closing',
  'sums',
  'read-model',
  'sign-off',
]);

/**
 * Counts the other polls once and compares their tallies: someone may have changed what is rarely looked at.
 * @returns undefined where this audit makes no second recount either: it has to be quick
 */
export async function otherPolls(
  audit: Audit,
  { source, readModel, signal, pollId, independent }: AuditOptions,
  { polls }: LoggedPolls,
): Promise<Findings | undefined> {
  if (independent === false || readModel === undefined) return undefined;
  const findings = new Findings();
  for (const other of polls.keys()) {
    if (other === pollId) continue;
    const { checks } = await audit({ source, readModel, signal, pollId: other, independent: false, alone: true });
    for (const { id, findings: shown } of checks)
      if (ASKED_OF_OTHERS.has(id)) findings.add(...of(other, shown).filter(({ code }) => code !== 'quarantined'));
  }
  return findings;
}

/** What is published without being asked for a poll is compared as well, by one more recount. */
export async function publishedByDefault(
  audit: Audit,
  { source, signal, pollId }: AuditOptions,
  published: Published | undefined,
): Promise<readonly Finding[]> {
  const other = published?.byDefault;
  if (other === undefined || other.pollId === pollId || source.findings() !== undefined) return [];
  const report = await audit({
    ...{ source, signal, pollId: other.pollId, independent: false, alone: true },
    published: () => Promise.resolve(other),
  });
  return of(other.pollId, report.checks.find(({ id }) => id === 'published')?.findings ?? []);
}

const of = (poll: string, findings: readonly Finding[]): Finding[] =>
  findings.map((one) => ({ ...one, at: { ...one.at, poll } }));

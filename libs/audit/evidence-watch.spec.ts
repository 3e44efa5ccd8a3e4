import { expect, it } from '@jest/globals';

import { type RecordedEvent, ballotBoxStream, decodeVoteCast, encodeVoteCast, pollStream } from '#domain';
import { SqliteEventLog } from '#event-log';

import { POLL_ID } from '../domain/testing/ballot-box.ts';
import { type AuditReport, type EventSource, logSource } from './index.ts';
import { type Draft, recorded, sealed, wholePoll } from './testing/sealed-poll.ts';
import { Voted, failuresOf, found } from './testing/voted.ts';

const BOX = ballotBoxStream(POLL_ID);
/** Revision of the vote whose evidence no key gave. */
const FORGED = 5;

function forge(one: Draft): Draft {
  const vote = decodeVoteCast(one.content);
  const humanCheck = { ...vote.humanCheck, evidence: 'f'.repeat(32) };
  return { ...one, content: encodeVoteCast({ ...vote, humanCheck }) };
}

/** The streams that were read once more beside the pages, and what the audit says. */
async function audited(
  events: readonly RecordedEvent[],
  shown: (event: RecordedEvent) => boolean = () => true,
): Promise<{ report: AuditReport; read: string[] }> {
  const voted = await Voted.of(events);
  const log = SqliteEventLog.openReadOnly(voted.directory);
  const [source, read] = [logSource(log), new Array<string>()];
  const watched: EventSource = {
    ...source,
    async *read(stream, from) {
      read.push(stream);
      for await (const page of source.read(stream, from)) yield page.filter(shown);
    },
  };
  try {
    return { report: await voted.audit({ source: watched }), read };
  } finally {
    await log.close();
    voted.dispose();
  }
}

const boxOf = (streams: readonly string[]): string[] => streams.filter((stream) => stream === BOX);
const DRAFTS = wholePoll().map((one, index) => (index === FORGED + 1 ? forge(one) : one));
const FOUND = [found('false-evidence', { stream: BOX, revision: String(FORGED) })];

it('the evidence of a poll that is over is verified while its votes are counted', async () => {
  const { report, read } = await audited(sealed(recorded(DRAFTS)));

  expect(failuresOf(report)).toEqual({ evidence: FOUND });
  expect(report.checks.find(({ id }) => id === 'evidence')?.detail).toMatchObject({ count: 25 });
  // for its first event, which opens it
  expect(boxOf(read)).toHaveLength(1);
});

it('the box is read once more where the key comes while it is read', async () => {
  const isTooEarly = ({ stream, type }: RecordedEvent): boolean =>
    stream === pollStream(POLL_ID) && type === 'PollSealed';
  const { report, read } = await audited(sealed(recorded(DRAFTS)), (event) => !isTooEarly(event));

  expect(failuresOf(report)).toEqual({ evidence: FOUND });
  expect(report.checks.find(({ id }) => id === 'evidence')?.detail).toMatchObject({ count: 25 });
  expect(boxOf(read)).toHaveLength(2);
});

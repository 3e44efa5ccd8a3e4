import { setTimeout as delay } from 'node:timers/promises';

import { SqliteEventLog } from '#event-log';

import { appendUnreadable } from '../../apps/cli/lib/unreadable-event.ts';
import { StalledLog } from '../lib/stalled-log.ts';
import type { Electorate } from '../load/electorate.ts';
import type { Target } from './target.ts';

/** A slow store takes nothing for a while, and then everything for a while, ms. */
const SLOW_MS = 300;
const QUICK_MS = 200;
/** Votes that are this late were slowed down, ms. */
const SLOWED_MS = 250;

/** Something that goes wrong, and how one knows that it did. */
export interface Failure {
  readonly title: string;
  /** What those who watch see of it. */
  readonly shows: readonly string[];
  /** Lets it happen, for a time. */
  happen(target: Target, seconds: number): Promise<void>;
  /** Whether it was seen, after the voters of its time have their answers. */
  wasSeen(votes: Electorate, target: Target): Promise<boolean>;
}

const storeStops: Failure = {
  title: 'the log store stops',
  shows: [
    'voters get 503: queue-full at once, log-unavailable after ten seconds; their pages try again with the same challenge',
    'sre.html within two seconds: red, "Chegam votos e nenhum é gravado", and what to do',
    'log, error: "votes come in and none is stored", and "the event log does not take votes; trying again"',
    'Erros: log-unavailable and queue-full; Latência: up to ten seconds; VotesStandStill, then the vote error-budget alert',
  ],
  async happen({ dataDir }, seconds) {
    const stalled = new StalledLog(dataDir);
    await delay(seconds * 1000);
    stalled.release();
  },
  wasSeen: ({ refusals }) => Promise.resolve(refusals.has('queue-full') || refusals.has('log-unavailable')),
};

const badEvent: Failure = {
  title: 'an event that cannot be read is in the ballot box (put there while the service is down for a moment)',
  shows: [
    'voters lose their connection for about two seconds; their pages try again',
    'sre.html: "Sem dados do serviço", then a gap in every chart, and the codes of the hour as before',
    'log, error: "an event cannot be read: it is not counted", with its position; the counting goes on',
    '/total says "completo": false and "quarentena": 1; tally_events{outcome="quarantined"} is 1; the quarantine alert',
  ],
  async happen(target) {
    const pollId = await target.api.currentPoll();
    await target.whileStopped(async () => {
      const log = SqliteEventLog.open(target.dataDir);
      await appendUnreadable(log, pollId).finally(() => log.close());
    });
  },
  async wasSeen(_votes, { api }) {
    return (await api.total(await api.currentPoll())).quarentena > 0;
  },
};

const storeIsSlow: Failure = {
  title: 'the log store is slow',
  shows: [
    'voters wait about half a second; nobody is refused',
    'log, error: "the event log does not take votes; trying again", once a second',
    'Latência: p50 and p99 of POST /votar above the line of the objective; Execuções: as many as before; the latency alert',
  ],
  async happen({ dataDir }, seconds) {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const stalled = new StalledLog(dataDir);
      await delay(SLOW_MS);
      stalled.release();
      await delay(QUICK_MS);
    }
  },
  wasSeen: ({ latency }) => Promise.resolve(latency.summary().p99 > SLOWED_MS),
};

/** What can be done to a target: real votes are not spoilt, so the bad event is for a service of our own. */
export const failuresFor = ({ isOwn }: Target): Failure[] =>
  isOwn ? [storeStops, badEvent, storeIsSlow] : [storeStops, storeIsSlow];

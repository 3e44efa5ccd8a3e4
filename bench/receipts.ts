import { hash, randomBytes, randomUUID } from 'node:crypto';

import { encodeVoteCast } from '#domain';
import type { NewEvent } from '#event-log';
import { readArguments } from '#platform/arguments';
import { ReceiptIssuer } from '#receipts';
import { SealKeys } from '#seal';

const PROGRAM = {
  usage: 'npm run bench:receipts',
  about: 'Measures what a receipt costs a vote, by the size of the batch, beside a hash of a node and a signature.',
  options: {},
} as const;

/** A vote of a saturated core is in a batch of 48. */
const BATCHES = [1, 5, 48, 500, 2048];
/** In turns, and the least of each counts: others on the same machine only ever add. */
const [ROUNDS, ROUND_MS] = [30, 25];
const HOST = 'voto.example';

function vote(): NewEvent {
  const humanCheck = { provider: 'altcha', price: 'base', evidence: randomBytes(16).toString('hex') } as const;
  const times = { castAt: Date.UTC(2026, 10, 23, 22), expiresAt: Date.UTC(2026, 10, 23, 22, 6) };
  const voteId = randomBytes(16).toString('hex');
  return { ...encodeVoteCast({ voteId, participantId: 1, ...times, humanCheck }), id: randomUUID() };
}

/** Something to measure. */
interface Subject {
  readonly name: string;
  /** What one run does so many times. */
  readonly times: number;
  readonly run: () => unknown;
}

function subjects(): Subject[] {
  const keys = new SealKeys([randomBytes(32)]);
  const { box, receipts } = keys.signersOf(keys.noteFor(HOST, '1'), HOST, '1')!;
  const [signed, bare] = [receipts, { ...receipts, sign: () => Buffer.alloc(64) }].map(
    (signer) => new ReceiptIssuer(box.name, signer),
  );
  const votes = Array.from({ length: Math.max(...BATCHES) }, vote);
  const pair = randomBytes(65);
  const hashes = (): void => {
    for (let n = 0; n < 100; n++) hash('sha256', pair, 'binary');
  };
  return [
    { name: 'hash of a node', times: 100, run: hashes },
    { name: 'signature', times: 1, run: () => receipts.sign(`paredao-recibo/v1\n${box.name}\n${'A'.repeat(44)}\n`) },
    ...BATCHES.flatMap((size) => {
      const batch = votes.slice(0, size);
      return [
        { name: `vote in a batch of ${String(size)}`, times: size, run: () => signed!.issue(batch) },
        { name: `the same of ${String(size)}, not signed`, times: size, run: () => bare!.issue(batch) },
      ];
    }),
  ];
}

/** @returns µs of CPU for one */
function measured({ run, times }: Subject): number {
  let runs = 0;
  const before = process.cpuUsage();
  for (const end = performance.now() + ROUND_MS; performance.now() < end; runs++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (runs * times);
}

function main(): void {
  readArguments(PROGRAM);
  const all = subjects();
  const best = all.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, subject] of all.entries()) best[at] = Math.min(best[at]!, measured(subject));
  console.log(`Node ${process.version}, one core`);
  console.table(
    all.map(({ name }, at) => {
      return { what: name, µs: best[at]!.toFixed(2), 'in hashes': (best[at]! / best[0]!).toFixed(1) };
    }),
  );
}

main();

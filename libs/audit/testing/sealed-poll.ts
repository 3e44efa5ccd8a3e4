import {
  CHECKPOINT_PREFIX,
  type EventContent,
  FIRST_BOX,
  type PollEvent,
  type PollLog,
  type RecordedEvent,
  ballotBoxStream,
  checkpointStream,
  encodeBallotBoxClosed,
  encodePollEvent,
  encodeVoteCast,
  pollStream,
} from '#domain';
import { EvidenceKey } from '#human-check';
import { ReceiptIssuer } from '#receipts';
import { SealKeys, actsUpTo, boxFactsIn, boxOpening, encodeCheckpointSigned, leafOf } from '#seal';
import { CompactRange, formatCheckpoint, leafHash, signNote } from '#transparency';

import { HOUR, MINUTE, NOON, POLL_ID, SECOND, voteIdOf } from '../../domain/testing/ballot-box.ts';

const HOST = 'voto.example';
const CLOSED_AT = NOON + 3 * HOUR;
const at = (time: number): string => new Date(time).toISOString();
const [BOX, ACTS] = [ballotBoxStream(POLL_ID), pollStream(POLL_ID)];
/** A checkpoint is signed after so many votes. */
const SIGNED_EVERY = 5;

const KEYS = new SealKeys([Buffer.alloc(32, 7)]);
export const EVIDENCE = EvidenceKey.disclosed('7'.repeat(64));
/** The deployment's verifier key. */
export const [VKEY = ''] = KEYS.deploymentKeys(HOST);
const signersOf = (keys: SealKeys) => keys.signersOf(keys.noteFor(HOST, POLL_ID), HOST, POLL_ID)!;

/** An event before the log takes it. */
export interface Draft {
  readonly id: string;
  readonly stream: string;
  readonly recordedAt: number;
  readonly content: EventContent;
}

const draft = (name: string, stream: string, content: EventContent, recordedAt: number): Draft => ({
  ...{ id: `${Buffer.from(name).toString('hex').padStart(8, '0').slice(-8)}-0000-4000-8000-000000000000` },
  ...{ stream, content, recordedAt },
});

/** A decision about the poll. */
export const act = (name: string, event: PollEvent, recordedAt: number): Draft =>
  draft(name, ACTS, encodePollEvent(event), recordedAt);

/** A vote with the evidence that the poll's key gives. */
export function ballot(name: string, participantId: number, castAt: number): Draft {
  const [voteId, minute, expiresAt] = [voteIdOf(name), Math.floor(castAt / MINUTE) * MINUTE, castAt + 5 * MINUTE];
  const humanCheck = { provider: 'altcha', price: 'base', evidence: EVIDENCE.evidenceOf(voteId, expiresAt, 'base') };
  const expires = Math.ceil(expiresAt / MINUTE) * MINUTE;
  const content = encodeVoteCast({ voteId, participantId, castAt: minute, expiresAt: expires, humanCheck } as never);
  return draft(name, BOX, content, castAt + SECOND);
}

export const OPENED: Extract<PollEvent, { type: 'PollOpened' }> = {
  ...{ type: 'PollOpened', pollId: POLL_ID, title: 'Quem sai?', openedAt: at(NOON), by: 'ana' },
  participants: ['Aurora', 'Íris'].map((name, index) => ({ number: index + 1, name })),
  ...{ evidenceKeyHash: EVIDENCE.hash, policy: 'depois-do-voto', ballotBoxes: 1 },
};

/** A poll of today from its opening to its proclamation, in log order. What opens the box and cuts it stands as a place only. */
export function wholePoll(votes = 24): Draft[] {
  const by = 'ana';
  const castAt = (index: number): number => NOON + SECOND + Math.floor((index / votes) * 170) * MINUTE;
  const [closedAt, sealedAt, checkedAt] = [CLOSED_AT, CLOSED_AT + 13 * SECOND, CLOSED_AT + 5 * MINUTE];
  return [
    act('open', OPENED, NOON),
    draft('zero', BOX, { type: 'BallotBoxOpened', version: 1, data: Buffer.of() }, NOON),
    ...Array.from({ length: votes }, (_, index) => ballot(`v${index}`, 1 + (index % 3 === 0 ? 1 : 0), castAt(index))),
    act(
      'name',
      { type: 'ParticipantChanged', pollId: POLL_ID, number: 2, name: 'Iris', changedAt: at(castAt(votes)), by },
      castAt(votes),
    ),
    act('close', { type: 'PollClosed', pollId: POLL_ID, closedAt: at(closedAt), by }, closedAt),
    draft('cut', BOX, encodeBallotBoxClosed(POLL_ID, at(closedAt + 11 * SECOND)), closedAt + 11 * SECOND),
    ballot('late', 2, closedAt - SECOND),
    act(
      'seal',
      { type: 'PollSealed', pollId: POLL_ID, cut: '0', sealedAt: at(sealedAt), evidenceKey: EVIDENCE.hex },
      sealedAt,
    ),
    act(
      'proclaim',
      { type: 'ResultProclaimed', pollId: POLL_ID, proclaimedAt: at(checkedAt), by, reason: 'porque sim' } as never,
      checkedAt,
    ),
  ];
}

/** Gapless revisions and positions; what the poll says of itself elsewhere is made to agree: the opening of the box, the cut, the seal. */
export function recorded(drafts: readonly Draft[], keys = KEYS): RecordedEvent[] {
  const place = placer();
  const cut = drafts
    .filter(({ stream }) => stream === BOX)
    .findIndex(({ content }) => content.type === 'BallotBoxClosed');
  const events: RecordedEvent[] = [];
  for (const one of drafts) events.push(place(agreeing(one, { before: events, cut, keys })));
  return events;
}

interface Around {
  readonly before: readonly RecordedEvent[];
  readonly cut: number;
  readonly keys: SealKeys;
}

function agreeing(one: Draft, { before, cut, keys }: Around): Draft {
  const acts = before.filter(({ stream }) => stream === ACTS);
  if (one.content.type === 'BallotBoxOpened') {
    const { id, ...content } = boxOpening(
      boxFactsIn(acts)!,
      { host: HOST, difficulty: 1000 },
      keys.noteFor(HOST, POLL_ID),
    );
    return { ...one, id, content };
  }
  if (one.content.type === 'BallotBoxClosed') {
    const { closedAt } = JSON.parse(Buffer.from(one.content.data).toString()) as { closedAt: string };
    const closed = boxFactsIn(acts) && actsUpTo('PollClosed', acts);
    return { ...one, content: encodeBallotBoxClosed(POLL_ID, closedAt, closed?.acts) };
  }
  if (one.content.type !== 'PollSealed') return one;
  const data = Buffer.from(
    Buffer.from(one.content.data)
      .toString()
      .replace(/"cut":"-?\d+"/, `"cut":"${cut}"`),
  );
  return { ...one, content: { ...one.content, data } };
}

function placer(): (one: Draft) => RecordedEvent {
  const revisions = new Map<string, bigint>();
  let position = 0n;
  return ({ id, stream, recordedAt, content }) => {
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    const { type, version, data } = content;
    return { stream, revision, position: ++position, recordedAt, id, type, version, data };
  };
}

const logOf = ({ stream }: Pick<RecordedEvent, 'stream'>): PollLog => (stream === ACTS ? 'atos' : FIRST_BOX);

/** A log as far as somebody followed it, who has its key. */
class Sealing {
  private readonly tree = new CompactRange();

  constructor(
    private readonly log: PollLog,
    private readonly keys: SealKeys,
  ) {}

  add(event: RecordedEvent): this {
    this.tree.append(leafHash(leafOf(event)));
    return this;
  }

  /** The signed checkpoint. */
  sign(): string {
    const signers = signersOf(this.keys);
    const signer = this.log === 'atos' ? signers.acts : signers.box;
    const { size } = this.tree;
    return signNote(formatCheckpoint({ origin: signer.name, size, root: this.tree.root() }), [signer]);
  }
}

/** The first leaves of a log of these events, signed. */
export function signedHead(events: readonly RecordedEvent[], log: PollLog, size?: number, keys = KEYS): string {
  const leaves = events.filter((event) => !isCheckpoint(event) && logOf(event) === log).slice(0, size);
  return leaves.reduce((sealing, event) => sealing.add(event), new Sealing(log, keys)).sign();
}

const isCheckpoint = ({ stream }: Pick<RecordedEvent, 'stream'>): boolean => stream.startsWith(CHECKPOINT_PREFIX);

/** The receipts that voters were given whose votes went together, as a file of them. */
export function receiptFile(votes: readonly RecordedEvent[], keys = KEYS): string {
  const { box, receipts } = signersOf(keys);
  return `${new ReceiptIssuer(box.name, receipts).issue(votes).join('\n')}\n`;
}

/** What a sealer adds: checkpoints of the box now and then, at the cut and at the end, of the acts at each of them. */
export function sealed(events: readonly RecordedEvent[], keys = KEYS): RecordedEvent[] {
  const place = placer();
  const logs = { box: new Sealing(FIRST_BOX, keys), acts: new Sealing('atos', keys) };
  return events.flatMap((event, index) => {
    if (isCheckpoint(event)) return [place({ ...event, content: event })];
    const log = logOf(event);
    const sealing = (log === 'atos' ? logs.acts : logs.box).add(event);
    const isDue = log === 'atos' || event.type !== 'VoteCast' || Number(event.revision) % SIGNED_EVERY === 0;
    const isLast = index >= events.length - 3;
    const own = place({ ...event, content: event });
    if (!isDue && !isLast) return [own];
    return [own, place(checkpointEvent(sealing.sign(), log, index, event.recordedAt))];
  });
}

function checkpointEvent(note: string, log: PollLog, index: number, recordedAt: number): Draft {
  const content = encodeCheckpointSigned(note);
  const id = `${String(index).padStart(8, '0')}-0000-4000-8000-00000000000${log === 'atos' ? 2 : 1}`;
  return { id, stream: checkpointStream(POLL_ID, log), recordedAt, content };
}

/** The events of a log with the checkpoints of another behind them: who cannot sign keeps what there is. */
export function withCheckpointsOf(events: readonly RecordedEvent[], honest: readonly RecordedEvent[]): RecordedEvent[] {
  const place = placer();
  return [...events, ...honest.filter(isCheckpoint)].map((event) => place({ ...event, content: event }));
}

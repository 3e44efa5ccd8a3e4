import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { setTimeout as delay } from 'node:timers/promises';

import type { Faults } from './faults.ts';
import {
  UNKNOWN_POSITION,
  accessDenied,
  appended,
  appendTimedOut,
  appendTooLarge,
  proposedEvent,
  refused,
  streamDeleted,
  streamIdentifier,
  streamName,
  wrongExpectedVersion,
} from './messages.ts';
import { type Expected, type Outcome, type ProposedEvent, type Store, sizeOf } from './store.ts';

/** After so long the server gives up a write. */
const WRITE_TIMEOUT_MS = 2000;

interface Pending {
  readonly options: BatchAppendReq.Options;
  readonly events: ProposedEvent[];
  size: number;
}

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** The `BatchAppend` call: appends in pieces, by correlation id, each answered when its last piece was stored. */
export class BatchAppendCall {
  private readonly pending = new Map<string, Pending>();
  /** Appends of one call are done in the order they came. */
  private turn: Promise<void> = Promise.resolve();
  private readonly life: number;

  constructor(
    private readonly call: Call,
    private readonly store: Store,
    private readonly faults: Faults,
    private readonly mayAppend: (stream: string) => boolean,
  ) {
    this.life = faults.life;
    call.on('data', (request: BatchAppendReq) => this.receive(request));
    call.on('end', () => void this.turn.then(() => call.end()));
    call.on('error', () => {});
  }

  private receive(request: BatchAppendReq): void {
    const id = request.getCorrelationId()?.getString() ?? '';
    const options = request.getOptions();
    if (options !== undefined) this.pending.set(id, { options, events: [], size: 0 });
    const append = this.pending.get(id);
    if (append === undefined) return;
    for (const message of request.getProposedMessagesList()) {
      const event = proposedEvent(message);
      append.events.push(event);
      append.size += sizeOf(event);
    }
    if (!request.getIsFinal()) return;
    this.pending.delete(id);
    this.turn = this.turn.then(() => this.process(request, append));
  }

  private async process(request: BatchAppendReq, append: Pending): Promise<void> {
    if (!(await this.faults.passage(this.life))) return;
    const { store, faults } = this;
    const stream = streamName(append.options.getStreamIdentifier());
    const key = `${stream} ${append.events.map(({ id }) => id).join()}`;
    // the same batch while the first is not committed yet: the server drops it, and gives it up later
    if (store.committing.has(key))
      return void delay(WRITE_TIMEOUT_MS).then(() => this.reply(request, stream, appendTimedOut()));
    store.committing.add(key);
    const response = this.outcome(append);
    const isUnheard = response.hasSuccess() && faults.dropsReply();
    void delay(faults.delayMs).then(() => {
      store.committing.delete(key);
      if (!isUnheard) this.reply(request, stream, response);
    });
  }

  private reply(request: BatchAppendReq, stream: string, response: BatchAppendResp): void {
    response.setCorrelationId(request.getCorrelationId()).setStreamIdentifier(streamIdentifier(stream));
    if (!this.call.destroyed && !this.call.cancelled) this.call.write(response);
  }

  private outcome({ options, events, size }: Pending): BatchAppendResp {
    if (this.faults.notReady) return refused('Server Is Not Ready');
    const deadline = options.getDeadline()?.toDate().getTime() ?? Infinity;
    if (deadline <= Date.now()) return appendTimedOut();
    if (size > this.faults.maxAppendSize) return appendTooLarge(this.faults.maxAppendSize);
    if (events.some(({ id, type }) => !isUsable(id) || type === '')) return refused('Bad Request');
    const stream = streamName(options.getStreamIdentifier());
    if (!this.mayAppend(stream)) return accessDenied();
    if (this.store.isTombstoned(stream)) return streamDeleted();
    return this.answer(options, this.store.append(stream, events, expectedOf(options)));
  }

  private answer(options: BatchAppendReq.Options, outcome: Outcome): BatchAppendResp {
    if (outcome.kind === 'wrong-version') return wrongExpectedVersion(options, outcome.current);
    const { kind, revision, position } = outcome;
    if (kind === 'stored' || this.faults.repeats === 'recognised') return appended(revision, position);
    if (this.faults.repeats === 'refused') return wrongExpectedVersion(options, revision);
    return appended(revision, UNKNOWN_POSITION);
  }
}

const NIL = '00000000-0000-0000-0000-000000000000';
const isUsable = (id: string): boolean => id !== NIL && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

function expectedOf(options: BatchAppendReq.Options): Expected {
  if (options.hasStreamPosition()) return Number(options.getStreamPosition());
  if (options.hasNoStream()) return 'no-stream';
  return options.hasStreamExists() ? 'stream-exists' : 'any';
}

import { asFailure } from '../shared/failure.ts';
import { decide, type Decision, type WaitReason } from '../shared/retry.ts';
import type { CastVote, VoteBody } from '#contract';
import type { OnDone } from './challenge-keeper.ts';
import type { HumanProof } from './voter-api.ts';

/** What is happening to the vote right now. `delay` in milliseconds; `done`: expected share of the work, 0–1. */
export type VoteStep =
  /** `crowded`: it takes longer because this network asks for much. */
  | { readonly phase: 'solving'; readonly done: number; readonly crowded: boolean }
  | { readonly phase: 'sending' }
  | { readonly phase: 'waiting'; readonly delay: number; readonly reason: WaitReason }
  | { readonly phase: 'offline' };

/** How it ended. After `failed` the same flow may be run again: it goes on with the same challenge. */
export type VoteOutcome =
  | { readonly kind: 'done'; readonly vote: StoredVote }
  /** `certain`: no earlier try of this vote may have got through. */
  | { readonly kind: 'closed'; readonly certain: boolean }
  /** The poll is paused. `certain`: as above; if not, the challenge is kept, so that the vote counts once when it is sent again. */
  | { readonly kind: 'paused'; readonly certain: boolean }
  /** The ballot is not the one that the voter saw. `certain`: as above. */
  | { readonly kind: 'changed'; readonly certain: boolean }
  | { readonly kind: 'reload' }
  | { readonly kind: 'failed'; readonly reason: WaitReason | 'refused' }
  /** The voter did not want to wait. `certain`: it was never sent. */
  | { readonly kind: 'cancelled'; readonly certain: boolean };

/** A vote that is stored, and where its receipt is shown, if it has one. */
export type StoredVote = CastVote & { readonly receipt?: string };

/** What the flow needs from the page; times in milliseconds. */
export interface VotePorts {
  readonly challenges: { take(onDone: OnDone): Promise<HumanProof>; renew(): void };
  send(number: number, body: VoteBody): Promise<StoredVote>;
  sleep(ms: number): Promise<void>;
  /** Resolves when the line may be back. */
  online(): Promise<void>;
  random(): number;
  /** Aborts when the voter does not want to wait any more. */
  readonly cancelled: AbortSignal;
}

/** Whom the vote is for, on which ballot. It stays what it was when the voter tapped, whatever is shown meanwhile. */
export interface Choice {
  readonly number: number;
  /** "para eliminar Ana" */
  readonly whatFor: string;
  readonly cedula: string;
  /** Of the poll. */
  readonly titulo: string;
}

type Report = (step: VoteStep) => void;
type Attempt = { readonly vote: StoredVote } | { readonly error: unknown };

async function attempt({ number, cedula }: Choice, ports: VotePorts, report: Report): Promise<Attempt> {
  try {
    report({ phase: 'solving', done: 0, crowded: false });
    const proof = await ports.challenges.take((done, crowded) => report({ phase: 'solving', done, crowded }));
    report({ phase: 'sending' });
    return { vote: await ports.send(number, { ...proof, cedula }) };
  } catch (error) {
    return { error };
  }
}

/** Carries out a decision that leads to another try; returns the outcome when it does not. */
async function carryOut(
  decision: Decision,
  tries: number,
  ports: VotePorts,
  report: Report,
): Promise<VoteOutcome | null> {
  switch (decision.action) {
    case 'retry':
      report({ phase: 'waiting', delay: decision.delay, reason: decision.reason });
      await ports.sleep(decision.delay);
      return null;
    case 'await-online':
      report({ phase: 'offline' });
      await ports.online();
      return null;
    case 'renew':
      ports.challenges.renew();
      return null;
    case 'closed':
      return { kind: 'closed', certain: tries <= 1 };
    case 'paused':
      if (tries <= 1) ports.challenges.renew();
      return { kind: 'paused', certain: tries <= 1 };
    case 'changed':
      ports.challenges.renew();
      return { kind: 'changed', certain: tries <= 1 };
    case 'reload':
      ports.challenges.renew();
      return { kind: 'reload' };
    case 'give-up':
      return { kind: 'failed', reason: decision.reason };
  }
}

/** Sends one vote until it is stored, refused for good, cancelled, or the tries are used up. Never throws. */
export function castVote(choice: Choice, ports: VotePorts, report: Report): Promise<VoteOutcome> {
  const { cancelled } = ports;
  let isSent = false;
  const flow = untilSettled(choice, untilCancelled(ports), (step) => {
    if (cancelled.aborted) return;
    isSent ||= step.phase === 'sending';
    report(step);
  });
  const whenCancelled = new Promise<VoteOutcome>((resolve) => {
    cancelled.addEventListener('abort', () => {
      // it may have got through, and the next vote is another one
      if (isSent) ports.challenges.renew();
      resolve({ kind: 'cancelled', certain: !isSent });
    });
  });
  return Promise.race([flow, whenCancelled]);
}

/** The same ports, behind which nothing ends any more once the vote is cancelled: what waits there stays. */
function untilCancelled({ cancelled, challenges, ...ports }: VotePorts): VotePorts {
  const held = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      promise.then(
        (value) => {
          if (!cancelled.aborted) resolve(value);
        },
        (error: unknown) => {
          if (!cancelled.aborted) reject(asFailure(error));
        },
      );
    });
  return {
    ...ports,
    cancelled,
    challenges: { take: (onDone) => held(challenges.take(onDone)), renew: () => challenges.renew() },
    send: (number, body) => held(ports.send(number, body)),
    sleep: (ms) => held(ports.sleep(ms)),
    online: () => held(ports.online()),
  };
}

async function untilSettled(choice: Choice, ports: VotePorts, report: Report): Promise<VoteOutcome> {
  let tries = 0;
  let renewals = 0;
  for (;;) {
    const result = await attempt(choice, ports, report);
    if ('vote' in result) {
      ports.challenges.renew();
      return { kind: 'done', vote: result.vote };
    }
    const failure = asFailure(result.error);
    if (failure.kind !== 'offline') tries++;
    const decision = decide(failure, { tries, renewals }, ports.random());
    if (decision.action === 'renew') renewals++;
    const outcome = await carryOut(decision, tries, ports, report);
    if (outcome) return outcome;
  }
}

import { asFailure } from '../shared/failure.ts';
import { decide, type Decision } from '../shared/retry.ts';
import type { CastVote, VoteBody } from '#contract';
import type { HumanProof } from './voter-api.ts';

/** What is happening to the vote right now. `delay` in milliseconds; `done`: expected share of the work, 0–1. */
export type VoteStep =
  | { readonly phase: 'solving'; readonly done: number }
  | { readonly phase: 'sending' }
  | { readonly phase: 'waiting'; readonly delay: number; readonly reason: 'busy' | 'network' }
  | { readonly phase: 'offline' };

/** How it ended. After `failed` the same flow may be run again: it goes on with the same challenge. */
export type VoteOutcome =
  | { readonly kind: 'done'; readonly vote: CastVote }
  /** `certain`: no earlier try of this vote may have got through. */
  | { readonly kind: 'closed'; readonly certain: boolean }
  /** The poll is paused. `certain`: as above; if not, the challenge is kept, so that the vote counts once when it is sent again. */
  | { readonly kind: 'paused'; readonly certain: boolean }
  /** The ballot is not the one that the voter saw. `certain`: as above. */
  | { readonly kind: 'changed'; readonly certain: boolean }
  | { readonly kind: 'reload' }
  | { readonly kind: 'failed'; readonly reason: 'busy' | 'network' | 'refused' };

/** What the flow needs from the page; times in milliseconds. */
export interface VotePorts {
  readonly challenges: { take(onDone: (done: number) => void): Promise<HumanProof>; renew(): void };
  send(number: number, body: VoteBody): Promise<CastVote>;
  sleep(ms: number): Promise<void>;
  /** Resolves when the line may be back. */
  online(): Promise<void>;
  random(): number;
}

/** Whom the vote is for, on which ballot. It stays what it was when the voter tapped, whatever is shown meanwhile. */
export interface Choice {
  readonly number: number;
  /** "para eliminar Ana" */
  readonly whatFor: string;
  readonly cedula: string;
}

type Report = (step: VoteStep) => void;
type Attempt = { readonly vote: CastVote } | { readonly error: unknown };

async function attempt({ number, cedula }: Choice, ports: VotePorts, report: Report): Promise<Attempt> {
  try {
    report({ phase: 'solving', done: 0 });
    const proof = await ports.challenges.take((done) => report({ phase: 'solving', done }));
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

/** Sends one vote until it is stored, refused for good, or the tries are used up. Never throws. */
export async function castVote(choice: Choice, ports: VotePorts, report: Report): Promise<VoteOutcome> {
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

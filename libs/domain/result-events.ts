import { event } from './wire/definition.ts';
import { bytes32, decided, moment, optional, record, text, user, wholeNumber } from './wire/fields.ts';

/** What one way of counting came to: counted votes, and the digest of the whole tally. */
const count = record({ votes: wholeNumber, digest: bytes32 });

/** What becomes of the result once the poll is closed: part of `POLL_EVENTS`. */
export const RESULT_EVENTS = {
  /**
   * An audit of the whole closed box agreed, and its auditor signed that: what the audit commits to, and both ways of counting.
   * `auditedAt`: when the audit was done, which another one may have followed before the signature. `acts`: how many events of the poll's own
   * stream it had read, which tells the earlier of two audits from the later, whatever their clocks said.
   */
  ResultChecked: event({
    versions: [
      {
        ...{ pollId: text, commitment: text, fold: count, sql: count, checkedAt: decided, by: user },
        auditedAt: optional(moment),
        acts: optional(wholeNumber),
      },
    ],
    after: ['sealed'],
    before: ['annulled'],
    says: ({ fold, commitment }) =>
      `Assinou a conferência: ${fold.votes.toLocaleString('pt-BR')} votos, compromisso ${commitment}`,
  }),
  /** An audit did not agree: nothing was signed, and what was signed before stands no more. `acts`: as above. */
  ResultCheckFailed: event({
    versions: [{ pollId: text, findings: wholeNumber, checkedAt: decided, by: user, acts: optional(wholeNumber) }],
    after: ['sealed'],
    before: ['annulled'],
    says: ({ findings }) => `Registrou que a conferência não confere: ${String(findings)} diferença(s)`,
  }),
  /** From now on the public may know it. `reason`: why nobody signed a check before. */
  ResultProclaimed: event({
    versions: [{ pollId: text, proclaimedAt: decided, by: user, reason: optional(text) }],
    after: ['sealed'],
    before: ['proclaimedAt', 'annulled'],
    says: ({ reason }) => `Proclamou o resultado${reason === undefined ? '' : ` sem conferência: ${reason}`}`,
  }),
  /** It went wrong and counts for nothing; its log stays as it is. `reason`: for the public to read. */
  PollAnnulled: event({
    versions: [{ pollId: text, reason: text, annulledAt: decided, by: user }],
    after: ['closed', 'sealed'],
    before: ['annulled'],
    says: ({ reason }) => `Anulou o paredão: ${reason}`,
  }),
} as const;

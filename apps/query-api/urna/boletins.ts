import { Injectable } from '@nestjs/common';

import type { Boletim } from '#contract';
import { rehearsalView, standingView, stateName } from '#contract/views';
import { isBoxPublic, isComplete, totalOf } from '#domain';
import { ProblemError } from '#platform';
import type { PollTally } from '#read-model';
import type { SealedCheckpoint, SealedLog } from '#seal';
import { base64 } from '#transparency';

import { participantTotals } from '../totals/total-view.ts';
import { PublishedLogs } from './published-logs.ts';
import { UrnaWitnesses } from './urna-witnesses.ts';
import { type Urna, Urnas } from './urnas.ts';
import { emptyRoot, keysView } from './zeresimas.ts';

/** What was signed of a poll last, and who else signed the box. */
interface Signed {
  readonly box: SealedCheckpoint;
  readonly acts: SealedCheckpoint;
  readonly testemunhas: Boletim['testemunhas'];
}

/** What is printed when the last vote is counted. */
@Injectable()
export class Boletins {
  constructor(
    private readonly urnas: Urnas,
    private readonly published: PublishedLogs,
    private readonly witnesses: UrnaWitnesses,
  ) {}

  /**
   * @param address where it is
   * @throws ProblemError `poll-not-closed`, `poll-not-counted`; and as `Urnas.of` and `PublishedLogs.checkpoint` do
   */
  async of(tally: PollTally, address: string): Promise<Boletim> {
    const { poll, cut } = tally.snapshot;
    if (poll.status === 'open') throw new ProblemError('poll-not-closed');
    const urna = await this.urnas.of(poll);
    if (cut === null) throw new ProblemError('poll-not-counted');
    const box = await this.published.checkpoint(urna.box);
    if (box.size <= Number(cut))
      throw new ProblemError('urna-not-sealed', 'the end of the ballot box is not sealed yet');
    const acts = await this.actsWithDecision(poll, urna);
    return boletimView(tally, urna, { box, acts, testemunhas: this.witnesses.of(box.note) }, address);
  }

  /** What is said of the result has to be in what is signed: a second after the proclamation it is. */
  private async actsWithDecision(poll: PollTally['snapshot']['poll'], { acts }: Urna): Promise<SealedCheckpoint> {
    const leaves = await this.urnas.actsWithDecision(poll);
    if ((await this.published.size(acts, leaves)) < leaves)
      throw new ProblemError('urna-not-sealed', 'what was decided about the result is not sealed yet');
    return this.published.checkpoint(acts);
  }
}

function boletimView({ snapshot, digest }: PollTally, urna: Urna, signed: Signed, address: string): Boletim {
  const { poll, votes, duplicates, late, expired, quarantined, cut } = snapshot;
  const { box, acts, testemunhas } = signed;
  return {
    paredao: poll.id,
    ...rehearsalView(poll),
    titulo: poll.title,
    finalidade: poll.purpose ?? null,
    estado: stateName(poll) as Boletim['estado'],
    aberto_em: poll.openedAt,
    encerrado_em: poll.closedAt!,
    ...standingView(poll),
    participantes: participantTotals(poll, votes),
    total: totalOf(snapshot),
    na_urna: {
      ...{ contados: totalOf(snapshot), duplicados: duplicates, atrasados: late },
      ...{ expirados: expired, quarentena: quarantined },
    },
    completo: isComplete(snapshot),
    corte: Number(cut),
    digest,
    compromisso: poll.checked?.commitment ?? null,
    zeresima: emptyRoot(urna),
    urna: signedView(urna.box, box),
    atos: signedView(urna.acts, acts),
    chaves: keysView(urna),
    testemunhas,
    definitivo: isBoxPublic(poll, Date.now()) && testemunhas.suficientes,
    endereco: address,
  };
}

const signedView = ({ signer }: SealedLog, { size, root, note }: SealedCheckpoint): Boletim['urna'] => ({
  ...{ origem: signer.name, folhas: size, raiz: base64(root), checkpoint: note },
});

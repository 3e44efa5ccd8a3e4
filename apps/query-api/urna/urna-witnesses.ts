import { Injectable } from '@nestjs/common';

import type { Boletim } from '#contract';
import { isoTime } from '#domain';
import { Environment } from '#platform';
import { type Verifier, cosignatureTime, signatureBy } from '#transparency';
import { parseWitnesses } from '#witness/list';

/** The witnesses that the environment names, and how many of them a final boletim needs. */
@Injectable()
export class UrnaWitnesses {
  /** Their keys. */
  readonly verifiers: readonly Verifier[];
  private readonly quorum: number;

  constructor({ witnesses = '', witnessQuorum }: Environment) {
    this.verifiers = parseWitnesses(witnesses).map(({ verifier }) => verifier);
    this.quorum = witnessQuorum;
  }

  /** Who of them cosigned a checkpoint. Signatures of others, and wrong ones, count for nothing. @param note with its signatures */
  of(note: string): Boletim['testemunhas'] {
    const assinaturas = this.verifiers.flatMap((witness) => {
      const cosignature = signatureBy(witness, note);
      if (cosignature === undefined) return [];
      return [{ nome: witness.name, assinado_em: isoTime(Number(cosignatureTime(cosignature.signature)) * 1000) }];
    });
    return { exigidas: this.quorum, assinaturas, suficientes: assinaturas.length >= this.quorum };
  }
}

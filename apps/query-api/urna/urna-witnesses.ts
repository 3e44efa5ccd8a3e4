import { Injectable } from '@nestjs/common';

import type { Boletim } from '#contract';
import { isoTime } from '#domain';
import { Environment } from '#platform';
import { TransparencyError, type Verifier, cosignatureTime, openNote } from '#transparency';
import { parseWitnesses } from '#witness/list';

/** The witnesses that the environment names, and how many of them a final boletim needs. */
@Injectable()
export class UrnaWitnesses {
  private readonly verifiers: readonly Verifier[];
  private readonly quorum: number;

  constructor({ witnesses = '', witnessQuorum }: Environment) {
    this.verifiers = parseWitnesses(witnesses).map(({ verifier }) => verifier);
    this.quorum = witnessQuorum;
  }

  /** Who of them cosigned a checkpoint. Signatures of others, and wrong ones, count for nothing. @param note with its signatures */
  of(note: string): Boletim['testemunhas'] {
    const assinaturas = this.verifiers.flatMap((witness) => {
      const time = signedAt(note, witness);
      return time === undefined ? [] : [{ nome: witness.name, assinado_em: time }];
    });
    return { exigidas: this.quorum, assinaturas, suficientes: assinaturas.length >= this.quorum };
  }
}

function signedAt(note: string, witness: Verifier): string | undefined {
  try {
    const [cosignature] = openNote(note, [witness]).verified;
    return isoTime(Number(cosignatureTime(cosignature!.signature)) * 1000);
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return undefined;
  }
}

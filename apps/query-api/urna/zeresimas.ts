import { Injectable } from '@nestjs/common';

import type { Boletim, Zeresima } from '#contract';
import { participantView, rehearsalView } from '#contract/views';
import { RecentMap } from '#collections';
import { checkpointStream, FIRST_BOX, type RecordedEvent } from '#domain';
import { EventLog } from '#event-log';
import type { PollTally } from '#read-model';
import { checkpointIn, leafOf, noteIn } from '#seal';
import { base64, leafHash } from '#transparency';

import { type Urna, Urnas } from './urnas.ts';

const MAX_REMEMBERED = 64;
/** So many events may stand before the first checkpoint: a decision of an operator, or what a stranger wrote. */
const MAX_LOOKED_AT = 8;

/** What is printed before the first vote. */
@Injectable()
export class Zeresimas {
  private readonly signed = new RecentMap<string, string>(MAX_REMEMBERED);

  constructor(
    private readonly log: EventLog,
    private readonly urnas: Urnas,
  ) {}

  /**
   * @param address where it is
   * @throws as `Urnas.of` does
   */
  async of({ snapshot: { poll } }: PollTally, address: string): Promise<Zeresima> {
    const urna = await this.urnas.of(poll);
    return zeresimaView(urna, await this.checkpointOf(poll.id, urna), address);
  }

  /** The checkpoint of the box while it was empty, which is signed within a second or two. */
  private async checkpointOf(pollId: string, urna: Urna): Promise<string | null> {
    const known = this.signed.get(pollId);
    if (known !== undefined) return known;
    const events = await this.firstEvents(checkpointStream(pollId, FIRST_BOX));
    const root = emptyRoot(urna);
    const isOfEmpty = (note: string): boolean => {
      const checkpoint = checkpointIn(note, urna.box.signer);
      return checkpoint?.size === 1 && base64(checkpoint.root) === root;
    };
    const note = events.map((event) => noteIn(event)?.note).find((one) => one !== undefined && isOfEmpty(one));
    if (note === undefined) return null;
    this.signed.set(pollId, note);
    return note;
  }

  /** A signature is checked of each, and everybody may ask. */
  private async firstEvents(stream: string): Promise<readonly RecordedEvent[]> {
    for await (const page of this.log.read(stream, 0n)) return page.slice(0, MAX_LOOKED_AT);
    return [];
  }
}

/** Root of a box that has nothing but the event that opened it. */
export const emptyRoot = ({ first }: Urna): string => base64(leafHash(leafOf(first)));

export const keysView = ({ service, opened, keys: { box, acts, receipts } }: Urna): Boletim['chaves'] => ({
  ...{ servico: service, nota: opened.keys, urna: box, atos: acts, recibos: receipts },
});

function zeresimaView(urna: Urna, checkpoint: string | null, address: string): Zeresima {
  const { first, opened } = urna;
  return {
    paredao: opened.pollId,
    ...rehearsalView({ ...(opened.rehearsal === true && { rehearsal: true }) }),
    titulo: opened.title,
    finalidade: opened.purpose ?? null,
    regulamento: opened.rules ?? null,
    divulgacao: opened.policy ?? null,
    aberto_em: opened.openedAt,
    participantes: opened.participants.map(participantView),
    dificuldade: opened.difficulty,
    evidencia: opened.evidenceKeyHash,
    atos: { folhas: opened.acts.size, raiz: base64(Buffer.from(opened.acts.root, 'hex')) },
    origem: opened.origin,
    chaves: keysView(urna),
    folha: leafOf(first).toString(),
    raiz: emptyRoot(urna),
    checkpoint,
    endereco: address,
  };
}

import type { Counted, Finding } from './check.ts';

/** `proof`: the receipt proves that something is wrong with the ballot box. */
type Mark = 'yes' | 'no' | 'waiting' | 'proof';

/** One of the two words, and what is to be said of it. */
export interface Line {
  readonly mark: Mark;
  readonly text: string;
}

export interface Said {
  readonly registered: Line;
  readonly counted: Line;
}

const line = (mark: Mark, text: string): Line => ({ mark, text });

export const CHECKING: Said = {
  registered: line('waiting', 'Conferindo a assinatura…'),
  counted: line('waiting', 'Conferindo…'),
};

const WORTHLESS =
  'A assinatura não é desta urna. Este recibo foi danificado ou inventado: ninguém prometeu nada com ele.';
const NOTHING_FOLLOWS = 'Sem um recibo que valha, não há o que procurar na urna.';
/** Of what cannot be read as a receipt. */
export const DAMAGED: Said = {
  registered: line(
    'no',
    'Isto não é um recibo inteiro. Ele foi danificado ou inventado: ninguém prometeu nada com ele.',
  ),
  counted: line('no', NOTHING_FOLLOWS),
};

const LATER = 'Não deu para conferir agora. O recibo continua valendo: tente de novo, ou recarregue a página.';

const UNKNOWN: Said = {
  registered: line(
    'waiting',
    'Este serviço não mostra a urna deste recibo. De um ensaio, abra o recibo com o link do ensaio, no aparelho que votou.',
  ),
  counted: line('waiting', 'Só dá para saber com a urna.'),
};

const REGISTERED = line('yes', 'A urna assinou que este voto está nela, e a assinatura confere.');

const IN_BOX = line('yes', 'A assinatura confere, e a folha deste voto está na urna publicada.');
const BROKEN: Line = line(
  'proof',
  'A urna assinou que este voto estaria nela, e a urna publicada não o tem. Este recibo é prova contra este serviço, com a assinatura dele mesmo.',
);
const WHAT_TO_DO =
  'Não apague este recibo: baixe-o, guarde uma cópia e mostre-o aos auditores do paredão e a quem mais quiser.';

const REKEYED: Said = {
  registered: line(
    'proof',
    'Este serviço assinou outras chaves para esta urna do que as que ela tem agora: a urna foi refeita. O recibo, com as chaves que este aparelho guardou, é prova contra este serviço.',
  ),
  counted: line('proof', WHAT_TO_DO),
};

const COUNTED: Readonly<Record<Counted['kind'], Line>> = {
  withheld: line(
    'waiting',
    'Só se saberá quando o resultado for proclamado: a urna é publicada junto. Volte aqui depois.',
  ),
  unreachable: line('waiting', LATER),
  preparing: line(
    'waiting',
    'A urna já é pública, e a busca nela está sendo preparada. Tente de novo em alguns minutos.',
  ),
  counted: line(
    'yes',
    'A urna tem esta folha antes do encerramento, e este serviço não mostra nela outra mais antiga deste voto: está no total. Se há outra, vê quem confere a urna inteira.',
  ),
  late: line('no', 'A folha entrou na urna depois do encerramento da contagem. Todos podem ver isso nela.'),
  repeated: line(
    'no',
    'Com a mesma verificação, um voto para outro participante está antes na urna: conta aquele, e não este.',
  ),
  missing: line('proof', WHAT_TO_DO),
  contradicted: line('proof', `O que este serviço publica da urna não leva à raiz que ele assinou. ${WHAT_TO_DO}`),
};

/** A vote that counts in a poll that counts for nothing, any more or from the beginning. */
const ANNULLED = line('no', 'O voto está na urna e seria contado, mas o paredão foi anulado: nenhum voto dele vale.');

const REHEARSED = line('no', 'O voto está na urna do ensaio e foi contado nela. É um ensaio: nenhum voto dele vale.');

function saidOfCount({ counted, opening }: Extract<Finding, { kind: 'registered' }>): Line {
  if (counted.kind !== 'counted') return COUNTED[counted.kind];
  if (opening.zeresima.ensaio === true) return REHEARSED;
  return counted.boletim.anulado === null ? COUNTED.counted : ANNULLED;
}

const saidOfBox: Partial<Readonly<Record<Counted['kind'], Line>>> = {
  ...{ counted: IN_BOX, late: IN_BOX, repeated: IN_BOX },
  missing: BROKEN,
};

/** What the page says of a receipt. */
export function said(finding: Finding): Said {
  switch (finding.kind) {
    case 'unreachable':
      return { registered: line('waiting', LATER), counted: line('waiting', LATER) };
    case 'unknown':
      return UNKNOWN;
    case 'worthless':
      return { registered: line('no', WORTHLESS), counted: line('no', NOTHING_FOLLOWS) };
    case 'rekeyed':
      return REKEYED;
    case 'registered':
      return { registered: saidOfBox[finding.counted.kind] ?? REGISTERED, counted: saidOfCount(finding) };
  }
}

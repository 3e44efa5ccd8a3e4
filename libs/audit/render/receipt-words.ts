import type { Finding, Value } from '../findings.ts';
import { type Names, personOf } from './parts.ts';
import { say } from './values.ts';

const file = ({ at }: Finding): string => at.file ?? '';

const FAULTS: Readonly<Record<string, string>> = {
  signature: 'a assinatura não é da chave de recibos que está na zerésima',
  path: 'a folha e o caminho não levam à raiz que foi assinada',
  leaf: 'a folha não é de um voto',
};

const votedFor = (participant: Value, names: Names): string => personOf(Number(participant), names);

/** What became of the votes of which somebody has a receipt. */
export const RECEIPT_FINDINGS = {
  'receipt-without-log': (one) => `${file(one)}: há um recibo, e a urna não tem zerésima`,
  'receipt-of-another-box': (one) => `${file(one)}: é de ${say(one.actual)}, e esta urna é ${say(one.expected)}`,
  'receipt-not-proven': (one) => `${file(one)}: não é um recibo desta urna: ${FAULTS[say(one.actual)] ?? ''}`,
  'receipt-not-in-box': (one) =>
    `${file(one)}: o voto não está na urna, e o recibo foi assinado por ela. É prova contra o serviço: guarde-o e mostre-o`,
  'receipt-late': (one) =>
    `${file(one)}: registrado na revisão ${one.at.revision ?? ''}, depois do corte (${say(one.expected)}): não foi contado`,
  'receipt-raced': (one, names) =>
    `${file(one)}: registrado na revisão ${one.at.revision ?? ''} para ${votedFor(one.actual, names)}; o primeiro voto com o mesmo desafio, para ${votedFor(one.expected, names)}, é o que conta. O serviço assinou os dois votos: só quem votou sabe se enviou ambos`,
  'receipt-of-other-keys': (one) =>
    `${file(one)}: assinado com as chaves que o serviço deu a esta urna e que alguém guardou; a zerésima tem outras. É prova contra o serviço: guarde-o e mostre-o`,
  'kept-keys-not-proven': (one) =>
    `${file(one)}: são outras chaves do que as da zerésima, e nenhuma chave informada com --vkey as assinou: não provam nada`,
  'kept-keys-differ': (one) =>
    `${file(one)}: o serviço assinou estas chaves para ${say(one.expected)}, e a zerésima tem outras: a urna foi refeita. É prova contra o serviço: guarde-as e mostre-as`,
} as const satisfies Readonly<Record<string, (finding: Finding, names: Names) => string>>;

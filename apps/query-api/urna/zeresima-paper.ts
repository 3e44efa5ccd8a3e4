import type { Zeresima } from '#contract';
import { POLICY_WORDS } from '#domain';
import { described, escapeHtml } from '#wording';

import { facts, keysOf, paperHtml, section, table, verbatim } from './paper.ts';
import { moment, number } from './urna-words.ts';

const WAITING = 'Ainda não assinada: espere dois segundos e recarregue.';

/** The zerésima as a page. @param json path of the same as JSON */
export function zeresimaPaper(zeresima: Zeresima, json: string): string {
  const { titulo, ensaio, checkpoint, endereco } = zeresima;
  return paperHtml({
    title: 'Zerésima',
    heading: titulo,
    isRehearsal: ensaio === true,
    warning: checkpoint === null ? WAITING : '',
    address: endereco,
    json,
    body: bodyOf(zeresima),
  });
}

function bodyOf(zeresima: Zeresima): string {
  const { participantes, regulamento, raiz, checkpoint, chaves, folha } = zeresima;
  const people = table(
    ['Participante', 'Votos'],
    participantes.map(({ numero, nome }) => [`${numero} · ${nome}`, '0']),
  );
  const rules = regulamento === null ? '' : section('Regulamento', `<p class="lines">${escapeHtml(regulamento)}</p>`);
  return `<p>Antes do primeiro voto, a urna estava vazia. Isto é o que ela diz da votação, e nada disso pode mudar depois sem que a raiz mude.</p>
${section('A urna vazia', people + aboutPoll(zeresima))}${rules}
${section('Raiz da urna vazia', `<p class="root">${escapeHtml(raiz)}</p>${verbatim(checkpoint ?? WAITING)}`)}
${section('Chaves', keysOf(chaves))}
${section('A primeira folha, como está na urna', verbatim(folha))}
${section('Como conferir', HOW)}`;
}

function aboutPoll({
  paredao,
  finalidade,
  divulgacao,
  aberto_em,
  origem,
  dificuldade,
  evidencia,
  atos,
}: Zeresima): string {
  return facts([
    ['Paredão', paredao],
    ['Finalidade', described(finalidade)],
    ['Divulgação', divulgacao && POLICY_WORDS[divulgacao]],
    ['Aberta em', moment(aberto_em)],
    ['Nome da urna', origem],
    ['Preço-base da verificação', `${number(dificuldade)} hashes`],
    ['SHA-256 da chave que marca os votos', evidencia],
    ['Decisões até a abertura', `${number(atos.folhas)}, raiz ${atos.raiz}`],
  ]);
}

const HOW =
  '<p>A raiz é SHA-256 do byte zero seguido da primeira folha, em base64. O checkpoint, assinado pela chave da urna, a repete. ' +
  'A nota das chaves é assinada pela chave do serviço, em <a href="/urna/vkey">/urna/vkey</a>. Guarde esta página: ela prova depois que a urna começou assim.</p>';

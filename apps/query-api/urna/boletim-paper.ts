import type { Boletim } from '#contract';
import { described, escapeHtml, percent } from '#wording';

import { facts, keysOf, paperHtml, section, table, verbatim } from './paper.ts';
import { moment, number } from './urna-words.ts';

/** The boletim as a page. @param json path of the same as JSON */
export function boletimPaper(boletim: Boletim, json: string): string {
  const { titulo, ensaio, endereco } = boletim;
  return paperHtml({
    title: 'Boletim de urna',
    heading: titulo,
    isRehearsal: ensaio === true,
    warning: warningOf(boletim),
    address: endereco,
    json,
    body: bodyOf(boletim),
  });
}

/** Why it is not the last word. */
function warningOf({ anulado, definitivo, completo, testemunhas }: Boletim): string {
  const { exigidas, assinaturas, suficientes } = testemunhas;
  return [
    ...(anulado === null ? [] : [`Paredão anulado: ${anulado.motivo}`]),
    ...(completo ? [] : ['Há votos que não puderam ser lidos']),
    ...(suficientes ? [] : [`Provisório: ${assinaturas.length} de ${exigidas} testemunhas assinaram`]),
    ...(suficientes && !definitivo ? ['Provisório: o resultado não foi proclamado'] : []),
  ].join('. ');
}

function bodyOf(boletim: Boletim): string {
  const { participantes, total } = boletim;
  const people = table(
    ['Participante', 'Votos', '%'],
    [
      ...participantes.map(({ numero, nome, votos, percentual }) => [
        ...[`${numero} · ${nome}`, number(votos), percent(percentual)],
      ]),
      ['Total', number(total), ''],
    ],
  );
  return `${section('Votos', people + outcomes(boletim))}
${section('A votação', aboutPoll(boletim))}
${section('A urna', aboutLog(boletim.urna) + verbatim(boletim.urna.checkpoint))}
${section('Testemunhas', witnesses(boletim))}
${section('O que foi decidido', aboutLog(boletim.atos) + verbatim(boletim.atos.checkpoint))}
${section('Chaves', keysOf(boletim.chaves))}
${section('Como conferir', howTo(boletim))}`;
}

function outcomes({ na_urna: { duplicados, atrasados, expirados, quarentena } }: Boletim): string {
  const others = [
    ['repetidos', duplicados],
    ['depois do encerramento', atrasados],
    ['fora do prazo', expirados],
    ['ilegíveis', quarentena],
  ] as const;
  const said = others.filter(([, count]) => count > 0).map(([name, count]) => `${number(count)} ${name}`);
  return said.length === 0 ? '' : `<p>Na urna, sem contar: ${said.join(', ')}.</p>`;
}

const aboutPoll = (boletim: Boletim): string =>
  facts([
    ['Paredão', boletim.paredao],
    ['Finalidade', described(boletim.finalidade)],
    ['Aberta em', moment(boletim.aberto_em)],
    ['Encerrada em', moment(boletim.encerrado_em)],
    ['Conferida em', boletim.conferido_em && moment(boletim.conferido_em)],
    ['Proclamada em', boletim.proclamado_em && moment(boletim.proclamado_em)],
    ['Sem conferência porque', boletim.sem_conferencia],
    ['Compromisso da conferência', boletim.compromisso],
    ['Digest da apuração', boletim.digest],
    ['Raiz da zerésima', boletim.zeresima],
    ['Folha que encerra a contagem', number(boletim.corte)],
  ]);

const aboutLog = ({ origem, folhas, raiz }: Boletim['urna']): string =>
  facts([
    ['Nome', origem],
    ['Folhas', number(folhas)],
    ['Raiz', raiz],
  ]);

function witnesses({ testemunhas: { exigidas, assinaturas } }: Boletim): string {
  const signed = assinaturas.map(({ nome, assinado_em }) => [nome, `assinou em ${moment(assinado_em)}`] as const);
  const needed =
    exigidas === 0 ? 'Este serviço não exige assinatura de testemunhas.' : `Exigidas: ${number(exigidas)}.`;
  return `<p>${needed}</p>${facts(signed)}`;
}

function howTo({ endereco, urna: { origem } }: Boletim): string {
  const folder = endereco.replace(/\/boletim.*$/, '/1');
  return `<p>A urna é um transparency log, no formato público C2SP tlog-tiles. Qualquer programa desse formato a confere, sem o nosso código:</p>
${verbatim(`curl -O ${folder}/vkey\ngo run github.com/transparency-dev/tessera/cmd/fsck@v1.0.4 -storage_url=${folder}/ -public_key=vkey -ui=false`)}
<p>O fim esperado é “Successfully fsck'd log”, com a raiz que está acima. A chave de <strong>${escapeHtml(origem)}</strong> está na nota das chaves, que a chave do serviço assina: <a href="/urna/vkey">/urna/vkey</a>. Guarde esta página: com ela se prova depois que nenhum voto mudou.</p>`;
}

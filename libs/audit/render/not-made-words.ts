import type { InapplicableCode, UnverifiedCode } from '../report.ts';

/** Why a check was not made, and what would make it. */
interface NotMade {
  readonly why: string;
  readonly remedy: string;
}

export type NotMadeCode = UnverifiedCode | InapplicableCode;

const SECOND_RECOUNT =
  'o relatório para assinar em auditoria.html, “Conferir e assinar” e npm run audit (sem --quick) fazem a segunda recontagem';

export const NOT_MADE: Readonly<Record<NotMadeCode, NotMade>> = {
  quick: { why: 'só a segunda recontagem (SQL) mostra isso, e esta auditoria não a fez', remedy: SECOND_RECOUNT },
  further: {
    why: 'o que seria comparado vai além do ponto em que a leitura parou',
    remedy: 'audite até o fim do registro: no comando, sem --at',
  },
  'one-poll': {
    why: 'o arquivo é de um só paredão e não diz nada dos outros',
    remedy: 'audite o próprio registro, ou uma exportação de todos (npm run export -- --all)',
  },
  'no-key': {
    why: 'a chave que comprova cada voto só é revelada no lacre, depois do encerramento',
    remedy: 'audite de novo quando o paredão estiver lacrado, cerca de 15 segundos depois de encerrado',
  },
  'no-read-model': {
    why: 'uma exportação não traz a apuração que o serviço guarda',
    remedy: 'onde o serviço roda: npm run audit, ou --export com --read-model',
  },
  'no-total': {
    why: 'o serviço não pode ser testemunha de si mesmo: só quem está fora dele vê o que ele publica',
    remedy: 'de outra máquina: npm run audit -- --total com o endereço do serviço',
  },
  'no-announcement': {
    why: 'ninguém informou o que foi anunciado no ar',
    remedy: 'anote o total e os números de cada participante e informe em auditoria.html ou com --announced',
  },
  'no-commitment': {
    why: 'ninguém informou o compromisso de um relatório anterior',
    remedy: 'informe a linha “Compromisso” de um relatório que você guardou, em auditoria.html ou com --expect-hash',
  },
  'no-vkey': {
    why: 'ninguém informou uma chave em que confia',
    remedy: 'com a chave do serviço, guardada ou impressa na zerésima: npm run audit -- --vkey CHAVE',
  },
  'no-anchor': {
    why: 'ninguém trouxe o que foi guardado fora do serviço',
    remedy: 'com um checkpoint ou boletim que você guardou: npm run audit -- --anchor ARQUIVO',
  },
  'nothing-signed': {
    why: 'ninguém assinou a conferência, e o resultado não foi proclamado',
    remedy: 'audite de novo depois de “Conferir e assinar” em auditoria.html',
  },
  'no-manifest': { why: 'lido do próprio registro, que não tem manifesto', remedy: '' },
  'older-rule': { why: 'a votação é de antes de haver chaves que comprovam os votos', remedy: '' },
  'no-opening': { why: 'a urna é de uma versão anterior, sem zerésima', remedy: '' },
  'before-the-end': { why: 'antes do encerramento não há o que comparar', remedy: '' },
  'before-release': { why: 'o resultado ainda não foi proclamado', remedy: '' },
  'before-signatures': { why: 'a votação é de antes de haver assinaturas', remedy: '' },
  annulled: { why: 'o paredão foi anulado', remedy: '' },
  rehearsal: { why: 'ninguém anuncia o resultado de um ensaio', remedy: '' },
};

export const isNotMade = (code: string): code is NotMadeCode => Object.hasOwn(NOT_MADE, code);

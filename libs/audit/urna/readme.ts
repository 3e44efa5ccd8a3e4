import type { SealedCheckpoint } from '#seal';
import { base64 } from '#transparency';

import type { Urna, UrnaLog } from './urna-logs.ts';

/** What lies in the folder of an exported ballot box, for whoever finds it. The same log gives the same text. */
export function readmeOf({ opened, box, acts }: Urna, signed: Record<'box' | 'acts', SealedCheckpoint>): string {
  const line = ({ verifier }: UrnaLog, { size, root }: SealedCheckpoint): string =>
    `  ${verifier.name}: ${size} folhas, raiz ${base64(root)}`;
  return `${opened.rehearsal === true ? 'ENSAIO · estes votos não contam para nada\n\n' : ''}Urna do paredão ${opened.pollId}: ${opened.title}

${line(box, signed.box)}
  ${acts.verifier.name}: ${signed.acts.size} folhas, raiz ${base64(signed.acts.root)}

1/     a urna: cada voto é uma folha, na ordem do registro. A primeira é a zerésima; depois do BallotBoxClosed, nenhum voto conta.
atos/  o que foi decidido sobre a votação: abertura, correções, pausas, encerramento, proclamação.
chaves as chaves das duas, assinadas pela chave do serviço (${box.verifier.name.replace(/\/[^/]+\/[^/]+$/, '')}). Peça essa chave a quem não lhe deu esta pasta.

As pastas são transparency logs estáticos, no formato público C2SP tlog-tiles: checkpoint, tile/, tile/entries/ e vkey. Qualquer programa
desse formato os verifica, por exemplo, aqui:

  go run github.com/transparency-dev/tessera/cmd/fsck@v1.0.4 -storage_url=file://$PWD/1 -public_key=1/vkey -ui=false

O fim esperado é "Successfully fsck'd log". Compare a linha da raiz, acima, com o boletim de urna e com qualquer checkpoint que você
guardou. docs/audit.md, no repositório do serviço, mostra como, e tem dois programas curtos: um confere as raízes, o outro reconta os votos.
`;
}

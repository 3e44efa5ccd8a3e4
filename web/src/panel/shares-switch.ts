import type { Poll, Total } from '#contract';
import { byId, setText, whileBusy } from '../shared/dom.ts';
import { asFailure } from '../shared/failure.ts';
import { COMMAND_TIMEOUT, requestJson } from '../shared/http.ts';

const SEEN_BY: Record<Total['parcial_para'], string> = {
  todos: 'O público vê a parcial.',
  'quem-votou': 'Só quem votou vê a parcial.',
  ninguem: 'O público não vê a parcial.',
};
const OVER = { todos: 'O público vê o resultado.', 'quem-votou': '', ninguem: 'O público ainda não vê o resultado.' };

const line = byId('parcial-publico', HTMLElement);
const button = byId('parcial-comando', HTMLButtonElement);

const standing = ({ paredao, estado, parcial_para }: Total): string => [paredao, estado, parcial_para].join(' ');

/** Says who of the public sees the shares, and shows or hides them where that is on cue. */
export interface SharesSwitch {
  show(total: Total): void;
  /** Whose login the command is sent with. */
  use(token: string): void;
}

export function createSharesSwitch(): SharesSwitch {
  let token = '';
  let total: Total | undefined;
  /** Why the last press changed nothing, until somebody presses again or something changes. */
  let failure = { text: '', at: '' };

  async function send({ paredao, parcial_para }: Total): Promise<void> {
    const command = parcial_para === 'todos' ? 'ocultar-parcial' : 'mostrar-parcial';
    failure = { text: '', at: '' };
    try {
      await requestJson<Poll>(`/paredoes/${paredao}/${command}`, { method: 'POST', token, timeout: COMMAND_TIMEOUT });
    } catch (error) {
      failure = { text: asFailure(error).title || 'Nada mudou para o público. Tente de novo.', at: standing(total!) };
      setText(line, failure.text);
    }
  }

  button.addEventListener('click', () => total && void whileBusy(button, () => send(total!)));
  return {
    use: (next) => (token = next),
    show(next) {
      total = next;
      const { estado, parcial_para, divulgacao } = next;
      const seen = estado === 'aberto' ? SEEN_BY[parcial_para] : OVER[parcial_para];
      setText(line, failure.at === standing(next) ? failure.text : seen);
      button.hidden = estado !== 'aberto' || divulgacao !== 'sob-comando';
      setText(button, parcial_para === 'todos' ? 'Ocultar a parcial' : 'Mostrar a parcial');
    },
  };
}

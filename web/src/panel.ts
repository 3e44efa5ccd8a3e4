/** Production's panel: log in, then totals, live. */
import { fetchPolls } from './api.ts';
import { Door, deniedReason } from './door.ts';
import { byId, setText } from './dom.ts';
import { time } from './format.ts';
import { createPanelView } from './panel-view.ts';
import { countdown } from './timing.ts';
import { followTotal, type TotalListener } from './total-feed.ts';

const poll = new URLSearchParams(location.search).get('paredao');
const banner = byId('conexao', HTMLElement);
const pill = byId('estado-conexao', HTMLElement);
const view = createPanelView();

let feed = { stop: () => {} };
let counting = { stop: () => {} };

function setConnection(state: 'live' | 'lost' | 'missing', text: string): void {
  document.body.dataset['conexao'] = state;
  setText(pill, state === 'live' ? 'Conectado' : 'Sem conexão');
  setText(banner, text);
}

const listener: TotalListener = {
  onTotal: (total) => {
    document.body.dataset['carregado'] = 'true';
    view.show(total);
  },
  onLive() {
    counting.stop();
    setConnection('live', '');
  },
  onLost(failure, delay) {
    const why = failure.kind === 'offline' ? 'Sem internet' : 'Sem conexão ao vivo com a apuração';
    setConnection('lost', `${why}. Os números podem estar atrasados.`);
    counting.stop();
    counting = countdown(delay, (seconds) =>
      setText(pill, seconds > 0 ? `Reconectando em ${seconds} s` : 'Reconectando…'),
    );
  },
  onDenied(failure) {
    door.leave(deniedReason(failure, 'Este usuário não pode ver os totais.'));
  },
  onMissing() {
    counting.stop();
    setConnection(
      'missing',
      poll === null ? 'Ainda não há paredão. O painel abre sozinho.' : `Não existe o paredão nº ${poll}.`,
    );
  },
};

/** The polls that there are, beside the field that takes a number. */
async function offerPolls(token: string): Promise<void> {
  const polls = await fetchPolls(token).catch(() => []);
  const opened = polls.filter(({ abertoEm }) => abertoEm !== null);
  const options = opened.map(({ id, titulo }) => new Option(titulo, id));
  byId('paredoes', HTMLDataListElement).replaceChildren(...options);
}

const door = new Door(
  {
    onEnter({ token }) {
      document.body.dataset['view'] = 'painel';
      feed = followTotal(token, poll, listener);
      void offerPolls(token);
    },
    onLeave() {
      feed.stop();
      counting.stop();
      setText(banner, '');
    },
  },
  'Você saiu do painel.',
);

byId('atual', HTMLAnchorElement).hidden = poll === null;

const clock = byId('relogio', HTMLElement);
const second = () => {
  setText(clock, time(new Date().toISOString()));
  view.tick();
};
setInterval(second, 1_000);
second();

door.open();

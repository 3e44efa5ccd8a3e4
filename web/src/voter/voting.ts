import { sendVote } from './voter-api.ts';
import type { ChallengeKeeper } from './challenge-keeper.ts';
import type { VoteBar } from './vote-bar.ts';
import { keepReceipt } from '../shared/kept-receipts.ts';
import { countdown, sleep, untilOnline } from '../shared/timing.ts';
import { keepVote, keptVote } from './kept-vote.ts';
import { castVote, type Choice, type VoteOutcome, type VotePorts, type VoteStep } from './vote-flow.ts';

/**
 * A vote that is answered within this time (ms) is not told step by step: a slow phone would lay out the page for each step, and show the
 * confirmation a second later.
 */
const QUICK = 250;
/** A solution that comes faster than this (ms) is not worth a progress bar. */
const PATIENCE = 200;
/** From here on (ms) the page says why one waits, about how long, and offers to stop. */
const LONG_WAIT = 2_000;

const CROWDED = 'Esta rede está votando muito';

const waitingText = {
  crowded: { title: CROWDED, detail: 'Seu voto está guardado aqui e vai sozinho.' },
  busy: { title: 'Muita gente votando agora', detail: 'Seu voto está guardado aqui e vai sozinho.' },
  network: { title: 'A conexão falhou', detail: 'Seu voto vai de novo sozinho e conta uma vez só.' },
};

const failedText = {
  crowded: { title: CROWDED, detail: 'Seu voto ainda não foi confirmado. Espere um pouco e tente de novo.' },
  busy: { title: 'Ainda não deu', detail: 'Tem gente demais votando. Seu voto ainda não foi confirmado.' },
  network: { title: 'Sem resposta', detail: 'Seu voto ainda não foi confirmado. Confira a conexão.' },
  refused: { title: 'Este voto não foi aceito', detail: 'Tente mais uma vez, por favor.' },
};

const leftText = (seconds: number): string =>
  `${seconds > 90 ? 'Mais de um minuto' : `Cerca de ${seconds} s`} até o seu voto sair.`;

const isUsual = ({ phase }: VoteStep): boolean => phase === 'solving' || phase === 'sending';

/** Tells no usual step of a vote whose end is `told` in time; of several the last. */
function unlessQuick(tell: (step: VoteStep) => void): { step: (step: VoteStep) => void; told: () => void } {
  const begun = performance.now();
  let last: VoteStep | undefined;
  const timer = setTimeout(() => last && tell(last), QUICK);
  const told = (): void => clearTimeout(timer);
  const step = (now: VoteStep): void => {
    if (isUsual(now) && performance.now() - begun < QUICK) {
      last = now;
      return;
    }
    told();
    tell(now);
  };
  return { step, told };
}

/** Shows the steps of a vote in the vote bar. Returns what to call for each step, and when there are no more. */
function narrator(voteBar: VoteBar, number: number): { step: (step: VoteStep) => void; end: () => void } {
  const begun = performance.now();
  let counting = { stop: () => {} };
  const wait = (label: string) => voteBar.offer('aguarde', label, 0);

  function solving({ done, crowded }: Extract<VoteStep, { phase: 'solving' }>): void {
    const waited = performance.now() - begun;
    voteBar.progress(waited > PATIENCE ? done : null);
    wait('Preparando o seu voto…');
    if (waited <= LONG_WAIT) return;
    voteBar.offerCancel(true);
    // by chance it takes half of what is left
    const seconds = Math.ceil((waited * (1 - done)) / Math.max(done, 0.001) / 2 / 1_000);
    voteBar.say('warn', crowded ? CROWDED : 'Preparando o seu voto', leftText(seconds));
  }

  const { step, told } = unlessQuick((now) => {
    counting.stop();
    if (isUsual(now)) voteBar.say('plain', '');
    voteBar.progress(null);
    document.body.dataset['phase'] = now.phase;
    if (now.phase === 'solving') return solving(now);
    voteBar.offerCancel(now.phase !== 'sending');
    if (now.phase === 'sending') wait('Enviando o seu voto…');
    else if (now.phase === 'waiting') {
      const { title, detail } = waitingText[now.reason];
      voteBar.say('warn', title, detail);
      counting = countdown(now.delay, (seconds) => wait(`Nova tentativa em ${seconds} s`));
    } else {
      voteBar.say('warn', 'Você está sem internet', 'O voto vai sozinho quando a conexão voltar.');
      wait('Esperando a conexão…');
    }
  });
  const end = () => {
    told();
    counting.stop();
    voteBar.progress(null);
    voteBar.offerCancel(false);
    voteBar.offer('votar', 'Votar', number);
    document.body.dataset['phase'] = 'idle';
  };
  return { step, end };
}

/**
 * Casts one vote and tells its story in the vote bar. Never throws. Until it is settled the tab keeps it, in case the page is
 * loaded again.
 */
export async function vote(choice: Choice, voteBar: VoteBar, challenges: ChallengeKeeper): Promise<VoteOutcome> {
  const { number, titulo, whatFor } = choice;
  const { step, end } = narrator(voteBar, number);
  const cancelling = new AbortController();
  voteBar.onCancel(() => cancelling.abort());
  keepVote({ choice, sent: keptVote()?.sent ?? false });
  const ports: VotePorts = {
    ...{ challenges, sleep, online: () => untilOnline(10_000), random: Math.random, cancelled: cancelling.signal },
    async send(to, body) {
      keepVote({ choice, sent: true });
      const { voto, recibo } = await sendVote(to, body);
      return recibo === undefined ? voto : { ...voto, receipt: keepReceipt({ recibo, titulo, whatFor }) };
    },
  };
  const outcome = await castVote(choice, ports, step);
  end();
  if (outcome.kind !== 'failed') keepVote(undefined);
  else {
    document.body.dataset['phase'] = 'failed';
    const { title, detail } = failedText[outcome.reason];
    voteBar.say('warn', title, detail);
    voteBar.offer('tentar-de-novo', 'Tentar de novo', number);
  }
  return outcome;
}

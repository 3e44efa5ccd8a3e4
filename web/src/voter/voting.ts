import { sendVote } from './voter-api.ts';
import type { ChallengeKeeper } from './challenge-keeper.ts';
import type { VoteBar } from './vote-bar.ts';
import { countdown, sleep, untilOnline } from '../shared/timing.ts';
import { castVote, type Choice, type VoteOutcome, type VoteStep } from './vote-flow.ts';

/** A solution that comes faster than this (ms) is not worth a progress bar. */
const PATIENCE = 200;

const waitingText = {
  busy: { title: 'Muita gente votando agora', detail: 'Seu voto está guardado aqui e vai sozinho.' },
  network: { title: 'A conexão falhou', detail: 'Seu voto vai de novo sozinho e conta uma vez só.' },
};

const failedText = {
  busy: { title: 'Ainda não deu', detail: 'Tem gente demais votando. Seu voto ainda não foi confirmado.' },
  network: { title: 'Sem resposta', detail: 'Seu voto ainda não foi confirmado. Confira a conexão.' },
  refused: { title: 'Este voto não foi aceito', detail: 'Tente mais uma vez, por favor.' },
};

/** Shows the steps of a vote in the vote bar. Returns what to call for each step, and when there are no more. */
function narrator(voteBar: VoteBar, number: number): { step: (step: VoteStep) => void; end: () => void } {
  const begun = performance.now();
  let counting = { stop: () => {} };
  const wait = (label: string) => voteBar.offer('aguarde', label, 0);

  function step(now: VoteStep): void {
    counting.stop();
    const slow = now.phase === 'solving' && performance.now() - begun > PATIENCE;
    voteBar.progress(slow ? now.done : null);
    document.body.dataset['phase'] = now.phase;
    if (now.phase === 'solving') wait('Preparando o seu voto…');
    else if (now.phase === 'sending') wait('Enviando o seu voto…');
    else if (now.phase === 'waiting') {
      const { title, detail } = waitingText[now.reason];
      voteBar.say('warn', title, detail);
      counting = countdown(now.delay, (seconds) => wait(`Nova tentativa em ${seconds} s`));
    } else {
      voteBar.say('warn', 'Você está sem internet', 'O voto vai sozinho quando a conexão voltar.');
      wait('Esperando a conexão…');
    }
  }
  const end = () => {
    counting.stop();
    voteBar.progress(null);
    voteBar.offer('votar', 'Votar', number);
    document.body.dataset['phase'] = 'idle';
  };
  return { step, end };
}

/** Casts one vote and tells its story in the vote bar. Never throws. */
export async function vote(choice: Choice, voteBar: VoteBar, challenges: ChallengeKeeper): Promise<VoteOutcome> {
  const { number } = choice;
  const { step, end } = narrator(voteBar, number);
  const ports = { challenges, send: sendVote, sleep, online: () => untilOnline(10_000), random: Math.random };
  const outcome = await castVote(choice, ports, step);
  end();
  if (outcome.kind === 'failed') {
    document.body.dataset['phase'] = 'failed';
    const { title, detail } = failedText[outcome.reason];
    voteBar.say('warn', title, detail);
    voteBar.offer('tentar-de-novo', 'Tentar de novo', number);
  }
  return outcome;
}

import { sendVote } from './voter-api.ts';
import { closeCaptcha } from './captcha.ts';
import type { ChallengeKeeper } from './challenge-keeper.ts';
import type { VoteBar } from './vote-bar.ts';
import { keepReceipt } from '../shared/kept-receipts.ts';
import { sleep, untilOnline } from '../shared/timing.ts';
import { keptChallenge } from './kept-challenge.ts';
import { type KeptVote, keepVote, keptVote } from './kept-vote.ts';
import { CROWDED, Narrator } from './narrator.ts';
import { castVote, type Choice, type VoteOutcome, type VotePorts } from './vote-flow.ts';

const failedText = {
  crowded: { title: CROWDED, detail: 'Seu voto ainda não foi confirmado. Espere um pouco e tente de novo.' },
  busy: { title: 'Ainda não deu', detail: 'Tem gente demais votando. Seu voto ainda não foi confirmado.' },
  network: { title: 'Sem resposta', detail: 'Seu voto ainda não foi confirmado. Confira a conexão.' },
  refused: { title: 'Este voto não foi aceito', detail: 'Tente mais uma vez, por favor.' },
};

/** A vote that is on its way, with the challenge that it may be repeated with. */
const asSent = (choice: Choice): KeptVote => ({
  choice,
  sent: true,
  nonce: keptChallenge()?.challenge.parameters.nonce,
});

/**
 * Casts one vote and tells its story in the vote bar. Never throws. Until it is settled the tab keeps it, in case the page is
 * loaded again.
 */
export async function vote(choice: Choice, voteBar: VoteBar, challenges: ChallengeKeeper): Promise<VoteOutcome> {
  const { number, titulo, whatFor } = choice;
  const narrator = new Narrator(voteBar, number);
  const cancelling = new AbortController();
  voteBar.onCancel(() => {
    cancelling.abort();
    closeCaptcha();
  });
  const { sent = false, nonce } = keptVote() ?? {};
  keepVote({ choice, sent, nonce });
  const ports: VotePorts = {
    ...{ challenges, sleep, online: () => untilOnline(10_000), random: Math.random, cancelled: cancelling.signal },
    async send(to, body) {
      keepVote(asSent(choice));
      const { voto, recibo } = await sendVote(to, body);
      return recibo === undefined ? voto : { ...voto, receipt: keepReceipt({ recibo, titulo, whatFor }) };
    },
  };
  const outcome = await castVote(choice, ports, (step) => narrator.step(step));
  narrator.end();
  if (outcome.kind === 'paused') keepVote({ ...asSent(choice), sent: !outcome.certain, paused: true });
  else if (outcome.kind !== 'failed') keepVote(undefined);
  else {
    document.body.dataset['phase'] = 'failed';
    const { title, detail } = failedText[outcome.reason];
    voteBar.say('warn', title, detail);
    voteBar.offer('tentar-de-novo', 'Tentar de novo', number);
  }
  return outcome;
}

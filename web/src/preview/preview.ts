/** The voter's page with the data of a draft, for staff: no vote, and no request of a voter, leaves it. */
import { fetchPolls } from '../shared/api.ts';
import { byId, setText } from '../shared/dom.ts';
import { ApiFailure, asFailure } from '../shared/failure.ts';
import { answerHere } from '../shared/http.ts';
import { loadSession } from '../shared/session.ts';
import type { Poll, PollSummary, Rules } from '#contract';

const token = loadSession()?.token ?? '';
const id = new URLSearchParams(location.search).get('paredao') ?? '';

/** As voters will see it: as if it had just been opened. */
function onAir(poll: PollSummary): Poll {
  const now = new Date().toISOString();
  const isPast = poll.encerra_em !== null && poll.encerra_em <= now;
  return { ...poll, estado: 'aberto', aberto_em: now, ...(isPast && { encerra_em: null }) };
}

async function draft(): Promise<PollSummary> {
  const poll = (await fetchPolls(token)).find((one) => one.id === id);
  if (!poll) throw new ApiFailure({ kind: 'refused', status: 404, code: 'poll-not-found' });
  return poll;
}

/** What the service would answer to a voter, as far as it is looked at here. The rest gets no answer. */
const answers: Record<string, () => Promise<Poll | Rules>> = {
  '/paredao': async () => onAir(await draft()),
  '/paredao/regulamento': async () => {
    const { titulo, regulamento } = await draft();
    return { paredao: id, titulo, regulamento: regulamento ?? '' };
  },
};

function say(text: string): void {
  const mark = document.querySelector('.preview-mark p');
  if (mark) setText(mark, text);
}

answerHere((path) => answers[path.split('?')[0] ?? '']?.() ?? new Promise(() => {}));
byId('cedula', HTMLFormElement).addEventListener(
  'submit',
  (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    say('Prévia: aqui o voto seguiria. Nenhum voto sai daqui');
  },
  { capture: true },
);

try {
  await draft();
  await import('../voter/voter.ts');
} catch (error) {
  const isDenied = token === '' || [401, 403].includes(asFailure(error).status);
  say(isDenied ? 'Prévia: entre na administração e abra de novo' : 'Prévia: este rascunho não está mais lá');
}

import type { CueBody, Poll, Screen, Stage } from '#contract';
import { totalPath } from '../shared/api.ts';
import { byId, setText, showLines, whileBusy } from '../shared/dom.ts';
import { asFailure } from '../shared/failure.ts';
import { follow } from '../shared/feed.ts';
import { COMMAND_TIMEOUT, requestJson } from '../shared/http.ts';

type Mode = Stage['modo'];

/** Production is told of a stage that fell silent within two seconds: this stream must not be silent for longer, ms. */
const EAGER = { silence: 1_500, retry: 1_000 };

const NAMES: Record<Mode, string> = {
  contagem: 'contagem',
  parcial: 'parcial',
  suspense: 'suspense',
  revelacao: 'revelação',
};

const note = byId('palco-nota', HTMLElement);
const list = byId('telas', HTMLElement);
const ears = byId('telas-aviso', HTMLElement);
const dialog = byId('revelar', HTMLDialogElement);

const say = (text: string): void => setText(note, text);
const screens = (count: number): string => `${count} ${count === 1 ? 'tela' : 'telas'}`;

/** "Telão: suspense", "Telão sem conexão há 3 s" */
function screenText({ nome, modo, paredao, conectada, silencio_segundos }: Screen, shown: string): string {
  if (!conectada) return `${nome} sem conexão há ${Math.floor(silencio_segundos)} s`;
  return `${nome}: ${NAMES[modo]}${paredao === shown ? '' : ` (paredão nº ${paredao})`}`;
}

interface Line {
  readonly text: string;
  readonly isConnected: boolean;
}

function show(lines: readonly Line[]): void {
  const texts = lines.map(({ text }) => text);
  for (const [index, line] of showLines(list, texts).entries())
    line.dataset['conectada'] = String(lines[index]?.isConnected);
}

function showScreens({ telas, paredao }: Stage): void {
  const lost = telas.filter(({ conectada }) => !conectada);
  const lines = telas.map((one) => ({ text: screenText(one, paredao), isConnected: one.conectada }));
  show(lines.length > 0 ? lines : [{ text: 'Nenhum palco conectado', isConnected: false }]);
  const silent = lost.map(({ nome }) => `${nome} sem conexão.`).join(' ');
  setText(ears, silent || `${screens(telas.length)} no palco.`);
}

function showLost(): void {
  const text = 'Sem notícia do palco';
  show([{ text, isConnected: false }]);
  setText(ears, `${text}.`);
}

/** What is asked before something that cannot be taken back: the nation has seen it. */
function questionFor(mode: Mode, { telas, publica, estado }: Stage) {
  const where = `em ${screens(telas.filter(({ conectada }) => conectada).length)}`;
  if (mode === 'revelacao') {
    const text = `O resultado vai ao ar agora, um participante depois do outro, ${where}.`;
    return { title: 'Revelar o resultado no palco?', text, yes: 'Revelar agora' };
  }
  if (mode !== 'parcial' || publica || estado !== 'aberto') return undefined;
  const text = `A divulgação deste paredão ainda não mostra a parcial a todos. No palco ela vai ao ar ${where}.`;
  return { title: 'Mostrar a parcial no palco?', text, yes: 'Mostrar agora' };
}

/** The buttons of the stage, and what its screens show. */
class StageDesk {
  readonly #poll: string | null;
  readonly #buttons = [...document.querySelectorAll<HTMLButtonElement>('.cue')];
  #feed = { stop: () => {} };
  #token = '';
  #stage: Stage | undefined;
  /** What the dialog asks about. */
  #wanted: (() => void) | undefined;

  constructor(poll: string | null) {
    this.#poll = poll;
    byId('palco-abrir', HTMLAnchorElement).href = totalPath('/palco.html', poll);
    for (const button of this.#buttons) button.addEventListener('click', () => this.#press(button));
    dialog.addEventListener('close', () => {
      if (dialog.returnValue === 'sim') this.#wanted?.();
    });
  }

  /** Whose login commands are sent with. */
  use(token: string): void {
    this.#token = token;
  }

  open(token: string): void {
    this.use(token);
    this.#feed.stop();
    const source = { path: totalPath('/palco/aovivo', this.#poll), event: 'palco', eager: EAGER };
    this.#feed = follow<Stage>(source, () => this.#token, {
      onData: (stage) => this.#show(stage),
      onLive: () => {},
      onLost: showLost,
      // the totals' stream says what this one would say
      onMissing: () => {},
      onDenied: () => {},
    });
  }

  close(): void {
    this.#feed.stop();
    this.#stage = undefined;
    dialog.close('nao');
    say('');
  }

  #show(stage: Stage): void {
    this.#stage = stage;
    for (const button of this.#buttons) {
      button.setAttribute('aria-pressed', String(button.dataset['modo'] === stage.modo));
      button.dataset['pronto'] = String(button.dataset['modo'] !== 'revelacao' || stage.revelavel);
    }
    showScreens(stage);
  }

  #press(button: HTMLButtonElement): void {
    const mode = button.dataset['modo'] as Mode;
    say('');
    if (!this.#stage || mode === this.#stage.modo) return;
    if (mode === 'revelacao' && !this.#stage.revelavel) return say('A revelação espera o resultado ser proclamado.');
    const cue = (): void => void whileBusy(button, () => this.#cue(mode));
    const question = questionFor(mode, this.#stage);
    if (!question) return cue();
    this.#wanted = cue;
    setText(byId('revelar-titulo', HTMLElement), question.title);
    setText(byId('revelar-texto', HTMLElement), question.text);
    setText(byId('revelar-sim', HTMLElement), question.yes);
    dialog.returnValue = 'nao';
    dialog.showModal();
  }

  async #cue(modo: Mode): Promise<void> {
    const path = `/paredoes/${this.#stage?.paredao ?? ''}/palco`;
    try {
      const body: CueBody = { modo };
      await requestJson<Poll>(path, { method: 'POST', body, token: this.#token, timeout: COMMAND_TIMEOUT });
    } catch (error) {
      const { title, kind } = asFailure(error);
      say(title || (kind === 'offline' ? 'Você está sem internet.' : 'O palco não mudou. Tente de novo.'));
    }
  }
}

/** @param poll that the panel shows; null: the one that was opened last */
export const createStageDesk = (poll: string | null): StageDesk => new StageDesk(poll);

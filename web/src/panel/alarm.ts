import { byId, setText } from '../shared/dom.ts';
import { ofBrowser } from '../shared/storage.ts';
import { AlarmSound } from './alarm-sound.ts';
import type { Staleness } from './staleness.ts';

const KEY = 'paredao.painel.som';
/** From one sound to the next, ms. */
const PAUSE = 4_000;

const NOTHING = { level: 'fresh', text: '' } as const;

/** What the page says of the sound: off, on, and on but not to be heard yet. */
const NOTES = {
  off: '',
  on: 'Toca quando os números param, também com a aba escondida.',
  blocked: 'O navegador ainda não deixa tocar: clique na página ou aperte uma tecla.',
};

/** Says that the numbers stand still: to eyes, to readers of screens, and to the room where somebody has switched that on. */
export class Alarm {
  readonly #line = byId('alarme', HTMLElement);
  readonly #ears = byId('alarme-aviso', HTMLElement);
  readonly #hush = byId('silenciar', HTMLButtonElement);
  readonly #switch = byId('som', HTMLInputElement);
  readonly #note = byId('som-nota', HTMLElement);
  readonly #sound = new AlarmSound(() => this.#describe());
  #level: Staleness['level'] = 'fresh';
  /** Somebody has heard this one. */
  #isHushed = false;
  #soundedAt = -Infinity;

  constructor() {
    this.#switch.checked = ofBrowser.load(KEY) === 'ligado';
    this.#switch.addEventListener('change', () => {
      ofBrowser.save(KEY, this.isOn ? 'ligado' : 'desligado');
      this.#describe();
    });
    byId('som-teste', HTMLButtonElement).addEventListener('click', () => void this.#try());
    this.#hush.addEventListener('click', () => {
      this.#isHushed = true;
      this.#hush.hidden = true;
    });
    this.#describe();
  }

  /** Whether the alarm sounds; then the page may not rest either. */
  get isOn(): boolean {
    return this.#switch.checked;
  }

  /**
   * Is called every second, and with new numbers.
   * @param staleness undefined: there are no numbers
   */
  show({ level, text }: Pick<Staleness, 'level' | 'text'> = NOTHING): void {
    setText(this.#line, text);
    document.body.dataset['alarme'] = level;
    if (level !== this.#level) {
      this.#level = level;
      setText(this.#ears, level === 'fresh' ? '' : 'Os números do painel pararam.');
      if (level === 'fresh') this.#isHushed = false;
    }
    const isLoud = level === 'loud' && this.isOn && !this.#isHushed;
    this.#hush.hidden = !isLoud;
    if (!isLoud || performance.now() - this.#soundedAt < PAUSE) return;
    this.#soundedAt = performance.now();
    this.#sound.play();
  }

  #describe(): void {
    if (this.isOn) void this.#sound.prepare();
    setText(this.#note, NOTES[!this.isOn ? 'off' : this.#sound.isBlocked ? 'blocked' : 'on']);
  }

  async #try(): Promise<void> {
    await this.#sound.prepare();
    this.#sound.play();
  }
}

/** Two tones, one after the other: Hz, and when each begins and ends, s. */
const TONES = [
  { pitch: 880, from: 0, to: 0.28 },
  { pitch: 660, from: 0.32, to: 0.6 },
] as const;
/** From 0 to 1: to be heard across a control room that works, and not to frighten it. */
const LOUDNESS = 0.35;
/** A tone that begins or ends at once clicks, s. */
const FADE = 0.02;

/** What rouses a browser's sound. */
const GESTURES = ['pointerdown', 'keydown'] as const;

/** The sound of the alarm. A browser plays none before somebody has touched the page. */
export class AlarmSound {
  readonly #changed: () => void;
  #context: AudioContext | undefined;

  /** @param changed is called when the browser lets the page be heard, or does not any more */
  constructor(changed: () => void) {
    this.#changed = changed;
    const rouse = (): void => void this.#rouse();
    for (const name of GESTURES) document.addEventListener(name, rouse, { passive: true, capture: true });
  }

  /** Gets ready to be heard. Resolves as soon as it is, which may be never. */
  async prepare(): Promise<void> {
    this.#context ??= new AudioContext();
    await this.#rouse();
  }

  /** Whether the browser waits for a touch or a key. */
  get isBlocked(): boolean {
    return this.#context?.state !== 'running';
  }

  /** Sounds once, if the browser lets it. */
  play(): void {
    const context = this.#context;
    if (context?.state !== 'running') return;
    for (const { pitch, from, to } of TONES) {
      const [start, end] = [context.currentTime + from, context.currentTime + to];
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.linearRampToValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(LOUDNESS, start + FADE);
      volume.gain.setValueAtTime(LOUDNESS, end - FADE);
      volume.gain.linearRampToValueAtTime(0, end);
      const tone = new OscillatorNode(context, { type: 'triangle', frequency: pitch });
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(end);
    }
  }

  async #rouse(): Promise<void> {
    if (this.#context?.state !== 'suspended') return;
    await this.#context.resume();
    this.#changed();
  }
}

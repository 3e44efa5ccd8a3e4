import { byId } from '../shared/dom.ts';
import type { CaptchaRequest } from '#contract';

/** The part of their interface that the three widgets share. Every callback may come more than once. */
interface WidgetApi {
  render(
    place: HTMLElement,
    options: {
      readonly sitekey: string;
      readonly action: string;
      readonly callback: (token: string) => void;
      readonly 'error-callback': () => void;
      readonly 'expired-callback': () => void;
    },
  ): unknown;
}

const GLOBAL = { turnstile: 'turnstile', hcaptcha: 'hcaptcha', recaptcha: 'grecaptcha' } as const;
const ONLOAD = 'captchaPronto';
/** ms; a widget may ask a person something. */
const LOAD_LIMIT = 8_000;
const ANSWER_LIMIT = 120_000;

type Page = Record<string, unknown>;
const page = globalThis as unknown as Page;

let loading: Promise<void> | undefined;
let giveUp = () => {};

/** Takes the widget away: nobody waits for its token any more. */
export const closeCaptcha = (): void => giveUp();

/** Loads the widget once; after a failure the next call tries again. */
function load(script: string): Promise<void> {
  loading ??= new Promise<void>((resolve, reject) => {
    page[ONLOAD] = () => resolve();
    const element = document.createElement('script');
    element.src = `${script}?render=explicit&onload=${ONLOAD}`;
    element.onerror = () => reject(new Error('the widget cannot be loaded'));
    setTimeout(() => reject(new Error('the widget takes too long')), LOAD_LIMIT);
    document.head.append(element);
  }).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function rendered(api: WidgetApi, place: HTMLElement, { chave, acao }: CaptchaRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('the widget gave no token'));
    setTimeout(fail, ANSWER_LIMIT);
    const options = { sitekey: chave, action: acao, callback: resolve };
    api.render(place, { ...options, 'error-callback': fail, 'expired-callback': fail });
  });
}

/**
 * Shows the widget that the server named until it gives a token.
 * @returns undefined when it gives none: what becomes of the vote then is for the server to say
 */
export async function askCaptcha(request: CaptchaRequest): Promise<string | undefined> {
  const section = byId('captcha', HTMLElement);
  const place = document.createElement('div');
  section.append(place);
  section.hidden = false;
  const givenUp = new Promise<undefined>((resolve) => (giveUp = () => resolve(undefined)));
  const token = load(request.script).then(() => rendered(page[GLOBAL[request.provedor]] as WidgetApi, place, request));
  try {
    return await Promise.race([token, givenUp]);
  } catch {
    return undefined;
  } finally {
    section.hidden = true;
    place.remove();
  }
}

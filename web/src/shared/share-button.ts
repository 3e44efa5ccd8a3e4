import { byId, setText, within } from './dom.ts';
import type { Shared } from './share-text.ts';

/** How long the button says what became of it, ms. */
const TOLD = 4_000;
const LABEL = 'Compartilhar';

interface OlderDocument {
  execCommand(command: 'copy'): boolean;
}

/** Without HTTPS a page has no `navigator.clipboard`: then by the command that every browser still knows. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'sr-only';
    document.body.append(field);
    const focused = document.activeElement;
    field.select();
    const older: OlderDocument = document;
    const isCopied = older.execCommand('copy');
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return isCopied;
  }
}

const isCancelled = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** By what the device has for it, else into the clipboard. Resolves with what there is to say of it. */
async function send({ text, path }: Shared): Promise<string> {
  const url = new URL(path, location.origin).href;
  if ('share' in navigator) {
    try {
      await navigator.share({ text, url });
      return '';
    } catch (error) {
      if (isCancelled(error)) return '';
    }
  }
  return (await copy(`${text} ${url}`)) ? 'Copiado: agora é só colar' : `Copie este endereço: ${url}`;
}

/** Wires the button `#compartilhar`. Returns what gives it something to share; nothing hides it. */
export function createShareButton(): (shared: Shared | undefined) => void {
  const button = byId('compartilhar', HTMLButtonElement);
  const label = within(button, 'span', HTMLElement);
  const ears = byId('compartilhado', HTMLElement);
  let latest: Shared | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string): void => {
    clearTimeout(timer);
    setText(label, text === '' ? LABEL : text);
    setText(ears, text);
    if (text !== '') timer = setTimeout(() => setText(label, LABEL), TOLD);
  };
  button.addEventListener('click', () => {
    if (latest) void send(latest).then(say);
  });
  return (shared) => {
    latest = shared;
    button.hidden = shared === undefined;
  };
}

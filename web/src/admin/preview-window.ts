import { say } from './feedback.ts';

/** What a draft is previewed as: the page, and a window like what it will be seen on, in CSS pixels. */
const PREVIEWS = {
  phone: { page: 'previa', window: 'popup,width=390,height=844' },
  stage: { page: 'previa-palco', window: 'popup,width=1280,height=784' },
};

/** Shows a draft as it will be seen. `isLost`: something is not saved that this browser does not keep either. */
export function openPreview(as: keyof typeof PREVIEWS, id: string, line: HTMLElement, isLost: boolean): void {
  const { page, window: size } = PREVIEWS[as];
  const opened = window.open(`/${page}.html?paredao=${id}`, page, size);
  if (!opened) return say(line, 'bad', 'O navegador não deixou abrir a janela da prévia.');
  opened.focus();
  say(line, 'good', isLost ? 'A prévia mostra o que está salvo: este navegador não guarda o resto.' : '');
}

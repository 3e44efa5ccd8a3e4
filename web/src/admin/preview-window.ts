import { say } from './feedback.ts';

/** As large as a common phone, in CSS pixels. */
const PHONE = 'popup,width=390,height=844';

/** Shows the page of the voters with the draft, in a window like a phone. It shows what is saved. */
export function openPreview(id: string, line: HTMLElement, isUnsaved: boolean): void {
  const opened = window.open(`/previa.html?paredao=${id}`, 'previa', PHONE);
  if (!opened) return say(line, 'bad', 'O navegador não deixou abrir a janela da prévia.');
  opened.focus();
  say(line, 'good', isUnsaved ? 'A prévia mostra o que está salvo: o resto ainda não aparece nela.' : '');
}

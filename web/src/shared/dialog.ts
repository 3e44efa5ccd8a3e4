import { byId } from './dom.ts';

/** A dialog of a page that everybody opens: before Safari 15.4 browsers have none, and it is a part of the page instead. */
export interface PublicDialog {
  open(): void;
  close(): void;
}

/** The dialog with this id. Where there are dialogs, the browser gives the focus back to where it was. */
export function publicDialog(id: string): PublicDialog {
  const root = byId(id, HTMLElement) as HTMLDialogElement;
  if ('showModal' in root) return { open: () => root.showModal(), close: () => root.close() };
  const part: HTMLElement = root;
  return {
    open() {
      part.setAttribute('open', '');
      part.scrollIntoView();
    },
    close: () => part.removeAttribute('open'),
  };
}

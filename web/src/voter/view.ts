/** What the voter's page shows; the style sheet follows it. */
export type View = 'loading' | 'soon' | 'vote' | 'voted' | 'ended' | 'notice';

export const view = (): View => document.body.dataset['view'] as View;
export const setView = (next: View): void => void (document.body.dataset['view'] = next);

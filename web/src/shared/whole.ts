/** A page came whole: the line that says otherwise (`parts/stuck.html`) stays away. To be called last. */
export const pageIsWhole = (): void => void (document.documentElement.dataset['script'] = 'on');

/** The same of a page for the staff, which asks for a browser of 2023 (Safari 16.4): in an older one the line stays. */
export function staffPageIsWhole(): void {
  if ('isWellFormed' in String.prototype && 'toSorted' in Array.prototype) pageIsWhole();
}

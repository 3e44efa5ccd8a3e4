import { endOf, indexAt } from './timeline.ts';
import type { View } from './line-chart.ts';

/** How somebody points at a moment of a chart: with a mouse, a finger or the arrow keys. */
export interface Moves {
  readonly plot: HTMLElement;
  readonly root: SVGSVGElement;
  readonly view: () => View | undefined;
  readonly point: (at: number | undefined) => void;
}

export function listenToPointer({ plot, root, view, point }: Moves): void {
  const follow = (event: PointerEvent): void => {
    const current = view();
    const { left, width } = root.getBoundingClientRect();
    if (current === undefined || width === 0) return;
    const axis = Number(root.querySelector<SVGElement>('.grid')?.getAttribute('x1') ?? 0);
    const end = Number(root.querySelector<SVGElement>('.grid')?.getAttribute('x2') ?? width);
    const share = Math.min(Math.max((event.clientX - left - axis) / Math.max(end - axis, 1), 0), 1);
    const { from, to } = current.window;
    point(from + share * (to - from));
  };
  plot.addEventListener('pointermove', follow);
  plot.addEventListener('pointerdown', follow);
  plot.addEventListener('pointerleave', (event) => {
    // a finger that is lifted leaves what it pointed at
    if (event.pointerType === 'mouse' && document.activeElement !== plot) point(undefined);
  });
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

export function listenToKeys({ plot, view, point }: Moves): void {
  plot.addEventListener('keydown', (event) => {
    const { samples = [], cursor } = view() ?? {};
    const last = samples.length - 1;
    const now = cursor === undefined ? last : indexAt(samples, cursor);
    const step = STEPS[event.key];
    const wanted = event.key === 'Home' ? 0 : event.key === 'End' ? last : step === undefined ? undefined : now + step;
    if (event.key === 'Escape') point(undefined);
    else if (wanted === undefined) return;
    else if (last >= 0) point(endOf(samples[Math.min(Math.max(wanted, 0), last)]!));
    event.preventDefault();
  });
  plot.addEventListener('blur', () => point(undefined));
}

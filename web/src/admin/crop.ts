import type { Focus } from '#contract';

/** A portrait as large as the largest screen needs it, in pixels. */
export const PORTRAIT = { width: 960, height: 1152 };
/** How far from the top of a portrait the face is, where the picture has room: what is below it is behind a name on the cards. */
const HEADROOM = 0.4;

/** Until somebody says more: faces are in the middle, and above it. */
export const USUAL_FOCUS: Focus = { x: 50, y: 35 };

/** A part of a picture in pixels, and where the face is in that part. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly focus: Focus;
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
const percent = (value: number, whole: number): number => clamp(Math.round((value / whole) * 100), 100);

/** The largest portrait in a picture that has the face in its middle, as far as the edges allow. */
export function portraitCrop(picture: { width: number; height: number }, face: Focus): Crop {
  const ratio = PORTRAIT.width / PORTRAIT.height;
  const width = Math.min(picture.width, picture.height * ratio);
  const height = width / ratio;
  const [x, y] = [(face.x / 100) * picture.width, (face.y / 100) * picture.height];
  const left = clamp(x - width / 2, picture.width - width);
  const top = clamp(y - height * HEADROOM, picture.height - height);
  return { left, top, width, height, focus: { x: percent(x - left, width), y: percent(y - top, height) } };
}

/** The focus after a step of the arrow keys; undefined for other keys. */
export function stepped({ x, y }: Focus, key: string, far: boolean): Focus | undefined {
  const steps: Record<string, readonly [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const step = steps[key];
  if (!step) return undefined;
  const size = far ? 10 : 2;
  return { x: clamp(x + step[0] * size, 100), y: clamp(y + step[1] * size, 100) };
}

import jsqr from 'jsqr';
import sharp, { type Sharp } from 'sharp';

/** The module itself is the function, whatever its types say. */
const decode = jsqr as unknown as typeof jsqr.default;
const PIXELS_A_MODULE = 6;

/** What a phone's camera reads in a picture; undefined where it finds no code. */
export async function codeIn(picture: Sharp): Promise<string | undefined> {
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return decode(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

/** The same of a drawing in SVG, which a camera sees sharply. */
export function codeInDrawing(drawing: string): Promise<string | undefined> {
  const side = String(Number(/viewBox="0 0 (\d+)/.exec(drawing)?.[1]) * PIXELS_A_MODULE);
  const whole = drawing.replace('<svg', `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"`);
  return codeIn(sharp(Buffer.from(whole)));
}

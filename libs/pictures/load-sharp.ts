import type sharp from 'sharp';

export type Sharp = typeof sharp;

/** What a service decodes. */
export type PictureFormat = 'Jpeg' | 'Png' | 'Webp' | 'Svg';

let loading: Promise<Sharp> | undefined;

async function restricted(): Promise<Sharp> {
  const { default: library } = await import('sharp');
  library.concurrency(1);
  library.cache(false);
  library.block({ operation: ['VipsForeignLoad'] });
  return library;
}

/**
 * The image library, on one thread and with no cache of its own. In a process it decodes what was asked for and nothing else.
 * @throws where it cannot be loaded: a platform that it has no binaries for, or a `node_modules` without them
 */
export async function loadSharp(...formats: PictureFormat[]): Promise<Sharp> {
  loading ??= restricted();
  const library = await loading;
  library.unblock({ operation: formats.map((format) => `VipsForeignLoad${format}Buffer`) });
  return library;
}

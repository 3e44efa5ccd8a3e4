import type { PinoLogger } from 'nestjs-pino';
import type sharp from 'sharp';

export type Sharp = typeof sharp;

/** The only decoders that an upload can reach. */
const LOADERS = ['Jpeg', 'Png', 'Webp'].map((format) => `VipsForeignLoad${format}Buffer`);

/**
 * The image library, held to three formats, one thread and no cache of its own.
 * @returns undefined where it cannot be loaded: a platform that it has no binaries for, or a `node_modules` without them
 */
export async function loadSharp(logger: PinoLogger): Promise<Sharp | undefined> {
  try {
    const { default: library } = await import('sharp');
    library.concurrency(1);
    library.cache(false);
    library.block({ operation: ['VipsForeignLoad'] });
    library.unblock({ operation: LOADERS });
    return library;
  } catch (error) {
    logger.warn(
      { err: error },
      'no photo can be taken, and all are served as they were stored: sharp cannot be loaded',
    );
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

const YEAR_SECONDS = 31_536_000;
/** What the build makes, by the end of its name; the text among it has `.br` and `.gz` beside it. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};
/** By preference. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
/** Values of Accept-Encoding whose choice is remembered: browsers send very few. */
const REMEMBERED = 64;

/** A file in one encoding, ready to be sent. */
export interface Variant {
  readonly encoding: string;
  readonly body: Buffer;
  /** With the length of the body. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A file of the pages in memory: it is read, and its headers are made, once. */
export class PageFile {
  readonly etag: string;
  private readonly variants: readonly Variant[];
  private readonly chosen = new Map<string, Variant>();

  private constructor(
    readonly path: string,
    directory: string,
    headers: Readonly<Record<string, string>>,
  ) {
    const file = join(directory, ...path.split('/'));
    const content = readFileSync(file);
    this.etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    const common = { ...headers, 'content-type': TYPES[extname(path)]!, ...caching(path), etag: this.etag };
    const packed = ENCODINGS.filter(([, suffix]) => existsSync(file + suffix));
    this.variants = [...packed, ['identity', ''] as const].map(([encoding, suffix]) => {
      const body = suffix === '' ? content : readFileSync(file + suffix);
      const length = { 'content-length': String(body.length) };
      const encoded = encoding === 'identity' ? {} : { 'content-encoding': encoding };
      return { encoding, body, headers: { ...common, vary: 'accept-encoding, origin', ...encoded, ...length } };
    });
  }

  /**
   * Every file that the build made.
   * @param headers that each of them is sent with
   */
  static *in(directory: string, headers: Readonly<Record<string, string>>): Iterable<PageFile> {
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      if (extname(name) in TYPES) yield new PageFile(`/${name.split(sep).join('/')}`, directory, headers);
    }
  }

  /** The smallest form that a client takes. */
  for(accepted = ''): Variant {
    const known = this.chosen.get(accepted);
    if (known !== undefined) return known;
    const isTaken = new Set(accepted.split(',').filter(isWanted).map(nameOf));
    const variant = this.variants.find(({ encoding }) => isTaken.has(encoding)) ?? this.variants.at(-1)!;
    if (this.chosen.size >= REMEMBERED) this.chosen.clear();
    this.chosen.set(accepted, variant);
    return variant;
  }
}

const nameOf = (coding: string): string => coding.split(';', 1)[0]!.trim().toLowerCase();
const isWanted = (coding: string): boolean => !/;\s*q=0(?:\.0*)?\s*$/i.test(coding);

/** Files below `assets/` carry a hash in their names and may be cached without limit; pages are revalidated. */
const caching = (path: string): Record<string, string> => ({
  'cache-control': path.startsWith('/assets/') ? `public, max-age=${String(YEAR_SECONDS)}, immutable` : 'no-cache',
});

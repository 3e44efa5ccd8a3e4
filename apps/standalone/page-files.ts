import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { RecentMap } from '#collections';
import { acceptedEncodings } from '#platform';

const YEAR_SECONDS = 31_536_000;
/** What the build makes, by the end of its name; the text among it has `.br` and `.gz` beside it. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};
/** By preference. `pack` is for what is made while people wait. */
const ENCODINGS = [
  { name: 'br', suffix: '.br', pack: (text: Buffer) => brotliCompressSync(text, QUICK) },
  { name: 'gzip', suffix: '.gz', pack: (text: Buffer) => gzipSync(text) },
] as const;
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
/** Values of Accept-Encoding whose choice is remembered: browsers send very few. */
const REMEMBERED = 64;
/** A page with the heads that are asked for: of the poll on air, and of earlier ones. */
const REMEMBERED_HEADS = 16;

/** Where something of the poll goes into the head of a page; nginx reads it as well (nginx/snippets/routes.conf). */
const HEAD = /<!--# include virtual="\/cartao\/meta\?pagina=(\w+)\$named_poll"[^>]*-->/;

/** A file in one encoding, ready to be sent. */
export interface Variant {
  readonly encoding: string;
  readonly body: Buffer;
  /** With the length of the body. */
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

/** A file of the pages in memory: it is read, and its headers are made, once. */
export class PageFile {
  readonly etag: string;
  private readonly variants: readonly Variant[];
  private readonly chosen = new Map<string, Variant>();
  private readonly withHeads = new RecentMap<string, PageFile>(REMEMBERED_HEADS);

  private constructor(
    readonly path: string,
    private readonly content: Buffer,
    private readonly headers: Headers,
    packed: ReadonlyMap<string, Buffer>,
  ) {
    this.etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    const common = { ...headers, 'content-type': TYPES[extname(path)]!, ...caching(path), etag: this.etag };
    this.variants = [...packed, ['identity', content] as const].map(([encoding, body]) => {
      const length = { 'content-length': String(body.length) };
      const encoded = encoding === 'identity' ? {} : { 'content-encoding': encoding };
      return { encoding, body, headers: { ...common, vary: 'accept-encoding, origin', ...encoded, ...length } };
    });
  }

  /**
   * Every file that the build made.
   * @param headers that each of them is sent with
   */
  static *in(directory: string, headers: Headers): Iterable<PageFile> {
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      if (!(extname(name) in TYPES)) continue;
      const file = join(directory, name);
      const there = ENCODINGS.filter(({ suffix }) => existsSync(file + suffix));
      const packed = new Map(there.map(({ name: encoding, suffix }) => [encoding, readFileSync(file + suffix)]));
      yield new PageFile(`/${name.split(sep).join('/')}`, readFileSync(file), headers, packed);
    }
  }

  /** Which page it is, if its head has something of the poll in it. */
  get headOf(): string | undefined {
    return HEAD.exec(this.content.toString())?.[1];
  }

  /** The same page with something in its head. */
  withHead(head: string): PageFile {
    const known = this.withHeads.get(head);
    if (known !== undefined) return known;
    const content = Buffer.from(this.content.toString().replace(HEAD, () => head));
    const packed = new Map(ENCODINGS.map(({ name, pack }) => [name, pack(content)]));
    const page = new PageFile(this.path, content, this.headers, packed);
    this.withHeads.set(head, page);
    return page;
  }

  /** The smallest form that a client takes. */
  for(accepted = ''): Variant {
    const known = this.chosen.get(accepted);
    if (known !== undefined) return known;
    const isTaken = acceptedEncodings(accepted);
    const variant = this.variants.find(({ encoding }) => isTaken.has(encoding)) ?? this.variants.at(-1)!;
    if (this.chosen.size >= REMEMBERED) this.chosen.clear();
    this.chosen.set(accepted, variant);
    return variant;
  }
}

/** Files below `assets/` carry a hash in their names and may be cached without limit; pages are revalidated. */
const caching = (path: string): Record<string, string> => ({
  'cache-control': path.startsWith('/assets/') ? `public, max-age=${String(YEAR_SECONDS)}, immutable` : 'no-cache',
});

import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { parseReceipt, receiptBytes } from '#receipts';

/** Frames of a live stream that are read: the first one at once, the others made for all. */
const FRAMES = 3;

/** What an outsider may put into a request besides its path. */
const HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: {},
  cached: { 'if-none-match': '*', 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' },
  part: { range: 'bytes=0-99' },
  packed: { 'accept-encoding': 'gzip, br' },
};

let lastAddress = 0;

/** Each request comes from another place: one who asks so often would be asked for a higher price. */
function nextAddress(): string {
  lastAddress++;
  return `198.18.${String((lastAddress >> 8) & 255)}.${String(lastAddress & 255)}`;
}

/** One letter that differs makes all of a packed body differ. */
function unpacked(body: Buffer, coding: string | undefined): Buffer {
  if (body.length === 0) return body;
  if (coding === 'gzip') return gunzipSync(body);
  return coding === 'br' ? brotliDecompressSync(body) : body;
}

/** All that came back: status, headers and body, as text. */
function answerTo(port: number, method: string, path: string, headers: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = {
      // one name for every service: links on its pages begin with it
      ...{ host: 'voto.example', 'x-forwarded-for': nextAddress(), connection: 'close' },
      ...headers,
    };
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: all }, (incoming) => {
      const chunks: Buffer[] = [];
      let frames = 0;
      const finish = (): void => {
        const head = incoming.rawHeaders.map((text, index) => (index % 2 === 0 ? `\n${text}: ` : text)).join('');
        resolve(
          `${String(incoming.statusCode)}${head}\n\n${unpacked(Buffer.concat(chunks), incoming.headers['content-encoding']).toString('latin1')}`,
        );
      };
      const isStream = incoming.headers['content-type']?.startsWith('text/event-stream') === true && method === 'GET';
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        frames += chunk.toString('latin1').split('data: ').length - 1;
        if (!isStream || frames < FRAMES) return;
        finish();
        outgoing.destroy();
      });
      incoming.once('end', finish);
    });
    outgoing.once('error', reject).end();
  });
}

/**
 * What no two answers have in common, in place of which a word of the same kind stands: moments, what is random or encrypted,
 * and how long something took. Everything else is compared.
 */
const PECULIAR: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<moment>'],
  [/\d\d\/\d\d\/\d{4}, \d\d:\d\d:\d\d/g, '<moment>'],
  [/(?<=\ndate: ).*/gi, '<date>'],
  [/(?<=\nx-request-id: ).*/gi, '<request>'],
  [/(?<=\nlast-modified: ).*/gi, '<date>'],
  [/(?<=\netag: W?"[0-9a-f]+-)[0-9a-f]+(?=")/gi, '<time>'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>'],
  [/[0-9a-f]{32,}/g, '<random>'],
  // keys, hashes and signatures of ballot boxes, also where a line of a page or of JSON breaks them off
  [/[\w+/]{40,}={0,2}/g, '<random>'],
  [/(?<="versao":")[0-9a-f]{16}/g, '<version>'],
  [/(?<="expiresAt":)\d+/g, '<time>'],
  [/(?<="valido_por_segundos":)[\d.]+/g, '<seconds>'],
  [/(?<="posicao":")[\w-]{22}/g, '<cursor>'],
  [/(?<="passe":"\d{4}-\d\d-\d\dT\d\d\.)[\w-]{22}/g, '<mac>'],
];

/** What a receipt says, and how long it is. All else in it is hashes and what is random. */
function saidIn(receipt: string): string {
  const { origin, leaf } = parseReceipt(receiptBytes(receipt));
  return `${origin} ${Buffer.from(leaf).toString()} ${String(receipt.length)}`;
}

/** An answer in what it can be compared by. */
export const withoutPeculiar = (text: string): string =>
  PECULIAR.reduce(
    (plain, [pattern, word]) => plain.replaceAll(pattern, word),
    text.replaceAll(/(?<="recibo":")[\w-]+/g, saidIn),
  );

/** An operation with something in place of its parameters. */
const named = (operation: string, pollId: string): string =>
  operation
    .replace('{participante}', '1')
    .replace('{paredao}', pollId)
    .replace('{urna}', '1')
    .replace('{path}', '0/000.p/1');

interface Curiosity {
  readonly operations: readonly string[];
  /** Paths of pages and their files. */
  readonly pages: readonly string[];
  readonly pollId: string;
  /** A cursor that came with a vote, such as a friend may show. */
  readonly cursor: string;
  /** Passes that are none here. */
  readonly passes: readonly string[];
}

/** Everything that somebody without a login and without a passe of this poll gets to read, by what was asked. */
export async function everythingThatLeaves(port: number, asked: Curiosity): Promise<Map<string, string>> {
  const { operations, pages, pollId, cursor, passes } = asked;
  const queries = ['', `?paredao=${pollId}`, `?desde=${cursor}`, `?paredao=${pollId}&desde=${cursor}`];
  const withPasses = Object.fromEntries(passes.map((passe, index) => [`passe ${index}`, { passe }]));
  const seen = new Map<string, string>();
  const ask = async (method: string, path: string, how: string, headers: object): Promise<void> => {
    const name = `${method} ${path.replace(cursor, '<cursor>')} ${how}`;
    seen.set(name, withoutPeculiar(await answerTo(port, method, path, headers)));
  };
  for (const operation of operations) {
    const [method = '', path = ''] = named(operation, pollId).split(' ');
    const tried = method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : [method, 'GET'];
    for (const query of queries)
      await Promise.all(
        Object.entries({ ...HEADERS, ...withPasses }).flatMap(([how, headers]) =>
          tried.map((one) => ask(one, path + query, how, headers)),
        ),
      );
  }
  for (const page of pages) await ask('GET', page, 'plain', {});
  return seen;
}

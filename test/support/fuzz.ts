import type { CallOptions } from './client.ts';
import type { Random } from './random.ts';

export interface FuzzedRequest extends CallOptions {
  readonly method: string;
  readonly path: string;
}

/** A solved challenge, and the ballot that it was asked for. */
export interface Ballot {
  readonly altcha: string;
  readonly cedula: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE', 'QUERY'];
const ROUTES = [
  'GET /desafio',
  'POST /votar/1',
  'POST /votar/1',
  'POST /votar/2',
  'GET /paredao',
  'GET /resultado',
  'GET /resultado/aovivo',
  'GET /total',
  'GET /total/aovivo',
  'POST /login',
  'POST /paredoes',
  'PATCH /paredoes/1',
  'POST /paredoes/1/descartar',
  'POST /paredoes/1/abrir',
  'POST /fotos',
  'POST /paredoes/1/participantes',
  'DELETE /paredoes/1/participantes/1',
  'PATCH /paredoes/1/participantes/1',
  'POST /paredoes/1/encerrar',
  'GET /swagger-json',
  'GET /health/ready',
  'GET /metrics',
  'GET /index.html',
];
const ATOMS = [
  '1',
  '2',
  '0',
  '-1',
  '99999999999999999999',
  '1e9',
  'null',
  'true',
  '__proto__',
  'constructor',
  'x',
  '%00',
  '%ff',
  '%',
  '..',
  '%2e%2e',
  '%2f',
  '%25',
  '%F0%9F%97%B3',
  '~',
  ';',
  "'",
  '*',
  '',
];
const TYPES = [
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=x',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/problem+json',
  'x/y',
  '',
];
const VALUES: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  'x',
  ' ',
  '\u0000',
  '\ud800',
  '🗳️'.repeat(40),
  'á'.repeat(200),
  [],
  {},
  [[[]]],
  { toString: 1 },
];
const KEYS = ['altcha', 'cedula', 'usuario', 'senha', 'titulo', 'participantes', 'nome', 'toString', 'length', ''];

/** Headers that come now and then, how often, and what they say. */
const HEADERS: readonly (readonly [name: string, chance: number, values: readonly string[]])[] = [
  ['accept', 0.3, ['*/*', 'text/html', 'x', 'application/json;q=2']],
  ['x-forwarded-for', 0.1, ['::1', 'x', '1.2.3.4, 5.6.7.8', '', '999.1.1.1', '::ffff:1.2.3.4']],
  ['range', 0.05, ['bytes=0-1', 'bytes=9-1', 'x']],
  ['if-none-match', 0.05, ['*']],
  ['accept-encoding', 0.05, ['br', 'gzip;q=0', '*;q=0']],
];

/** A request of any kind, from nearly right to absurd, that a sound client library still sends. */
export function fuzzedRequest(random: Random, solved: readonly Ballot[]): FuzzedRequest {
  const [method = '', route = ''] = random.pick(ROUTES).split(' ');
  const headers: Record<string, string> = {};
  for (const [name, chance, values] of HEADERS) if (random.chance(chance)) headers[name] = random.pick(values);
  if (random.chance(0.2)) headers['authorization'] = authorization(random);
  const body = random.chance(0.75) ? fuzzedBody(random, solved) : undefined;
  if (body !== undefined) headers['content-type'] = random.chance(0.6) ? 'application/json' : random.pick(TYPES);
  return {
    method: random.chance(0.6) ? method : random.pick(METHODS),
    path: fuzzedPath(random, route),
    headers,
    ...(body !== undefined && { body }),
  };
}

function fuzzedPath(random: Random, route: string): string {
  const segments = route.split('/');
  if (random.chance(0.3)) segments[random.below(segments.length)] = random.pick(ATOMS);
  if (random.chance(0.15)) segments.push(random.pick(ATOMS));
  if (random.chance(0.03)) segments.push('a'.repeat(random.below(6000)));
  const path = segments.join('/') || '/';
  const query = Array.from({ length: random.below(4) }, () => {
    const name = random.pick(['paredao', 'desde', 'x', '__proto__', '']);
    return `${name}=${random.chance(0.2) ? '1' : random.pick(ATOMS)}`;
  });
  return `${path.startsWith('/') ? '' : '/'}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** Never a user that exists: what is not meant to happen is not tried. */
function authorization(random: Random): string {
  const pair = Buffer.from(`${random.pick(ATOMS)}:${random.pick(ATOMS)}`).toString('base64');
  return random.pick([
    '',
    'Basic',
    'Bearer x',
    'Bearer a.b.c',
    'Digest y',
    random.chance(0.1) ? `Basic ${pair}` : 'Basic =',
    'x'.repeat(3000),
  ]);
}

function fuzzedBody(random: Random, solved: readonly Ballot[]): Buffer {
  const kind = random.next();
  if (kind < 0.25) {
    const { altcha, cedula } = random.pick(solved);
    return Buffer.from(JSON.stringify({ altcha: mutated(random, altcha), cedula }));
  }
  if (kind < 0.65) return Buffer.from(JSON.stringify(fuzzedValue(random, 3)));
  if (kind < 0.8) return truncated(random, Buffer.from(JSON.stringify(fuzzedValue(random, 3))));
  if (kind < 0.85) return Buffer.alloc(16_000 + random.below(2000), 'a');
  return random.bytes(random.below(200));
}

function mutated(random: Random, payload: string): string {
  const clear = Buffer.from(payload, 'base64');
  for (let flips = random.below(3); flips > 0; flips--) clear[random.below(clear.length)] = random.below(256);
  return random.chance(0.1)
    ? clear.toString('latin1')
    : clear.toString('base64').slice(0, random.chance(0.2) ? random.below(900) : undefined);
}

function fuzzedValue(random: Random, depth: number): unknown {
  if (depth === 0 || random.chance(0.3)) return random.pick(VALUES);
  if (random.chance(0.2)) return Array.from({ length: random.below(4) }, () => fuzzedValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [random.pick(KEYS), fuzzedValue(random, depth - 1)]),
  );
}

function truncated(random: Random, bytes: Buffer): Buffer {
  const cut = Buffer.from(bytes.subarray(0, random.below(bytes.length + 1)));
  if (cut.length > 0 && random.chance(0.5)) cut[random.below(cut.length)] = random.below(256);
  return cut;
}

import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Json } from './support/client.ts';
import { Server, temporaryDirectory } from './support/server.ts';

/** Every service that serves HTTP. They share a data directory: the first one makes it. */
const PROGRAMS = ['command-api', 'projector', 'query-api', 'audit-api'] as const;

/** Names that are not ours: ALTCHA's, and what terminus calls its checks. */
const FOREIGN = '#/components/schemas/AltchaParameters/';
/** Moments that name a row: the start of the hour or minute that it counts. */
const ROW_KEYS = new Set(['hora', 'minuto']);

interface Property {
  readonly path: string;
  readonly name: string;
  readonly schema: Json;
}

const documents = new Map<string, Json>();

beforeAll(async () => {
  documents.set('standalone', (await (await Server.start()).client().get('/swagger-json')).json);
  const dataDir = temporaryDirectory();
  for (const program of PROGRAMS) {
    const server = await Server.start({ program, dataDir });
    documents.set(program, (await server.client().get('/swagger-json')).json);
  }
}, 120_000);

/** Every property of every schema in a document, wherever it stands. */
function* propertiesIn(value: Json, path = '#'): Iterable<Property> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries<Json>(value)) {
    const isMap = key === 'properties' && typeof inner === 'object';
    if (isMap) for (const [name, schema] of Object.entries<Json>(inner)) yield { path, name, schema };
    yield* propertiesIn(inner, `${path}/${key}`);
  }
}

/** Parameters count as properties: they have a name and a schema. */
const operationsOf = (document: Json): [string, Json][] =>
  Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => [`${method} ${path}`, operation] as [string, Json]),
  );

/** What is wrong, over all documents, each once. */
function complaints(of: (document: Json) => Iterable<string>): string[] {
  return [...new Set([...documents.values()].flatMap((document) => [...of(document)]))];
}

function* ownProperties(document: Json): Iterable<Property> {
  for (const property of propertiesIn(document)) if (!`${property.path}/`.startsWith(FOREIGN)) yield property;
}

const isMoment = ({ format }: Json): boolean => format === 'date-time';
const isDuration = ({ type, description = '' }: Json): boolean =>
  type === 'number' && /\bseconds?\b/.test(String(description)) && !String(description).includes(' per second');

describe('the OpenAPI documents', () => {
  it('are of every service, and have what is checked here', () => {
    expect(documents.size).toBe(1 + PROGRAMS.length);
    const names = new Set([...documents.values()].flatMap((one) => [...ownProperties(one)].map(({ name }) => name)));
    expect([...names]).toEqual(
      expect.arrayContaining(['voto_10', 'abre_em', 'registrado_em', 'senha_nova', 'atraso_segundos', 'p99_segundos']),
    );
  });

  it('name every property and parameter in snake_case', () => {
    const wrong = complaints(function* (document) {
      for (const { path, name } of ownProperties(document))
        if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) yield `${path}: ${name}`;
      for (const [operation, { parameters = [] }] of operationsOf(document))
        for (const { name } of parameters) if (!/^[a-z]+(_[a-z]+)*$/.test(name)) yield `${operation}: ${name}`;
    });
    expect(wrong).toEqual([]);
  });

  it('let moments end in _em, and durations in _segundos, and nothing else', () => {
    const wrong = complaints(function* (document) {
      for (const { path, name, schema } of ownProperties(document)) {
        if (ROW_KEYS.has(name) && isMoment(schema)) continue;
        if (name.endsWith('_em') !== isMoment(schema)) yield `${path}: ${name} is ${JSON.stringify(schema)}`;
        if (name.endsWith('_segundos') !== isDuration(schema)) yield `${path}: ${name} is ${JSON.stringify(schema)}`;
      }
    });
    expect(wrong).toEqual([]);
  });

  it('describe moments and durations with their unit', () => {
    const wrong = complaints(function* (document) {
      for (const { path, name, schema } of ownProperties(document)) {
        const description = String(schema.description);
        if (isMoment(schema) && !description.includes('(ISO-8601, UTC)')) yield `${path}: ${name}`;
        if (name.endsWith('_segundos') && !description.includes('in seconds')) yield `${path}: ${name}`;
      }
    });
    expect(wrong).toEqual([]);
  });

  it('describe every answer and every parameter', () => {
    const wrong = complaints(function* (document) {
      for (const [operation, { parameters = [], responses }] of operationsOf(document)) {
        for (const { name, description } of parameters)
          if (!/\S/.test(description ?? '')) yield `${operation}: ${name}`;
        for (const [status, { description }] of Object.entries<Json>(responses))
          if (!/\S/.test(description ?? '')) yield `${operation}: ${status}`;
      }
    });
    expect(wrong).toEqual([]);
  });

  it('point to schemas that are there', () => {
    const wrong = complaints(function* (document) {
      for (const [, name = ''] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
        if (!(name in document.components.schemas)) yield name;
    });
    expect(wrong).toEqual([]);
  });
});

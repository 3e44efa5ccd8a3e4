import { type INestApplication, applyDecorators } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import {
  ApiBody,
  ApiHeader,
  ApiParam,
  ApiQuery,
  ApiResponse,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';

import { Problem, type ProblemCode } from '#contract';

import { problemOf, retryAfterOf } from '../problems.ts';
import { shareSchemas } from './shared-schemas.ts';

/** Of `libs/contract`, as far as a document needs to know it. */
type Schema = object;

/** The properties of an object. */
interface ObjectSchema {
  readonly properties: Readonly<Record<string, Schema>>;
}

/** What a request may hold. */
interface Taken {
  /** Described only: a path that names nothing is 404, and the route says so. */
  readonly path?: ObjectSchema;
  /** Checked: another value is 400. */
  readonly checkedPath?: ObjectSchema;
  readonly query?: ObjectSchema;
  /** Described only: what is in it decides nothing but the answer. */
  readonly headers?: ObjectSchema;
  readonly body?: Schema;
  /** By what Fastify writes each answer of 200 to 299: for routes that are hot. */
  readonly answer?: Schema;
  /** Of the body, by name. */
  readonly examples?: Readonly<Record<string, object>>;
}

/** Declares what a route takes: Fastify checks it, and the document shows it. */
export function Takes({ path, checkedPath, query, headers, body, answer, examples = {} }: Taken): MethodDecorator {
  const shown = Object.entries(examples).map(([name, value]) => [name, { value }] as const);
  return applyDecorators(
    RouteSchema({
      ...(checkedPath && { params: checkedPath }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      ...(answer && { response: { '2xx': answer } }),
    }),
    ...parametersOf(path ?? checkedPath).map(([name, schema]) => ApiParam({ name, ...described(schema) })),
    ...parametersOf(query).map(([name, schema]) => ApiQuery({ name, required: false, ...described(schema) })),
    ...parametersOf(headers).map(([name, schema]) => ApiHeader({ name, required: false, ...described(schema) })),
    ...(body
      ? [
          ApiBody({
            schema: body,
            required: !('nullable' in body),
            ...(shown.length > 0 && { examples: Object.fromEntries(shown) }),
          }),
        ]
      : []),
  );
}

const parametersOf = (schema: ObjectSchema | undefined): [name: string, schema: Schema][] =>
  Object.entries(schema?.properties ?? {});

function described(schema: Schema): { schema: Schema; description: string } {
  const { description = '', ...rest } = schema as { description?: string };
  return { schema: rest, description };
}

/** Declares an answer of JSON, and what it means. */
export const Answers = (description: string, schema: Schema, status = 200): MethodDecorator =>
  ApiResponse({ status, description, content: { 'application/json': { schema } } });

/**
 * Declares an answer of server-sent events.
 * @param events by name, what the `data` of each is as JSON: the document has them as `x-events`
 */
export const AnswersEvents = (description: string, events: Readonly<Record<string, Schema>>): MethodDecorator =>
  ApiResponse({
    status: 200,
    description,
    content: { 'text/event-stream': { schema: { type: 'string', 'x-events': events } as object } },
  });

/** Documents the problems a route can answer with; those of every route are included. */
export function ApiProblems(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy(
    [...codes, 'address-denied' as const, 'internal-error' as const, 'shutting-down' as const],
    (code) => problemOf(code).status,
  );
  const responses = [...byStatus].map(([status, group]) => {
    const unique = [...new Set(group)];
    const retry = unique.some((code) => retryAfterOf(code) !== undefined);
    return ApiResponse({
      status,
      description: unique.map((code) => `\`${code}\`: ${problemOf(code).title}`).join('\n\n'),
      ...(retry && {
        headers: { 'Retry-After': { description: 'When to try again, in seconds', schema: { type: 'integer' } } },
      }),
      content: { 'application/problem+json': { schema: Problem } },
    });
  });
  return applyDecorators(...responses);
}

/**
 * Serves the OpenAPI document: a page at `/swagger`, the document itself at `/swagger-json`.
 * @returns the document
 */
export function serveOpenApi(app: INestApplication, title: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription(
      [
        'Paredão: a votação ao vivo, durável e auditável.',
        'This document is at `/swagger-json`. Names are snake_case; moments end in `_em` (ISO-8601, UTC), durations in `_segundos`.',
        'Errors are RFC 9457 problems with a stable `code`. Server-sent events are described by `x-events`: the JSON of `data` by name.',
      ].join('\n\n'),
    )
    .setVersion('1')
    .addBearerAuth()
    .addBasicAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config);
  keepBasicForReading(document);
  shareSchemas(document);
  SwaggerModule.setup('swagger', app, document);
  return document;
}

/** What the guard does (`roles.guard.ts`), described: the decorators of a route do not know its method. */
function keepBasicForReading({ paths }: OpenAPIObject): void {
  for (const { get: _get, ...changing } of Object.values(paths))
    for (const operation of Object.values(changing) as { security?: object[] }[])
      if (operation.security) operation.security = operation.security.filter((scheme) => !('basic' in scheme));
}

/** A route as Fastify names it, and the statuses that its description declares: what staff is refused for is left out. */
export interface DescribedRoute {
  readonly method: string;
  readonly route: string;
  readonly statuses: readonly string[];
}

/** Everything that a document describes. */
export function describedRoutes({ paths }: OpenAPIObject): DescribedRoute[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, { responses, security }]) => ({
      method: method.toUpperCase(),
      // what Nest calls a wildcard
      route: path.replace(/\{path\}$/, '*').replaceAll(/\{(\w+)\}/g, ':$1'),
      statuses: Object.keys(responses).filter((status) => security === undefined || !STAFF_REFUSED.test(status)),
    })),
  );
}

interface Operation {
  readonly responses: object;
  readonly security?: unknown;
}

const STAFF_REFUSED = /^4(?!29)/;

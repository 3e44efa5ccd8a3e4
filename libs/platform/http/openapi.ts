import { type INestApplication, applyDecorators } from '@nestjs/common';
import {
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';

import { PROBLEM_CODES, type ProblemCode, problemOf, retryAfterOf } from '../problems.ts';

/** Problem details as the API documents them (RFC 9457). */
class ProblemSchema {
  @ApiProperty({ example: 'urn:paredao:problem:poll-not-open' }) type!: string;
  @ApiProperty({ example: 'A votação não está aberta.' }) title!: string;
  @ApiProperty({ example: 409 }) status!: number;
  @ApiProperty({ enum: PROBLEM_CODES, example: 'poll-not-open', description: 'Stable: program against this.' })
  code!: ProblemCode;
  @ApiPropertyOptional({ description: 'What exactly was wrong.' }) detail?: string;
}

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
      ...(retry && { headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } } }),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemSchema' } } },
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
      'Paredão: a votação ao vivo, durável e auditável. Times are ISO-8601 in UTC; errors are RFC 9457 problems.',
    )
    .setVersion('1')
    .addBearerAuth()
    .addBasicAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ProblemSchema] });
  keepBasicForReading(document);
  SwaggerModule.setup('swagger', app, document);
  return document;
}

/** What the guard does (`roles.guard.ts`), described: the decorators of a route do not know its method. */
function keepBasicForReading({ paths }: OpenAPIObject): void {
  for (const { get: _get, ...changing } of Object.values(paths))
    for (const operation of Object.values(changing) as { security?: object[] }[])
      if (operation.security) operation.security = operation.security.filter((scheme) => !('basic' in scheme));
}

/** A route as Fastify names it, and the statuses that its description declares. */
export interface DescribedRoute {
  readonly method: string;
  readonly route: string;
  readonly statuses: readonly string[];
}

/** Everything a document describes. */
export function describedRoutes({ paths }: OpenAPIObject): DescribedRoute[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { responses: object }>).map(([method, { responses }]) => ({
      method: method.toUpperCase(),
      route: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      statuses: Object.keys(responses),
    })),
  );
}

import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/**
 * Lists each object schema that has a title once, under `components`, and points to it from wherever it stands. The
 * `examples` of JSON Schema become the `example` of OpenAPI 3.0.
 */
export function shareSchemas(document: OpenAPIObject): void {
  const shared: Json = { ...document.components?.schemas };
  const share = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(share);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, share(inner)] as const);
    const { title, examples, ...rest } = Object.fromEntries<unknown>(entries);
    const named = { ...(title !== undefined && { title }), ...withExample(examples), ...rest };
    if (typeof title !== 'string' || rest['type'] !== 'object') return named;
    shared[title] = { ...withExample(examples), ...rest };
    return { $ref: `#/components/schemas/${title}` };
  };
  document.paths = share(document.paths) as OpenAPIObject['paths'];
  document.components = { ...document.components, schemas: shared as Schemas };
}

function withExample(examples: unknown): Json {
  if (Array.isArray(examples)) return { example: examples[0] as unknown };
  return examples === undefined ? {} : { examples };
}

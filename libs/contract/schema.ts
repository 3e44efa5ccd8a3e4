import Type, { type Static, type TInteger, type TNumber, type TProperties, type TSchema, type TString } from 'typebox';

/** What is said of a value besides its type. */
interface Notes {
  readonly examples?: readonly unknown[];
}

/** A moment: ISO-8601 in UTC. Its name ends in `_em`. */
export const moment = (description: string): TString =>
  Type.String({
    format: 'date-time',
    description: `${description} (ISO-8601, UTC)`,
    examples: ['2026-11-23T22:41:30.500Z'],
  });

/** A duration in seconds. Its name ends in `_segundos`. */
export const seconds = (description: string): TNumber => Type.Number({ description: `${description}, in seconds` });

/** How many there are of something. */
export const count = (description: string, notes: Notes = {}): TInteger => Type.Integer({ description, ...notes });

export const text = (description: string, ...examples: string[]): TString =>
  Type.String({ description, ...(examples.length > 0 && { examples }) });

export const flag = (description: string) => Type.Boolean({ description });

/** One of these words. */
export const oneOf = <Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], description });

/** The same, or null. OpenAPI 3.0 and ajv have a word for it; a union with `null` is for later versions. */
export const orNull = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | null>({
    ...schema,
    ...('enum' in schema && { enum: [...(schema.enum as unknown[]), null] }),
    nullable: true,
  });

export const listOf = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Array(schema, { description });

/**
 * An object with a name: the OpenAPI document lists it under that name, and every route that has it points there.
 * @param title its name there
 */
export const named = <Properties extends TProperties>(title: string, properties: Properties, description?: string) =>
  Type.Object(properties, { title, ...(description !== undefined && { description }) });

/** A query: a field that is not described is refused, or `?paredao[]=1` would be answered as if nothing was asked. */
export const queryOf = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

/** A body with a name: a field that is not described is refused. */
export const bodyOf = <Properties extends TProperties>(title: string, properties: Properties) =>
  Type.Object(properties, { title, additionalProperties: false });

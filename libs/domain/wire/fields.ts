/** The type of one field of an event, as it stands in JSON. */
export interface Field<T> {
  accepts(value: unknown): value is T;
  /** The value in its canonical form, where it has parts; without this, as it is. */
  canonical?(value: T): unknown;
  /** It may be left out. Such fields come after the others. */
  readonly isOptional?: boolean;
}

/** The fields of one version of an event, in the order of the canonical form. */
export type Form = Readonly<Record<string, Field<unknown>>>;

type ValueOf<F> = F extends Field<infer T> ? T : never;
type OptionalKey<F> = { [K in keyof F]: F[K] extends { readonly isOptional: true } ? K : never }[keyof F];

/** What an event of this form holds. */
export type DataOf<F> = { readonly [K in Exclude<keyof F, OptionalKey<F>>]: ValueOf<F[K]> } & {
  readonly [K in OptionalKey<F>]?: ValueOf<F[K]>;
};

type Last<Forms extends readonly Form[]> = Forms extends readonly [...unknown[], infer L] ? L : never;

/** What an event holds in any of its versions: a later one has what the one before had, and what it adds is optional. */
export type DataOfAny<Forms extends readonly Form[]> = DataOf<Forms[0]> &
  Partial<Omit<DataOf<Last<Forms>>, keyof DataOf<Forms[0]>>>;

const isText = (value: unknown): value is string => typeof value === 'string';

export const text: Field<string> = { accepts: isText };
/** UTC ISO-8601 with milliseconds. */
export const moment: Field<string> = { accepts: isText };
/** The moment in which it was decided: each event of a poll has one. */
export const decided: Field<string> = { ...moment };
/** The name of a user. */
export const user: Field<string> = { accepts: isText };
export const momentOrNull: Field<string | null> = {
  accepts: (value): value is string | null => value === null || isText(value),
};
export const wholeNumber: Field<number> = {
  accepts: (value): value is number => Number.isInteger(value),
};
/** True, or left out: there is one way to say each. */
export const yes: Field<true> = { accepts: (value): value is true => value === true };
/** A whole number from 0 to 100. */
export const percent: Field<number> = {
  accepts: (value): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100,
};
const hexadecimal = (bytes: number): Field<string> => ({
  accepts: (value): value is string => isText(value) && value.length === bytes * 2 && /^[0-9a-f]*$/.test(value),
});
/** 16 bytes, hexadecimal. */
export const bytes16 = hexadecimal(16);
/** 32 bytes, hexadecimal. */
export const bytes32 = hexadecimal(32);

export const oneOf = <const T extends string>(values: readonly T[]): Field<T> => ({
  accepts: (value): value is T => (values as readonly unknown[]).includes(value),
});

/** An object with these fields, in their order. */
export const record = <F extends Form>(form: F): Field<DataOf<F>> => ({
  accepts: (value): value is DataOf<F> =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(form).every(([key, field]) => field.accepts((value as Readonly<Record<string, unknown>>)[key])),
  canonical: (value) =>
    Object.fromEntries(Object.keys(form).map((key) => [key, (value as Readonly<Record<string, unknown>>)[key]])),
});

export const optional = <T>(field: Field<T>): Field<T> & { readonly isOptional: true } => ({
  ...field,
  isOptional: true,
});

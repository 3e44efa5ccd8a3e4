/** The type of one field of an event, as it stands in JSON. */
export interface Field<T> {
  accepts(value: unknown): value is T;
  /** The value in its canonical form, where it has parts; without this, as it is. */
  canonical?(value: T): unknown;
  /** It may be left out. Such fields stand behind the others. */
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
/** 32 bytes, hexadecimal. */
export const bytes32: Field<string> = {
  accepts: (value): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value),
};

export const optional = <T>(field: Field<T>): Field<T> & { readonly isOptional: true } => ({
  ...field,
  isOptional: true,
});

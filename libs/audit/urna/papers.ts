import type { Boletim, Zeresima } from '#contract';

/** What a boletim says that follows from the log. */
export type StatedBoletim = Pick<
  Boletim,
  | ('paredao' | 'titulo' | 'participantes' | 'total' | 'na_urna' | 'completo')
  | ('corte' | 'digest' | 'zeresima' | 'urna' | 'atos')
>;
/** What a zerésima says that follows from the log. */
export type StatedZeresima = Pick<
  Zeresima,
  'paredao' | 'titulo' | 'participantes' | 'aberto_em' | 'evidencia' | 'origem' | 'folha' | 'raiz'
>;

/** A paper of a ballot box that somebody kept, as JSON. */
export type Paper =
  | { readonly kind: 'boletim'; readonly says: StatedBoletim }
  | { readonly kind: 'zeresima'; readonly says: StatedZeresima };

/** The form that a value has to have: of an object its fields, of a list its items. */
type Form = 'string' | 'count' | 'boolean' | readonly [Form] | { readonly [field: string]: Form };

const LOG: Form = { folhas: 'count', raiz: 'string', checkpoint: 'string' };
const BOLETIM: Form = {
  ...{
    paredao: 'string',
    titulo: 'string',
    corte: 'count',
    digest: 'string',
    zeresima: 'string',
    urna: LOG,
    atos: LOG,
  },
  ...{ total: 'count', completo: 'boolean' },
  participantes: [{ numero: 'count', nome: 'string', votos: 'count' }],
  na_urna: { duplicados: 'count', atrasados: 'count', expirados: 'count', quarentena: 'count' },
};
const ZERESIMA: Form = {
  ...{ paredao: 'string', titulo: 'string', aberto_em: 'string', evidencia: 'string', origem: 'string' },
  ...{ folha: 'string', raiz: 'string', participantes: [{ numero: 'count', nome: 'string' }] },
};

function has(value: unknown, form: Form): boolean {
  if (form === 'count') return Number.isSafeInteger(value);
  if (typeof form === 'string') return typeof value === form;
  if (Array.isArray(form)) return Array.isArray(value) && value.every((one) => has(one, form[0] as Form));
  const fields = Object.entries(form as Readonly<Record<string, Form>>);
  return isObject(value) && fields.every(([field, one]) => has(value[field], one));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The paper that a JSON document is; undefined for something else.
 * @throws TypeError for one that lacks something: what it says could not be compared, and would be taken for compared
 */
export function paperIn(json: unknown): Paper | undefined {
  if (!isObject(json)) return undefined;
  if ('corte' in json) {
    if (!has(json, BOLETIM)) throw new TypeError('this boletim is not whole');
    return { kind: 'boletim', says: json as unknown as StatedBoletim };
  }
  if (!('folha' in json)) return undefined;
  if (!has(json, ZERESIMA)) throw new TypeError('this zerésima is not whole');
  return { kind: 'zeresima', says: json as unknown as StatedZeresima };
}

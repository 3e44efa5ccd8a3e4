import { type DraftPerson, type DraftValues, FIELDS, FIELD_NAMES, type Field, same } from './draft-values.ts';

/**
 * What is settled by itself where two people change a draft: a field, or one of the participants, whole, by number. A face goes with its
 * name: of one participant nobody gets the photo from here and the name from there.
 */
export type Part = Field | number;

type PartValue = DraftValues[Field] | DraftPerson | undefined;

/** What a draft says of a part. */
export const valueOf = (values: DraftValues, part: Part): PartValue =>
  typeof part === 'number' ? values.participantes[part - 1] : values[part];

/** The draft with another value of a part. */
export const withPart = (values: DraftValues, part: Part, value: PartValue): DraftValues =>
  typeof part === 'number'
    ? { ...values, participantes: values.participantes.with(part - 1, value as DraftPerson) }
    : { ...values, [part]: value };

/** What a part is called in a sentence. */
export const nameOf = (part: Part): string => (typeof part === 'number' ? `participante ${part}` : FIELD_NAMES[part]);

/** How a part reads where two versions of it stand beside each other. */
export function reading(values: DraftValues, part: Part): string {
  if (typeof part === 'number') return values.participantes[part - 1]?.nome ?? '';
  if (part === 'participantes') return values.participantes.map(({ nome }) => nome).join(', ');
  const text = values[part];
  if (text === '') return 'nada';
  return part === 'abre_em' || part === 'encerra_em' ? text.replace('T', ', ') : text;
}

/** What comes of a draft that was changed here and, meanwhile, elsewhere. */
export interface Merged {
  readonly base: DraftValues;
  readonly mine: DraftValues;
  /** Parts that both changed, each to something else: somebody has to choose. */
  readonly conflicts: readonly Part[];
}

/**
 * Brings what the service says now into a form.
 * @param base what the form began with, and `mine`, what it says
 */
export function merge(base: DraftValues, mine: DraftValues, theirs: DraftValues): Merged {
  const merged = { base, mine, conflicts: [] as Part[] };
  for (const part of partsOf(base, mine, theirs)) {
    const [before, here, there] = [base, mine, theirs].map((values) => valueOf(values, part));
    const isMine = !same(before, here);
    if (isMine && !same(before, there) && !same(here, there)) {
      merged.conflicts.push(part);
      continue;
    }
    merged.base = withPart(merged.base, part, there);
    if (!isMine) merged.mine = withPart(merged.mine, part, there);
  }
  return merged;
}

/** Who joins or leaves changes the numbers: then the participants are one part. New ones of this form come last and are nobody else's. */
function partsOf(base: DraftValues, mine: DraftValues, theirs: DraftValues): Part[] {
  const [before, here, there] = [base, mine, theirs].map(({ participantes }) =>
    participantes.map(({ numero }) => numero),
  );
  if (!same(before, there) || !same(before, here!.slice(0, before!.length))) return FIELDS;
  return [...FIELDS.filter((field) => field !== 'participantes'), ...before!.map((_, index) => index + 1)];
}

/** The own participants after others changed theirs: who has the same name is the same person, the others are new. */
export function matched(mine: readonly DraftPerson[], theirs: readonly DraftPerson[]): DraftPerson[] {
  if (mine.every(({ numero }) => theirs.some((one) => one.numero === numero)) && mine.length === theirs.length)
    return [...mine];
  let last = 0;
  const people = mine.map((one) => {
    const known = theirs.find(({ nome, numero }) => nome === one.nome && (numero ?? 0) > last);
    last = known?.numero ?? last;
    return { ...one, numero: known?.numero ?? null };
  });
  return [...people.filter(({ numero }) => numero !== null), ...people.filter(({ numero }) => numero === null)];
}

import { fromWall, toWall } from '../shared/format.ts';
import type { DescriptionBody, Focus, OpenBody, PollSummary } from '#contract';

/** A participant as the form has them. */
export interface DraftPerson {
  /** The number that the service knows them by; null: a new one. */
  readonly numero: number | null;
  readonly nome: string;
  readonly foto: string | null;
  readonly foco: Focus | null;
}

/** All that a draft says, as its form has it: what nobody chose or wrote is ''. Times are those of a wall clock in Brasília. */
export interface DraftValues {
  readonly titulo: string;
  readonly finalidade: string;
  readonly divulgacao: string;
  readonly regulamento: string;
  readonly abre_em: string;
  readonly encerra_em: string;
  /** Only of a poll that is not there yet: 'sim' or ''. */
  readonly ensaio: string;
  /** The id of the annulled poll in whose place it is held, or ''. */
  readonly substitui: string;
  readonly participantes: readonly DraftPerson[];
}

export type Field = keyof DraftValues;

/** What each part of a draft is called in a sentence. */
export const FIELD_NAMES: Record<Field, string> = {
  titulo: 'título',
  finalidade: 'finalidade',
  divulgacao: 'divulgação',
  regulamento: 'regulamento',
  participantes: 'participantes',
  abre_em: 'abertura',
  encerra_em: 'encerramento',
  ensaio: 'ensaio',
  substitui: 'paredão substituído',
};
export const FIELDS = Object.keys(FIELD_NAMES) as Field[];

const newPerson: DraftPerson = { numero: null, nome: '', foto: null, foco: null };

/** Of a poll that is not there yet. */
export const emptyValues: DraftValues = {
  ...{ titulo: '', finalidade: '', divulgacao: 'depois-do-voto', regulamento: '' },
  ...{ abre_em: '', encerra_em: '', ensaio: '', substitui: '' },
  participantes: [newPerson, newPerson],
};

/** What the service says of a draft. */
export function valuesOf(poll: PollSummary): DraftValues {
  const wall = (iso: string | null): string => (iso === null ? '' : toWall(iso));
  return {
    titulo: poll.titulo,
    finalidade: poll.finalidade ?? '',
    divulgacao: poll.divulgacao,
    regulamento: poll.regulamento ?? '',
    ...{ ensaio: '', substitui: poll.substitui?.paredao ?? '' },
    abre_em: wall(poll.abre_em),
    encerra_em: wall(poll.encerra_em),
    participantes: poll.participantes.map(({ numero, nome, foto = null, foco = null }) => ({
      numero,
      nome,
      foto,
      foco,
    })),
  };
}

/** Whether two parts of drafts say the same. */
export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The parts in which two drafts differ. */
const differing = (one: DraftValues, other: DraftValues): Field[] =>
  FIELDS.filter((field) => !same(one[field], other[field]));

/** The same for people to read: of the participants it says what about whom. */
export function differences(base: DraftValues, mine: DraftValues): string[] {
  return differing(base, mine).flatMap((field) =>
    field === 'participantes' ? peopleDifferences(base.participantes, mine.participantes) : [FIELD_NAMES[field]],
  );
}

function peopleDifferences(base: readonly DraftPerson[], mine: readonly DraftPerson[]): string[] {
  const kept = mine.filter(({ numero }) => numero !== null).length;
  const gone = base.filter(({ numero }) => !mine.some((one) => one.numero === numero)).length;
  const changed = mine.flatMap((one, index) => {
    const before = one.numero === null ? undefined : base.find(({ numero }) => numero === one.numero);
    const who = `do participante ${index + 1}`;
    if (!before) return kept === base.length || index >= base.length ? [`participante ${index + 1}, novo`] : [];
    const photo = one.foto === before.foto ? 'foco da foto' : 'foto';
    const isPhoto = one.foto !== before.foto || !same(one.foco, before.foco);
    return [...(one.nome === before.nome ? [] : [`nome ${who}`]), ...(isPhoto ? [`${photo} ${who}`] : [])];
  });
  // of a poll that is not there yet nobody has a number
  if (base.every(({ numero }) => numero === null)) return ['participantes'];
  return gone > 0 ? ['participantes', ...changed] : changed;
}

const instant = (wall: string): string | null => (wall === '' ? null : fromWall(wall));

const portrait = ({ foto, foco }: DraftPerson) => ({ ...(foto !== null && { foto }), ...(foco !== null && { foco }) });

/** Who is there already may lose a photo; a new one has none before it is given. */
const person = (one: DraftPerson) => ({
  ...(one.numero !== null && { numero: one.numero, foto: null }),
  nome: one.nome,
  ...portrait(one),
});

/** The request that saves what was changed, and nothing else. */
export function saving(base: DraftValues, mine: DraftValues): DescriptionBody {
  const fields = differing(base, mine);
  const when = (field: 'abre_em' | 'encerra_em') => fields.includes(field) && { [field]: instant(mine[field]) };
  return {
    ...(fields.includes('titulo') && { titulo: mine.titulo }),
    ...(fields.includes('finalidade') && mine.finalidade !== '' && { finalidade: purposeOf(mine) }),
    ...(fields.includes('divulgacao') && { divulgacao: policyOf(mine) }),
    ...(fields.includes('regulamento') && { regulamento: mine.regulamento }),
    ...(fields.includes('participantes') && {
      participantes: mine.participantes.map(person),
    }),
    ...(fields.includes('substitui') && { substitui: mine.substitui === '' ? null : mine.substitui }),
    ...when('abre_em'),
    ...when('encerra_em'),
  };
}

/** The request that makes a draft of it. */
export function making(mine: DraftValues): OpenBody {
  return {
    titulo: mine.titulo,
    regulamento: mine.regulamento,
    divulgacao: policyOf(mine),
    ...(mine.ensaio !== '' && { ensaio: true }),
    ...(mine.substitui !== '' && { substitui: mine.substitui }),
    ...(mine.finalidade !== '' && { finalidade: purposeOf(mine) }),
    participantes: mine.participantes.map((one) => ({ nome: one.nome, ...portrait(one) })),
    abre_em: instant(mine.abre_em),
    encerra_em: instant(mine.encerra_em),
    rascunho: true,
  };
}

const policyOf = ({ divulgacao }: DraftValues) => divulgacao as NonNullable<OpenBody['divulgacao']>;
const purposeOf = ({ finalidade }: DraftValues) => finalidade as NonNullable<OpenBody['finalidade']>;

/** A draft for the pages that show it before it is on air: as its form has it, also where that is not saved yet. */
import { merge } from '../admin/draft-merge.ts';
import { type DraftValues, valuesOf } from '../admin/draft-values.ts';
import { KeptDrafts } from '../admin/kept-drafts.ts';
import { fetchPolls } from '../shared/api.ts';
import { ApiFailure, asFailure } from '../shared/failure.ts';
import { fromWall } from '../shared/format.ts';
import { loadSession } from '../shared/session.ts';
import type { PollSummary } from '#contract';

const session = loadSession();
const id = new URLSearchParams(location.search).get('paredao') ?? '';

/** A draft, and whether some of it is not saved. */
export interface Draft {
  readonly poll: PollSummary;
  readonly isUnsaved: boolean;
}

/** The draft that the address names, now. @throws ApiFailure */
export async function fetchDraft(): Promise<Draft> {
  const saved = (await fetchPolls(session?.token ?? '')).find((one) => one.id === id);
  if (!saved) throw new ApiFailure({ kind: 'refused', status: 404, code: 'poll-not-found' });
  const kept = new KeptDrafts(session?.user ?? '').of(id);
  if (!kept) return { poll: saved, isUnsaved: false };
  return { poll: written(saved, merge(kept.base, kept.mine, valuesOf(saved)).mine), isUnsaved: true };
}

/** The poll that a save of these values would make. */
function written(poll: PollSummary, values: DraftValues): PollSummary {
  const { titulo, finalidade, divulgacao, regulamento, encerra_em, substitui, participantes } = values;
  return {
    ...poll,
    titulo,
    finalidade: finalidade === '' ? null : (finalidade as NonNullable<PollSummary['finalidade']>),
    divulgacao: divulgacao as PollSummary['divulgacao'],
    regulamento: regulamento === '' ? null : regulamento,
    tem_regulamento: regulamento !== '',
    ...(substitui !== (poll.substitui?.paredao ?? '') && {
      substitui: substitui === '' ? null : { paredao: substitui, motivo: null },
    }),
    encerra_em: encerra_em === '' ? null : fromWall(encerra_em),
    participantes: participantes.map(({ nome, foto, foco }, index) => ({
      ...{ numero: index + 1, nome },
      ...(foto !== null && { foto }),
      ...(foco !== null && { foco }),
    })),
  };
}

/** As it will be on air: as if it had just been opened. */
export function onAir(poll: PollSummary): PollSummary {
  const now = new Date().toISOString();
  const isPast = poll.encerra_em !== null && poll.encerra_em <= now;
  return { ...poll, estado: 'aberto', aberto_em: now, ...(isPast && { encerra_em: null }) };
}

/** Why there is nothing to see, for whoever asked. */
export function missing(error: unknown): string {
  const isDenied = !session || [401, 403].includes(asFailure(error).status);
  return isDenied ? 'Prévia: entre na administração e abra de novo' : 'Prévia: este rascunho não está mais lá';
}

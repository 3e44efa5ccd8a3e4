import { requestJson } from '../shared/http.ts';
import type {
  AnnulBody,
  ProclaimBody,
  DescriptionBody,
  NameBody,
  OpenBody,
  ParticipantBody,
  Poll,
  ScheduleBody,
} from '#contract';

/** What an administrator asks for. Every function rejects with `ApiFailure` only. */
export interface AdminApi {
  create(poll: Omit<OpenBody, 'participantes'>, nomes: readonly string[]): Promise<Poll>;
  open(id: string): Promise<Poll>;
  close(id: string): Promise<Poll>;
  /** `motivo`: where nobody signed a check. */
  proclaim(id: string, motivo?: string): Promise<Poll>;
  annul(id: string, motivo: string): Promise<Poll>;
  pause(id: string): Promise<Poll>;
  resume(id: string): Promise<Poll>;
  /** Drafts only, as `discard`. */
  describe(id: string, description: DescriptionBody): Promise<Poll>;
  discard(id: string): Promise<Poll>;
  /** Instants as ISO-8601, null for none. */
  schedule(id: string, abre_em: string | null, encerra_em: string | null): Promise<Poll>;
  /** `motivo`: for the public, once the poll is open. */
  rename(id: string, numero: number, nome: string, motivo?: string): Promise<Poll>;
  /** Drafts only. */
  addParticipant(id: string, nome: string): Promise<Poll>;
  removeParticipant(id: string, numero: number): Promise<Poll>;
  uploadPhoto(id: string, numero: number, foto: Blob): Promise<Poll>;
}

type CommandBody =
  AnnulBody | ProclaimBody | NameBody | OpenBody | ParticipantBody | ScheduleBody | DescriptionBody | Blob;

/** Longer than the service tries to reach its log, in milliseconds. */
const TIMEOUT = 15_000;

/** The commands, with the token of a login. */
export function adminApi(token: string): AdminApi {
  const send = async (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: CommandBody): Promise<Poll> =>
    (await requestJson<Poll>(`/paredoes${path}`, { method, body, token, timeout: TIMEOUT })).value;
  return {
    create: (poll, nomes) =>
      send('POST', '', { ...poll, participantes: nomes.map((nome) => ({ nome })) } satisfies OpenBody),
    open: (id) => send('POST', `/${id}/abrir`),
    close: (id) => send('POST', `/${id}/encerrar`),
    proclaim: (id, motivo) =>
      send('POST', `/${id}/proclamar`, motivo === undefined ? {} : ({ motivo } satisfies ProclaimBody)),
    annul: (id, motivo) => send('POST', `/${id}/anular`, { motivo } satisfies AnnulBody),
    pause: (id) => send('POST', `/${id}/pausar`),
    resume: (id) => send('POST', `/${id}/retomar`),
    describe: (id, description) => send('PATCH', `/${id}`, description),
    discard: (id) => send('POST', `/${id}/descartar`),
    schedule: (id, abre_em, encerra_em) => send('PUT', `/${id}/agenda`, { abre_em, encerra_em } satisfies ScheduleBody),
    addParticipant: (id, nome) => send('POST', `/${id}/participantes`, { nome } satisfies NameBody),
    removeParticipant: (id, numero) => send('DELETE', `/${id}/participantes/${numero}`),
    uploadPhoto: (id, numero, foto) => send('PUT', `/${id}/participantes/${numero}/foto`, foto),
    rename: (id, numero, nome, motivo) => send('PATCH', `/${id}/participantes/${numero}`, { nome, motivo }),
  };
}

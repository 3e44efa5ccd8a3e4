import { COMMAND_TIMEOUT, requestJson } from '../shared/http.ts';
import type {
  AnnulBody,
  DescriptionBody,
  OpenBody,
  OpeningBody,
  ParticipantBody,
  ProclaimBody,
  Poll,
  ScheduleBody,
  StoredPhoto,
} from '#contract';

/** What an administrator asks for. Every function rejects with `ApiFailure` only. */
export interface AdminApi {
  create(poll: OpenBody): Promise<Poll>;
  /** All of it or nothing. Drafts only, as `open` and `discard`. */
  save(id: string, changes: DescriptionBody): Promise<Poll>;
  /** `versao`: as the draft was shown. */
  open(id: string, versao: string): Promise<Poll>;
  discard(id: string): Promise<Poll>;
  close(id: string): Promise<Poll>;
  /** `motivo`: where nobody signed a check. */
  proclaim(id: string, motivo?: string): Promise<Poll>;
  annul(id: string, motivo: string): Promise<Poll>;
  pause(id: string): Promise<Poll>;
  resume(id: string): Promise<Poll>;
  /** Instants as ISO-8601, null for none. */
  schedule(id: string, abre_em: string | null, encerra_em: string | null): Promise<Poll>;
  /** A participant on air. */
  correct(id: string, numero: number, change: ParticipantBody): Promise<Poll>;
  /** @returns the path of the photo: no poll shows it yet */
  storePhoto(foto: Blob): Promise<string>;
}

type Method = 'POST' | 'PUT' | 'PATCH';

/** The commands, with the token of a login. */
export function adminApi(token: string): AdminApi {
  const ask = async <T>(method: Method, path: string, body?: unknown): Promise<T> =>
    (await requestJson<T>(path, { method, body, token, timeout: COMMAND_TIMEOUT })).value;
  const send = (method: Method, path: string, body?: unknown): Promise<Poll> => ask(method, `/paredoes${path}`, body);
  return {
    create: (poll) => send('POST', '', poll),
    save: (id, changes) => send('PATCH', `/${id}`, changes),
    open: (id, versao) => send('POST', `/${id}/abrir`, { versao } satisfies OpeningBody),
    discard: (id) => send('POST', `/${id}/descartar`),
    close: (id) => send('POST', `/${id}/encerrar`),
    proclaim: (id, motivo) =>
      send('POST', `/${id}/proclamar`, motivo === undefined ? {} : ({ motivo } satisfies ProclaimBody)),
    annul: (id, motivo) => send('POST', `/${id}/anular`, { motivo } satisfies AnnulBody),
    pause: (id) => send('POST', `/${id}/pausar`),
    resume: (id) => send('POST', `/${id}/retomar`),
    schedule: (id, abre_em, encerra_em) => send('PUT', `/${id}/agenda`, { abre_em, encerra_em } satisfies ScheduleBody),
    correct: (id, numero, change) => send('PATCH', `/${id}/participantes/${numero}`, change),
    storePhoto: async (foto) => (await ask<StoredPhoto>('POST', '/fotos', foto)).foto,
  };
}

import { isoOf } from '#audit';
import type { AuditState } from '#contract';
import { participantView, rehearsalView, stateName } from '#contract/views';
import { ballotBoxStream, pollStream, totalOf } from '#domain';
import type { EventLog } from '#event-log';
import type { ReadModel, StoredTally } from '#read-model';

const dateOf = (time: number): string | null => (time === 0 ? null : isoOf(time));

/** How many events to look for after those that were counted. */
const LOOK_AHEAD = 10_000n;

const openedPosition = ({ snapshot }: StoredTally): bigint => BigInt(snapshot.openedPosition ?? -1);

/** Puts the log beside the active version of the read model. It reads the ends of the ballot boxes only, and not far. */
export async function logState(log: EventLog, readModel: ReadModel): Promise<Omit<AuditState, 'auditoria'>> {
  const store = await readModel.current();
  const checkpoint = await store.checkpoint();
  const tallies = (await store.all()).filter(({ snapshot }) => snapshot.poll !== null);
  // the one opened last first, as everywhere else; drafts last, and rehearsals behind all real ones
  const isRehearsal = ({ snapshot }: StoredTally): number => Number(snapshot.poll?.rehearsal ?? false);
  tallies.sort((a, b) => isRehearsal(a) - isRehearsal(b) || Number(openedPosition(b) - openedPosition(a)));
  const paredoes: AuditState['paredoes'] = [];
  for (const tally of tallies) paredoes.push(await pollState(log, tally));
  // the log last: it has at least what was counted
  const head = await log.head();
  return {
    log: { posicao: String(head.position), registrado_em: dateOf(head.recordedAt) },
    contagem: {
      versao: store.version,
      posicao: String(checkpoint.position),
      atualizado_em: dateOf(checkpoint.at),
      atraso_segundos: checkpoint.lagSeconds,
    },
    paredoes,
  };
}

async function pollState(log: EventLog, { snapshot, digest }: StoredTally): Promise<AuditState['paredoes'][number]> {
  const { pollId, poll, revision } = snapshot;
  const counted = BigInt(revision) + 1n;
  const box = await lengthOf(log, ballotBoxStream(pollId), counted);
  return {
    paredao: pollId,
    ...rehearsalView(poll!),
    titulo: poll!.title,
    participantes: poll!.participants.map(participantView),
    estado: stateName(poll!),
    eventos_administrativos: Number((await lengthOf(log, pollStream(pollId), 0n)) ?? 0n),
    eventos_na_urna: box === undefined ? null : Number(box),
    eventos_contados: Number(counted),
    votos: totalOf(snapshot),
    duplicados: snapshot.duplicates,
    atrasados: snapshot.late,
    expirados: snapshot.expired,
    quarentena: snapshot.quarantined,
    final: snapshot.cut !== null,
    digest,
  };
}

/**
 * Events of a stream of which so many are known to be there; at most `LOOK_AHEAD` more, so that a projection that is far behind
 * does not make this a long read.
 * @returns undefined when there are fewer
 */
async function lengthOf(log: EventLog, stream: string, known: bigint): Promise<bigint | undefined> {
  let length = known === 0n ? 0n : undefined;
  for await (const page of log.read(stream, known === 0n ? 0n : known - 1n)) {
    const last = page.at(-1);
    if (last !== undefined) length = last.revision + 1n;
    if (length !== undefined && length - known >= LOOK_AHEAD) break;
  }
  return length;
}

import { type Poll, type TallySnapshot, isComplete, totalOf } from '#domain';
import { digestOf } from '#read-model';
import { base64, checkpointOf, leafHash } from '#transparency';

import { checked } from '../checks.ts';
import { difference } from '../counts.ts';
import type { Evidence } from '../evidence.ts';
import { type Finding, Findings, type Value } from '../findings.ts';
import type { Check } from '../report.ts';
import type { Paper, StatedBoletim, StatedZeresima } from './papers.ts';
import type { Urna } from './urna-logs.ts';

/** What is compared: a part, what the log says of it, what the paper says. */
type Compared = readonly [part: string, log: Value, paper: Value];

/** Whether the boletins and zerésimas among the anchors say what the log says: a checkpoint in one proves the log, and nothing that is printed around it. */
export function papersCheck(evidence: Evidence): Check[] {
  const papers = (evidence.options.anchors ?? []).flatMap(({ name, paper }) => (paper ? [{ name, paper }] : []));
  if (papers.length === 0) return [];
  const findings = Findings.of(papers.flatMap(({ name, paper }) => [...differences(name, paper, evidence)]));
  return [checked('papers', { code: 'papers', count: papers.length }, findings)];
}

function* differences(file: string, paper: Paper, { recount, urna, next }: Evidence): Iterable<Finding> {
  const snapshot = recount.snapshot();
  const pairs =
    paper.kind === 'boletim' ? boletimPairs(paper.says, snapshot, urna?.urna) : zeresimaPairs(paper.says, urna?.urna);
  // what was read up to a point in time says nothing of the end
  if (paper.kind === 'boletim' && next !== undefined) return;
  for (const [part, log, said] of pairs) yield* difference('paper-differs', { file, part }, log, said);
  const votes = paper.kind === 'boletim' ? snapshot.votes : undefined;
  yield* participantDifferences(file, paper.says.participantes, peopleOf(paper, snapshot.poll, urna?.urna), votes);
}

function boletimPairs(says: StatedBoletim, snapshot: TallySnapshot, urna: Urna | undefined): Compared[] {
  const { poll, duplicates, late, expired, quarantined, cut } = snapshot;
  const { duplicados, atrasados, expirados, quarentena } = says.na_urna;
  return [
    ['poll', snapshot.pollId, says.paredao],
    ['title', poll?.title ?? null, says.titulo],
    ['total', totalOf(snapshot), says.total],
    ['complete', isComplete(snapshot), says.completo],
    // votes that come behind the cut may have come after it was printed
    ['duplicates', Math.min(duplicates, duplicados), duplicados],
    ['late', Math.min(late, atrasados), atrasados],
    ['expired', expired, expirados],
    ['quarantined', quarantined, quarentena],
    ['cut', cut === null ? null : Number(cut), says.corte],
    ['digest', digestOf(asPrinted(snapshot, says)), says.digest],
    ['emptyRoot', urna === undefined ? null : rootOf(urna), says.zeresima],
    ...headPairs('box', says.urna),
    ...headPairs('acts', says.atos),
  ];
}

/** The tally when as many repeated and late votes were there as the boletim says. */
function asPrinted(snapshot: TallySnapshot, { na_urna: { duplicados, atrasados } }: StatedBoletim): TallySnapshot {
  const since = snapshot.duplicates - duplicados + (snapshot.late - atrasados);
  const revision = String(BigInt(snapshot.revision) - BigInt(since));
  return { ...snapshot, duplicates: duplicados, late: atrasados, revision };
}

/** What is printed of a log has to be what its checkpoint says, which is compared with the log as an anchor. */
function headPairs(log: 'box' | 'acts', { folhas, raiz, checkpoint }: StatedBoletim['urna']): Compared[] {
  const { size, root } = checkpointOf(checkpoint);
  return [
    [`${log}Size`, size, folhas],
    [`${log}Root`, base64(root), raiz],
  ];
}

function zeresimaPairs(says: StatedZeresima, urna: Urna | undefined): Compared[] {
  const { pollId, title, openedAt, evidenceKeyHash, origin } = urna?.opened ?? {};
  return [
    ['leaf', urna?.leaf.toString() ?? null, says.folha],
    ['emptyRoot', urna === undefined ? null : rootOf(urna), says.raiz],
    ['poll', pollId ?? null, says.paredao],
    ['title', title ?? null, says.titulo],
    ['openedAt', openedAt ?? null, says.aberto_em],
    ['evidence', evidenceKeyHash ?? null, says.evidencia],
    ['origin', origin ?? null, says.origem],
  ];
}

const rootOf = ({ leaf }: Urna): string => base64(leafHash(leaf));

type People = readonly { readonly number: number; readonly name: string }[];

/** Those of the end, or of the opening. */
const peopleOf = ({ kind }: Paper, poll: Poll | null, urna: Urna | undefined): People =>
  (kind === 'boletim' ? poll?.participants : urna?.opened.participants) ?? [];

function* participantDifferences(
  file: string,
  said: readonly { readonly numero: number; readonly nome: string; readonly votos?: number }[],
  people: People,
  votes: readonly number[] | undefined,
): Iterable<Finding> {
  const numbers = new Set([...people.map(({ number }) => number), ...said.map(({ numero }) => numero)]);
  for (const participant of numbers) {
    const person = people.find(({ number }) => number === participant);
    const paper = said.find(({ numero }) => numero === participant);
    const at = { file, participant };
    yield* difference('paper-differs', { ...at, part: 'name' }, person?.name ?? null, paper?.nome ?? null);
    if (votes !== undefined)
      yield* difference(
        'paper-differs',
        { ...at, part: 'votes' },
        votes[participant - 1] ?? null,
        paper?.votos ?? null,
      );
  }
}

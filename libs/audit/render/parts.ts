import type { Place } from '../findings.ts';
import { brasiliaHour } from './formats.ts';

/** The parts of a tally, a total and a manifest. */
const PARTS: Readonly<Record<string, string>> = {
  events: 'eventos na urna',
  revision: 'última revisão',
  duplicates: 'duplicados',
  late: 'atrasados',
  expired: 'expirados',
  quarantined: 'em quarentena',
  skipped: 'eventos que faltaram',
  cuts: 'fechamentos na urna',
  openings: 'zerésimas na urna',
  cut: 'revisão do corte',
  total: 'total',
  final: 'final',
  complete: 'completo',
  digest: 'digest',
  poll: 'votação',
  polls: 'paredões conhecidos',
  rehearsal: 'ensaio',
  rehearsals: 'ensaios',
  openedPosition: 'posição da abertura',
  minutes: 'minutos',
  quarantine: 'quarentena',
  clock: 'relógio',
  windowUntil: 'fim da janela de identificadores',
  ids: 'identificadores lembrados',
  leaf: 'a primeira folha da urna',
  emptyRoot: 'raiz da zerésima',
  boxSize: 'folhas da urna',
  boxRoot: 'raiz da urna',
  actsSize: 'folhas dos atos',
  actsRoot: 'raiz dos atos',
  title: 'título',
  openedAt: 'abertura',
  origin: 'origem',
  evidence: 'SHA-256 da chave dos votos',
};

const of = ({ poll }: Place): string => (poll === undefined ? '' : `paredão ${poll}, `);

/** Names of the participants of the poll that was audited, in the order of their numbers; those of other polls are not known. */
export type Names = readonly string[];

/** `Ana (1)` */
export const personOf = (number: number, names: Names): string =>
  names[number - 1] === undefined ? `participante ${number}` : `${names[number - 1]!} (${number})`;

/** What a difference is about. */
export const about = (place: Place, names: Names): string =>
  of(place) + partOf(place, place.poll === undefined ? names : []);

function partOf({ participant, hour, part }: Place, names: Names): string {
  if (participant !== undefined) {
    const person = personOf(participant, names);
    const parts: Record<string, string> = { name: 'nome', listed: 'votos listados', share: 'porcentagem' };
    const what = parts[part ?? ''] ?? 'votos';
    return names[participant - 1] === undefined ? `${what} do ${person}` : `${what} de ${person}`;
  }
  if (hour !== undefined) return `${part === 'total' ? 'total da hora' : 'hora'} ${brasiliaHour(hour)}`;
  return PARTS[part ?? ''] ?? part ?? '';
}

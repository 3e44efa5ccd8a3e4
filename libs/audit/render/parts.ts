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
};

const of = ({ poll }: Place): string => (poll === undefined ? '' : `paredão ${poll}, `);

/** What a difference is about. */
export const about = (place: Place): string => of(place) + partOf(place);

function partOf({ participant, hour, part }: Place): string {
  if (participant !== undefined) {
    return (
      { name: `nome do participante ${participant}`, listed: `votos listados do participante ${participant}` }[
        part ?? ''
      ] ?? `votos do participante ${participant}`
    );
  }
  if (hour !== undefined) return `${part === 'total' ? 'total da hora' : 'hora'} ${brasiliaHour(hour)}`;
  return PARTS[part ?? ''] ?? part ?? '';
}

import type { TallyNumbers } from './counts.ts';

/** What somebody published: the fields of `/total` that are compared. */
export interface Published {
  /** Where it was read, for the report. */
  readonly name: string;
  readonly digest: string;
  readonly numbers: Omit<TallyNumbers, 'cut'>;
}

const HOUR_LENGTH = 13;

interface Total {
  readonly digest: string;
  readonly revisao: string;
  readonly voto_1: number;
  readonly voto_2: number;
  readonly por_hora: readonly { readonly hora: string; readonly voto_1: number; readonly voto_2: number }[];
  readonly duplicados: number;
  readonly atrasados: number;
  readonly expirados: number;
  readonly quarentena: number;
}

/**
 * What `GET /total` answered.
 * @throws TypeError when it is something else
 */
export function publishedTotal(name: string, answer: unknown): Published {
  if (!isTotal(answer)) throw new TypeError(`${name} did not answer with a total`);
  const { digest, revisao, voto_1, voto_2, por_hora, duplicados, atrasados, expirados, quarentena } = answer;
  const hours = Object.fromEntries(por_hora.map((row) => [row.hora.slice(0, HOUR_LENGTH), [row.voto_1, row.voto_2]]));
  return {
    name,
    digest,
    numbers: {
      revision: revisao,
      votes: [voto_1, voto_2],
      hours,
      duplicates: duplicados,
      late: atrasados,
      expired: expirados,
      quarantined: quarentena,
    },
  };
}

function isTotal(answer: unknown): answer is Total {
  const total = answer as Partial<Total> | null;
  return (
    typeof total?.digest === 'string' &&
    /^(-1|\d{1,19})$/.test(total.revisao ?? '') &&
    Array.isArray(total.por_hora) &&
    total.por_hora.every(({ hora }) => typeof hora === 'string') &&
    typeof total.voto_1 === 'number'
  );
}

/** How many addresses must be alike in a number before it is said of them. */
export const CROWD = 50;

/**
 * How the counts of a column are written so that no address is alone with its own: equal counts that fewer than {@link CROWD}
 * addresses have are joined with the next lower ones, and said as the least of them: `12+`.
 * @param counts 0 says nothing, and is no count
 * @returns count → its least companion, and whether there are higher ones; empty when the whole column is too small a crowd
 */
export function crowdsOf(counts: Uint32Array): Map<number, Crowd> {
  const members = new Map<number, number>();
  for (const count of counts) if (count > 0) members.set(count, (members.get(count) ?? 0) + 1);
  const crowds: { counts: number[]; size: number }[] = [];
  for (const [count, size] of [...members].sort(([one], [other]) => other - one)) {
    const last = crowds.at(-1);
    if (last === undefined || last.size >= CROWD) crowds.push({ counts: [count], size });
    else {
      last.counts.push(count);
      last.size += size;
    }
  }
  const rest = crowds.length > 0 && crowds.at(-1)!.size < CROWD ? crowds.pop() : undefined;
  if (rest !== undefined) crowds.at(-1)?.counts.push(...rest.counts);
  return new Map(
    crowds.flatMap(({ counts }) =>
      counts.map((count) => [count, { least: counts.at(-1)!, isRange: counts.length > 1 }]),
    ),
  );
}

export interface Crowd {
  readonly least: number;
  readonly isRange: boolean;
}

const WHOLE = 10_000;

/**
 * Shares of a whole in percent with two decimals that add up to exactly 100.00 (largest remainder method, Hamilton;
 * among equal remainders the first comes first). Two equal counts have 50.00 each. All zero when nothing was counted.
 * @param counts whole numbers from 0 to 2^53
 */
export function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + BigInt(count), 0n);
  if (total === 0n) return counts.map(() => 0);
  const parts = counts.map((count, index) => {
    const scaled = BigInt(count) * BigInt(WHOLE);
    return { index, share: Number(scaled / total), remainder: scaled % total };
  });
  let missing = WHOLE - parts.reduce((sum, { share }) => sum + share, 0);
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of byRemainder) if (missing-- > 0) part.share++;
  return parts.map(({ share }) => share / 100);
}

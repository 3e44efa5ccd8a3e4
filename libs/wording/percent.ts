const shareFormat = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** 51.2 → "51,20" (no sign) */
export const share = (percent: number): string => shareFormat.format(percent);

/** 51.2 → "51,20%" */
export const percent = (value: number): string => `${share(value)}%`;

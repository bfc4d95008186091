type Random = () => number;

export function seeded(state: number): Random;
export function digits(random: Random, length: number): string;
export const ORDINARY_NUMBERS: Readonly<Record<string, (random: Random) => string>>;

export interface YearAndMonth {
  /** Four digits. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}

/** Whether a card is past the last day of its month, in UTC: the first instant of the next month is too late. */
export function isExpired(expiry: YearAndMonth, now: Date): boolean {
  return monthsOf(expiry) < monthsOf({ year: now.getUTCFullYear(), month: now.getUTCMonth() + 1 });
}

/** The month that `YYYY-MM` names; null for any other form and for a month that does not exist. */
export function parseMonth(text: string): YearAndMonth | null {
  const [, year, month] = /^([0-9]{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year === undefined || month === undefined ? null : { year: Number(year), month: Number(month) };
}

function monthsOf({ year, month }: YearAndMonth): number {
  return year * 12 + month;
}

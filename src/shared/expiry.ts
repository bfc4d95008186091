export interface YearAndMonth {
  /** Four digits. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}

/** The clocks farthest behind, on Baker Island, show UTC−12: there a month ends last. */
const LATEST_CLOCK_MS = 12 * 60 * 60 * 1_000;

/** The earliest month that it still is anywhere on earth. */
export function earliestMonth(now: Date): YearAndMonth {
  const there = new Date(now.getTime() - LATEST_CLOCK_MS);
  return { year: there.getUTCFullYear(), month: there.getUTCMonth() + 1 };
}

/** Whether the month of a card has ended everywhere: from 12:00 UTC on the first of the next one. */
export function isExpired(expiry: YearAndMonth, now: Date): boolean {
  return monthsOf(expiry) < monthsOf(earliestMonth(now));
}

/** The month that `YYYY-MM` names; null for any other form and for a month that does not exist. */
export function parseMonth(text: string): YearAndMonth | null {
  const [, year, month] = /^([0-9]{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year === undefined || month === undefined ? null : { year: Number(year), month: Number(month) };
}

function monthsOf({ year, month }: YearAndMonth): number {
  return year * 12 + month;
}

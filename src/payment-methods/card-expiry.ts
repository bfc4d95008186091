import type { YearAndMonth } from '../shared/expiry.js';
import type { InputReader } from '../shared/input-reader.js';
import type { Path } from '../shared/result.js';

/** Reads the expiry of a card: any month of a year of four digits, one that is over included. */
export function readCardExpiry(reader: InputReader, at: Path, { month, year }: YearAndMonth): YearAndMonth {
  if (month < 1 || month > 12) {
    reader.report({ code: 'INVALID', field: [...at, 'month'], message: 'A month is 1 to 12.' });
  }
  if (year < 1000 || year > 9999) {
    reader.report({ code: 'INVALID', field: [...at, 'year'], message: 'A year has four digits.' });
  }
  return { month, year };
}

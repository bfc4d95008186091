import { yielding } from '../shared/event-loop-yielding.js';
import { join, raw, type Sql, sql } from './sql.js';

/**
 * Rows that travel as one text: their cells one after the other, null as nothing, and before rows of which there may
 * be none or many their number. It costs both ends half of what JSON does (docs/performance.md).
 */

// No text that is stored in the clear has a control character, and base64 and JSON have none either.
const SEPARATOR = '\x1f';
const separator = raw(`E'\\x1f'`);

/** PostgreSQL takes 100 arguments. */
const MOST_ARGUMENTS = 80;

/** A row of these cells, as an expression; a cell may itself be a packed row, or packed rows. */
export function packedRow(cells: readonly Sql[]): Sql {
  return concatenated(cells.flatMap((cell, index) => (index === 0 ? [cell] : [separator, cell])));
}

/** The rows of a subquery, in its order. */
export function packedRows(row: Sql, from: Sql): Sql {
  return sql`(select concat_ws(${separator}, count(*), string_agg(${row}, ${separator})) from ${from})`;
}

/** The one row of a subquery, or none. */
export function packedOptional(row: Sql, from: Sql): Sql {
  return sql`coalesce((select concat(1, ${separator}, ${row}) from ${from}), '0')`;
}

/** No rows. */
export const noRows: Sql = sql`0`;

function concatenated(parts: readonly Sql[]): Sql {
  if (parts.length <= MOST_ARGUMENTS) return sql`concat(${join([...parts])})`;
  const rest = concatenated(parts.slice(MOST_ARGUMENTS));
  return sql`concat(${join(parts.slice(0, MOST_ARGUMENTS))}, ${rest})`;
}

/**
 * Reads one packed row from the first cell to the last.
 *
 * @throws Error unless just its cells are read: a row that is taken for another one fails, and is never half right.
 */
export function readPacked<Value>(packed: string, read: (reader: PackedReader) => Value): Value {
  const reader = new PackedReader(packed);
  const value = read(reader);
  reader.assertEnd();
  return value;
}

/**
 * Reads packed rows as `readPacked` reads one. Gives the event loop back on the way, since each may bring a hundred
 * objects along that have to be opened.
 *
 * @param share of the turns: whose rows they are.
 */
export async function readAllPacked<Value>(
  rows: readonly string[],
  share: string,
  read: (reader: PackedReader) => Value,
): Promise<Value[]> {
  const values: Value[] = [];
  for (const row of rows) {
    if (yielding.isDue) await yielding.later(share, row);
    values.push(readPacked(row, read));
  }
  return values;
}

/** What is left of a packed row; `readPacked` makes one. */
export class PackedReader {
  readonly #cells: readonly string[];
  #next = 0;

  constructor(packed: string) {
    this.#cells = packed.split(SEPARATOR);
  }

  /** The place of the first of so many cells; what is read next comes behind them. */
  take(cells: number): number {
    const place = this.#next;
    this.#next += cells;
    return place;
  }

  /** The cell at a place. */
  cell(place: number): string {
    const cell = this.#cells[place];
    if (cell === undefined) throw new Error('A packed row has fewer cells than its plan.');
    return cell;
  }

  assertEnd(): void {
    if (this.#next !== this.#cells.length) throw new Error('A packed row has other cells than its plan.');
  }

  /** The next cell. */
  next(): string {
    return this.cell(this.take(1));
  }

  /** Reads packed rows, each by `read`. */
  rows<Row>(read: () => Row): Row[] {
    const rows: Row[] = [];
    for (let count = Number(this.next()); count > 0; count--) rows.push(read());
    return rows;
  }

  /** Reads a row that may not be there. */
  optional<Row>(read: () => Row): Row | null {
    return this.next() === '0' ? null : read();
  }
}

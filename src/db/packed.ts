import { join, raw, type Sql, sql } from './sql.js';

/**
 * Rows that travel as one text each: their cells one after the other, null as nothing. It costs both ends about half
 * of what JSON does (docs/performance.md). A cell may hold packed rows of a lower level.
 *
 * Cells and rows are parted by control characters, which nothing that is stored in the clear has and base64 neither.
 */
const SEPARATORS = [
  { cell: '\x1f', row: '\x1e' },
  { cell: '\x1d', row: '\x1c' },
  { cell: '\x1b', row: '\x1a' },
] as const;

/** How many levels of packed rows lie below a row; 0 for one whose cells are plain values. */
export type Level = number;

/** PostgreSQL takes 100 arguments. */
const MOST_ARGUMENTS = 80;

/** A row of these cells, as an expression; none of them may be a parameter without a type. */
export function packedRow(cells: readonly Sql[], level: Level): Sql {
  const separator = literal(separatorsOf(level).cell);
  return concatenated(cells.flatMap((cell, index) => (index === 0 ? [cell] : [separator, cell])));
}

/** The rows of a subquery as one text, null where there are none. */
export function packedRows(row: Sql, from: Sql, level: Level): Sql {
  return sql`(select string_agg(${row}, ${literal(separatorsOf(level).row)}) from ${from})`;
}

/** Several texts of packed rows as one; those that are null are left out. */
export function joinedRows(rows: readonly Sql[], level: Level): Sql {
  return sql`concat_ws(${join([literal(separatorsOf(level).row), ...rows])})`;
}

export function cellsOf(row: string, level: Level): string[] {
  return row.split(separatorsOf(level).cell);
}

export function rowsOf(rows: string, level: Level): string[] {
  return rows === '' ? [] : rows.split(separatorsOf(level).row);
}

function separatorsOf(level: Level) {
  const separators = SEPARATORS[level];
  if (!separators) throw new Error('Packed rows lie too deep in each other.');
  return separators;
}

function literal(separator: string): Sql {
  return raw(`E'\\x${separator.charCodeAt(0).toString(16)}'`);
}

function concatenated(parts: readonly Sql[]): Sql {
  if (parts.length <= MOST_ARGUMENTS) return sql`concat(${join([...parts])})`;
  const rest = concatenated(parts.slice(MOST_ARGUMENTS));
  return sql`concat(${join(parts.slice(0, MOST_ARGUMENTS))}, ${rest})`;
}

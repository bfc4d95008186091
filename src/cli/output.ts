/** A row of a table, by column. */
export type Row = Readonly<Record<string, string>>;

/** Writes a result: as one JSON object where that is asked for, else as lines for a person. */
export function print(json: boolean | undefined, result: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}

/** The lines of a table with aligned columns; one sentence where it has no rows. */
export function table(rows: readonly Row[], empty: string): string[] {
  const [first] = rows;
  if (!first) return [empty];
  const names = Object.keys(first);
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => (row[name] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(names), ...rows.map((row) => line(names.map((name) => row[name] ?? '')))];
}

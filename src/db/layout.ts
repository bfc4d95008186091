import { type PackedReader, packedRow } from './packed.js';
import type { Sql } from './sql.js';
import { freezeWants, type Wants } from './wants.js';

/** The columns of a table by name: an expression each, over the alias that its statements give it. */
export type Columns<Name extends string> = Readonly<Record<Name, Sql>>;

/** How an object travels: its wanted columns in the table's own order, then its parts. */
interface Layout<Name extends string> {
  /** The object as a packed row. */
  readonly packed: Sql;
  /** How many cells its columns take. */
  readonly size: number;
  /** The place of each column among them; -1 for one that is not wanted. */
  readonly places: Readonly<Record<Name, number>>;
}

// Remembered with what is wanted, which is remembered with its document.
const layouts = new WeakMap<Wants, Layout<string>>();

/** An object as a packed row, as it is wanted. */
export function packed<Name extends string>(columns: Columns<Name>, wanted: Wants): Sql {
  return layoutOf(columns, wanted).packed;
}

/** The layout of what is wanted, which cannot change any more: rows are read as their statement was written. */
function layoutOf<Name extends string>(columns: Columns<Name>, wanted: Wants): Layout<Name> {
  const known = layouts.get(wanted);
  if (known) return known as Layout<Name>;
  const layout = makeLayout(columns, freezeWants(wanted));
  layouts.set(wanted, layout);
  return layout;
}

function makeLayout<Name extends string>(columns: Columns<Name>, wanted: Wants): Layout<Name> {
  const names = Object.keys(columns) as Name[];
  const own = names.filter((name) => wanted.columns.has(name));
  const parts = [...wanted.parts.values()].map((part) => part.column());
  return {
    packed: packedRow([...own.map((name) => columns[name]), ...parts]),
    size: own.length,
    places: Object.fromEntries(names.map((name) => [name, own.indexOf(name)])) as Record<Name, number>,
  };
}

/** The cells of one object. */
export class Cells<Name extends string> {
  readonly #reader: PackedReader;
  readonly #start: number;
  readonly #places: Readonly<Record<Name, number>>;

  /** Takes the columns of the next object off the reader, and leaves its parts. */
  constructor(reader: PackedReader, columns: Columns<Name>, wanted: Wants) {
    const { size, places } = layoutOf(columns, wanted);
    this.#reader = reader;
    this.#start = reader.take(size);
    this.#places = places;
  }

  /** The text of a column, empty for null; undefined where it was not wanted. */
  of(name: Name): string | undefined {
    const place = this.#places[name];
    return place < 0 ? undefined : this.#reader.cell(this.#start + place);
  }
}

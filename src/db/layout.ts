import type { MerchantScope } from '../sealing/merchant-scope.js';
import { type Level, packedRow } from './packed.js';
import type { Sql } from './sql.js';
import type { Wants } from './wants.js';

/** The columns of a table by name: an expression each, over the alias that its statements give it. */
export type Columns<Name extends string> = Readonly<Record<Name, Sql>>;

/** How an object travels: its wanted columns in the table's own order, then its parts. */
export interface Layout<Name extends string = string> {
  readonly level: Level;
  /** The object as a packed row. */
  readonly packed: Sql;
  /** The place of each column among the cells; one that is not wanted has a place behind the last. */
  readonly at: Readonly<Record<Name, number>>;
  /** The place of the first part. */
  readonly partsAt: number;
}

// Remembered with what is wanted, which is remembered with its document.
const layouts = new WeakMap<Wants, { readonly extent: number; readonly layout: Layout }>();

/** The layout of what is wanted, made anew only when more is wanted than before. */
export function layoutOf<Name extends string>(columns: Columns<Name>, wanted: Wants): Layout<Name> {
  const extent = extentOf(wanted);
  const known = layouts.get(wanted);
  if (known?.extent === extent) return known.layout as Layout<Name>;
  const layout = makeLayout(columns, wanted);
  layouts.set(wanted, { extent, layout });
  return layout;
}

function makeLayout<Name extends string>(columns: Columns<Name>, wanted: Wants): Layout<Name> {
  const names = Object.keys(columns) as Name[];
  const own = names.filter((name) => wanted.columns.has(name));
  const parts = [...wanted.parts.values()];
  const level = levelOf(wanted);
  const behind = own.length + parts.length;
  const place = (name: Name) => (own.includes(name) ? own.indexOf(name) : behind);
  return {
    level,
    packed: packedRow([...own.map((name) => columns[name]), ...parts.map((part) => part.column())], level),
    at: Object.fromEntries(names.map((name) => [name, place(name)])) as Record<Name, number>,
    partsAt: own.length,
  };
}

/** How much is wanted, in all. */
function extentOf({ columns, parts }: Wants): number {
  let extent = columns.size;
  for (const part of parts.values()) extent += 1 + extentOf(part.wants);
  return extent;
}

/** The level on which objects of which this is wanted are packed. */
export function levelOf({ parts }: Wants): Level {
  let level = 0;
  for (const part of parts.values()) level = Math.max(level, levelOf(part.wants) + 1);
  return level;
}

/** Where the parts of an object are read from. */
interface PartSource {
  readonly merchant: MerchantScope;
  readonly cells: readonly (string | undefined)[];
  readonly parent: object;
}

/** Reads the parts of an object, each under its key. */
export function readParts(
  { partsAt }: Layout,
  { parts }: Wants,
  { merchant, cells, parent }: PartSource,
  into: Map<string, unknown>,
): void {
  let place = partsAt;
  for (const [key, part] of parts) into.set(key, part.read(merchant, cells[place++] ?? '', parent));
}

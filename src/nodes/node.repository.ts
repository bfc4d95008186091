import { packedRow, readAllPacked } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { join, raw, sql } from '../db/sql.js';
import type { NodeOwner, NodeValue, WantedType } from './node.js';

/** The objects with these ids within reach, of all types in one statement, in no order. */
export async function listNodes(
  db: Queries,
  owner: NodeOwner,
  ids: readonly string[],
  types: readonly WantedType[],
): Promise<NodeValue[]> {
  if (types.length === 0) return [];
  const searches = new Map(types.map(({ name, type, wanted }) => [name, type.search(owner, ids, wanted)]));
  // Each row begins with its type.
  const selects = [...searches].map(
    ([name, { row, from }]) => sql`select ${packedRow([raw(`'${name}'`), row])} as row from ${from}`,
  );
  const rows = await db.read<string>(
    sql`select /* nodes.list */ n.row from (${join(selects, ' union all ')}) n`,
  );
  return readAllPacked(rows, owner.merchant.owner, (reader) => {
    const search = searches.get(reader.next());
    if (!search) throw new Error('A row is of a type that was not looked for.');
    return search.read(reader);
  });
}

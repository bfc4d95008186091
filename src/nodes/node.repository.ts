import type { Queries } from '../db/queries.js';
import { join, sql } from '../db/sql.js';
import { yielding } from '../shared/event-loop-yielding.js';
import type { NodeOwner, NodeTypes, NodeValue, PlanOf } from './node.js';

interface NodeRow {
  /** Which of the types. */
  readonly place: number;
  /** JSON. */
  readonly object: string;
}

/** The objects with these ids within reach, of all types in one statement, in no order. */
export async function listNodes(
  db: Queries,
  owner: NodeOwner,
  ids: readonly string[],
  types: NodeTypes,
  planOf: PlanOf,
): Promise<NodeValue[]> {
  const searches = Object.values(types).map((type) => type.search(owner, ids, planOf));
  if (searches.length === 0) return [];
  const selects = searches.map(
    ({ object, from }, place) => sql`select ${place}::integer as place, ${object} as object from ${from}`,
  );
  const rows = await db.read<NodeRow>(
    sql`select /* nodes.list */ n.place, n.object from (${join(selects, ' union all ')}) n`,
  );
  const nodes: NodeValue[] = [];
  for (const { place, object } of rows) {
    if (yielding.isDue) await yielding.later(owner.merchant.owner, object);
    const search = searches[place];
    if (search) nodes.push(search.read(JSON.parse(object)));
  }
  return nodes;
}

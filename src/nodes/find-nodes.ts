import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import { parseId } from '../shared/id.js';
import type { NodeValue, WantedNodes } from './node.js';
import { listNodes } from './node.repository.js';

/** At most so many objects are asked for at once. */
export const MAX_NODES = 100;

/** The merchant's objects with these ids, in the order asked for; null where there is none. */
export async function findNodes(
  op: Operation,
  ids: readonly string[],
  wanted: WantedNodes,
): Promise<(NodeValue | null)[]> {
  const merchant = authorise(op, 'nodes.read');
  const parsed = ids.map((id) => parseId(id));
  const known = [...new Set(parsed.filter((id) => id !== null))];
  const found = known.length > 0 ? await listNodes(op.db, merchant, known, wanted) : [];
  const byId = new Map(found.map((node) => [node.id as string, node]));
  return parsed.map((id) => (id && byId.get(id)) ?? null);
}

import { authorise, mayDo } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { parseId } from '../shared/id.js';
import type { NodeOwner, NodeTypes, NodeValue, PlanOf } from './node.js';
import { listNodes } from './node.repository.js';

/** At most so many objects are asked for at once. */
export const MAX_NODES = 100;

/**
 * The merchant's objects with these ids, in the order asked for; null where there is none, or none that the
 * caller may read.
 */
export async function findNodes(
  op: Operation,
  types: NodeTypes,
  ids: readonly string[],
  planOf: PlanOf,
): Promise<(NodeValue | null)[]> {
  const owner = ownerOfNodes(op, authorise(op, 'nodes.read'));
  const parsed = ids.map((id) => parseId(id));
  const byId = new Map<string, NodeValue>();
  const readable = Object.entries(types).filter(([, { action }]) => mayDo(op, action));
  for (const isRare of [undefined, true]) {
    const left = [...new Set(parsed)].filter((id) => id !== null && !byId.has(id)) as string[];
    const searched = Object.fromEntries(readable.filter(([, type]) => type.isRare === isRare));
    const found = left.length > 0 ? await listNodes(op.db, owner, left, searched, planOf) : [];
    for (const node of found) byId.set(node.id, node);
  }
  return parsed.map((id) => (id && byId.get(id)) ?? null);
}

export function ownerOfNodes({ actor }: Operation, merchant: MerchantScope): NodeOwner {
  const partner = actor.kind === 'api-key' ? actor.partner : null;
  return { merchant, partnerId: partner?.id ?? null };
}

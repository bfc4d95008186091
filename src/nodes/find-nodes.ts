import type { Action } from '../access/actions.js';
import { authorise, mayDo } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import { parseId } from '../shared/id.js';
import type { NodePlans, NodeType, NodeValue } from './node.js';
import { listNodes } from './node.repository.js';

/** At most so many objects are asked for at once. */
export const MAX_NODES = 100;

const readable: Readonly<Record<NodeType, Action>> = {
  Customer: 'customers.read',
  Address: 'customers.read',
  PaymentMethod: 'payment-methods.read',
  Merchant: 'merchant.read',
  ApiKey: 'keys.manage',
};

/** The types of which the caller may read objects; one of another type is as one that does not exist. */
function readableTypes(op: Operation): ReadonlySet<NodeType> {
  const types = Object.entries(readable) as [NodeType, Action][];
  return new Set(types.filter(([, action]) => mayDo(op, action)).map(([type]) => type));
}

/**
 * The merchant's objects with these ids, in the order asked for; null where there is none, or none that the
 * caller may read.
 */
export async function findNodes(
  op: Operation,
  ids: readonly string[],
  plans: NodePlans,
): Promise<(NodeValue | null)[]> {
  const merchant = authorise(op, 'nodes.read');
  const parsed = ids.map((id) => parseId(id));
  const known = [...new Set(parsed.filter((id) => id !== null))];
  const partner = op.actor.kind === 'api-key' ? op.actor.partner : null;
  const within = { merchant, partnerId: partner?.id ?? null };
  const types = readableTypes(op);
  const people = new Set(types);
  people.delete('ApiKey');
  if (!known.includes(merchant.id)) people.delete('Merchant');
  const found = known.length > 0 ? await listNodes(op.db, within, known, { types: people, plans }) : [];
  const byId = new Map(found.map((node) => [node.id as string, node]));
  // Hardly anybody asks for a key by its id: those who ask for people do not wait for it.
  const others = known.filter((id) => !byId.has(id));
  if (others.length > 0 && types.has('ApiKey')) {
    const keys = await listNodes(op.db, within, others, { types: new Set(['ApiKey']), plans });
    for (const key of keys) byId.set(key.id, key);
  }
  return parsed.map((id) => (id && byId.get(id)) ?? null);
}

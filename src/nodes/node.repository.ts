import { type KeyOwner, keysOf, readApiKey } from '../api-keys/api-key.repository.js';
import { isWithinReach } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { join, type Sql, sql } from '../db/sql.js';
import { merchantSelection, readMerchant } from '../merchants/merchant.repository.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { turns } from '../shared/event-loop-turns.js';
import { unreachable } from '../shared/result.js';
import type { NodePlans, NodeType, NodeValue } from './node.js';

/** What is looked for: objects of these types, and how they are read. */
export interface NodeSearch {
  readonly types: ReadonlySet<NodeType>;
  readonly plans: NodePlans;
}

interface NodeRow {
  readonly type: NodeType;
  /** JSON. */
  readonly object: string;
}

/** The objects with these ids within reach, of all types in one statement, in no order. */
export async function listNodes(
  db: Queries,
  owner: KeyOwner,
  ids: readonly string[],
  { types, plans }: NodeSearch,
): Promise<NodeValue[]> {
  const { merchant } = owner;
  const searches = [...types].map((type) => searchOf(type, owner, ids, plans));
  if (searches.length === 0) return [];
  const rows = await db.read<NodeRow>(
    sql`select /* nodes.list */ n.type, n.object from (${join(searches, ' union all ')}) n`,
  );
  const nodes: NodeValue[] = [];
  for (const row of rows) {
    if (turns.isOver) await turns.later(merchant.owner, row);
    nodes.push(readNode(merchant, row, plans));
  }
  return nodes;
}

function searchOf(type: NodeType, owner: KeyOwner, ids: readonly string[], plans: NodePlans): Sql {
  const { merchant } = owner;
  switch (type) {
    case 'Customer':
      return sql`select 'Customer' as type, ${plans.Customer.json(merchant)} as object
        from customers c
        where c.merchant_id = ${merchant.id} and c.id = any (${ids}::text[]) and ${isWithinReach(merchant)}`;
    case 'Address':
      return sql`select 'Address' as type, ${plans.Address.json(merchant)} as object
        from addresses a join customers c on c.merchant_id = ${merchant.id} and c.id = a.customer_id
        where a.merchant_id = ${merchant.id} and a.id = any (${ids}::text[]) and ${isWithinReach(merchant)}`;
    case 'PaymentMethod':
      return sql`select 'PaymentMethod' as type, ${plans.PaymentMethod.json(merchant)} as object
        from payment_methods p join customers c on c.merchant_id = ${merchant.id} and c.id = p.customer_id
        where p.merchant_id = ${merchant.id} and p.id = any (${ids}::text[]) and ${isWithinReach(merchant)}`;
    case 'Merchant':
      return sql`select 'Merchant' as type, row_to_json(m)::text as object
        from (select ${merchantSelection} from merchants m) m
        where m.id = ${merchant.id} and m.id = any (${ids}::text[])`;
    case 'ApiKey':
      return sql`select 'ApiKey' as type, row_to_json(k)::text as object
        from ${keysOf(owner)} where k.id = any (${ids}::text[])`;
    default:
      return unreachable(type);
  }
}

function readNode(merchant: MerchantScope, { type, object }: NodeRow, plans: NodePlans): NodeValue {
  const row = JSON.parse(object);
  switch (type) {
    case 'Customer':
    case 'Address':
    case 'PaymentMethod':
      return plans[type].read(row, merchant);
    case 'Merchant':
      return readMerchant(row);
    case 'ApiKey':
      return readApiKey(row);
    default:
      return unreachable(type);
  }
}

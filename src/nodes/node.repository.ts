import { type KeyOwner, keysOf, readApiKey } from '../access/api-key.repository.js';
import { merchantSelection, readMerchant } from '../access/merchant.repository.js';
import { addressSelection, readAddress } from '../addresses/address.repository.js';
import { customerSelection, readCustomer, withinReach } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { join, raw, type Sql, sql } from '../db/sql.js';
import { type Row, wantBinding } from '../db/wants.js';
import { paymentMethodSelection, readPaymentMethod } from '../payment-methods/payment-method.repository.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { unreachable } from '../shared/result.js';
import type { NodeType, NodeValue, WantedNodes } from './node.js';

interface NodeRow {
  readonly type: NodeType;
  readonly object: Row;
}

/** What is looked for: objects of these types, and what is asked of them. */
export interface NodeSearch {
  readonly types: ReadonlySet<NodeType>;
  readonly wanted: WantedNodes;
}

/** The objects with these ids within reach, of all types in one statement, in no order. */
export async function listNodes(
  db: Queries,
  owner: KeyOwner,
  ids: readonly string[],
  { types, wanted }: NodeSearch,
): Promise<NodeValue[]> {
  const { merchant } = owner;
  const searches = [...types].map((type) => searchOf(type, owner, ids, wanted));
  if (searches.length === 0) return [];
  const rows = await db.read<NodeRow>(
    sql`select /* nodes.list */ n.row from (${join(searches, ' union all ')}) n`,
  );
  return rows.map(({ type, object }) => readNode(merchant, type, object, wanted));
}

function searchOf(type: NodeType, owner: KeyOwner, ids: readonly string[], wanted: WantedNodes): Sql {
  const { merchant } = owner;
  const id = merchant.id;
  switch (type) {
    case 'Customer':
      return sql`${objectOf('Customer', customerSelection(wanted.Customer))}
        from customers c where c.merchant_id = ${id} and c.id = any (${ids}::text[])${withinReach(merchant)}`;
    case 'Address':
      return sql`${objectOf('Address', addressSelection(wantBinding(wanted.Address)))}
        from addresses a join customers c on c.merchant_id = a.merchant_id and c.id = a.customer_id
        where a.merchant_id = ${id} and a.id = any (${ids}::text[])${withinReach(merchant)}`;
    case 'PaymentMethod':
      return sql`${objectOf('PaymentMethod', paymentMethodSelection(wantBinding(wanted.PaymentMethod)))}
        from payment_methods p join customers c on c.merchant_id = p.merchant_id and c.id = p.customer_id
        where p.merchant_id = ${id} and p.id = any (${ids}::text[])${withinReach(merchant)}`;
    case 'Merchant':
      return sql`${objectOf('Merchant', merchantSelection)}
        from merchants m where m.id = ${id} and m.id = any (${ids}::text[])`;
    case 'ApiKey':
      return sql`${objectOf('ApiKey', sql`k.*`)} from ${keysOf(owner)} where k.id = any (${ids}::text[])`;
    default:
      return unreachable(type);
  }
}

function objectOf(type: NodeType, selection: Sql): Sql {
  return sql`select json_build_object('type', ${raw(`'${type}'`)}::text, 'object', (
      select row_to_json(r) from (select ${selection}) r
    )) as row`;
}

function readNode(merchant: MerchantScope, type: NodeType, object: Row, wanted: WantedNodes): NodeValue {
  switch (type) {
    case 'Customer':
      return readCustomer(merchant, object, wanted.Customer);
    case 'Address':
      return readAddress(merchant, object, wanted.Address);
    case 'PaymentMethod':
      return readPaymentMethod(merchant, object, wanted.PaymentMethod);
    case 'Merchant':
      return readMerchant(object);
    case 'ApiKey':
      return readApiKey(object);
    default:
      return unreachable(type);
  }
}

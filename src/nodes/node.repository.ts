import { addressSelection, readAddress } from '../addresses/address.repository.js';
import { customerSelection, readCustomer } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import { type Row, wantBinding } from '../db/wants.js';
import { paymentMethodSelection, readPaymentMethod } from '../payment-methods/payment-method.repository.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { unreachable } from '../shared/result.js';
import type { NodeValue, WantedNodes } from './node.js';

interface NodeRow {
  readonly type: keyof WantedNodes;
  readonly object: Row;
}

/** The merchant's objects with these ids, of all types in one statement, in no order. */
export async function listNodes(
  db: Queries,
  merchant: MerchantScope,
  ids: readonly string[],
  wanted: WantedNodes,
): Promise<NodeValue[]> {
  const rows =
    await db.read<NodeRow>(sql`select /* nodes.list */ json_build_object('type', 'Customer', 'object', (
      select row_to_json(r) from (select ${customerSelection(wanted.Customer)}) r
    )) as row
    from customers c where c.merchant_id = ${merchant.id} and c.id = any (${ids}::text[])
    union all
    select json_build_object('type', 'Address', 'object', (
      select row_to_json(r) from (select ${addressSelection(wantBinding(wanted.Address))}) r
    ))
    from addresses a join customers c on c.merchant_id = a.merchant_id and c.id = a.customer_id
    where a.merchant_id = ${merchant.id} and a.id = any (${ids}::text[])
    union all
    select json_build_object('type', 'PaymentMethod', 'object', (
      select row_to_json(r) from (select ${paymentMethodSelection(wantBinding(wanted.PaymentMethod))}) r
    ))
    from payment_methods p join customers c on c.merchant_id = p.merchant_id and c.id = p.customer_id
    where p.merchant_id = ${merchant.id} and p.id = any (${ids}::text[])`);
  return rows.map(({ type, object }) => readNode(merchant, type, object, wanted));
}

function readNode(
  merchant: MerchantScope,
  type: keyof WantedNodes,
  object: Row,
  wanted: WantedNodes,
): NodeValue {
  switch (type) {
    case 'Customer':
      return readCustomer(merchant, object, wanted.Customer);
    case 'Address':
      return readAddress(merchant, object, wanted.Address);
    case 'PaymentMethod':
      return readPaymentMethod(merchant, object, wanted.PaymentMethod);
    default:
      return unreachable(type);
  }
}

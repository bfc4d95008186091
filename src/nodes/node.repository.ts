import { packedAddress, readAddress } from '../addresses/address.repository.js';
import { type KeyOwner, keysOf, readApiKey } from '../api-keys/api-key.repository.js';
import { packedCustomer, readCustomer, withinReach } from '../customers/customer.repository.js';
import { type PackedReader, packedRow, readAllPacked } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { join, raw, type Sql, sql } from '../db/sql.js';
import { withBinding } from '../db/wants.js';
import { merchantSelection, readMerchant } from '../merchants/merchant.repository.js';
import { packedPaymentMethod, readPaymentMethod } from '../payment-methods/payment-method.repository.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { unreachable } from '../shared/result.js';
import type { NodeType, NodeValue, WantedNodes } from './node.js';

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
  { types, wanted: selected }: NodeSearch,
): Promise<NodeValue[]> {
  const { merchant } = owner;
  const wanted: WantedNodes = {
    Customer: selected.Customer,
    Address: withBinding(selected.Address),
    PaymentMethod: withBinding(selected.PaymentMethod),
  };
  const searches = [...types].map((type) => searchOf(type, owner, ids, wanted));
  if (searches.length === 0) return [];
  const rows = await db.read<{ row: string }>(
    sql`select /* nodes.list */ n.row from (${join(searches, ' union all ')}) n`,
  );
  const packed = rows.map(({ row }) => row);
  return readAllPacked(packed, merchant.owner, (reader) => readNode(merchant, reader, wanted));
}

function searchOf(type: NodeType, owner: KeyOwner, ids: readonly string[], wanted: WantedNodes): Sql {
  const { merchant } = owner;
  const id = merchant.id;
  switch (type) {
    case 'Customer':
      return sql`${objectOf('Customer', packedCustomer(wanted.Customer))}
        from customers c where c.merchant_id = ${id} and c.id = any (${ids}::text[])${withinReach(merchant)}`;
    case 'Address':
      return sql`${objectOf('Address', packedAddress(wanted.Address))}
        from addresses a join customers c on c.merchant_id = a.merchant_id and c.id = a.customer_id
        where a.merchant_id = ${id} and a.id = any (${ids}::text[])${withinReach(merchant)}`;
    case 'PaymentMethod':
      return sql`${objectOf('PaymentMethod', packedPaymentMethod(wanted.PaymentMethod))}
        from payment_methods p join customers c on c.merchant_id = p.merchant_id and c.id = p.customer_id
        where p.merchant_id = ${id} and p.id = any (${ids}::text[])${withinReach(merchant)}`;
    case 'Merchant':
      return sql`${objectOf('Merchant', sql`row_to_json(m)`)}
        from (select ${merchantSelection} from merchants m) m where m.id = ${id} and m.id = any (${ids}::text[])`;
    case 'ApiKey':
      return sql`${objectOf('ApiKey', sql`row_to_json(k)`)} from ${keysOf(owner)} where k.id = any (${ids}::text[])`;
    default:
      return unreachable(type);
  }
}

/** A row that begins with its type. */
function objectOf(type: NodeType, object: Sql): Sql {
  return sql`select ${packedRow([raw(`'${type}'`), object])} as row`;
}

function readNode(merchant: MerchantScope, reader: PackedReader, wanted: WantedNodes): NodeValue {
  const type = reader.next() as NodeType;
  switch (type) {
    case 'Customer':
      return readCustomer(merchant, reader, wanted.Customer);
    case 'Address':
      return readAddress(merchant, reader, wanted.Address);
    case 'PaymentMethod':
      return readPaymentMethod(merchant, reader, wanted.PaymentMethod);
    case 'Merchant':
      return readMerchant(JSON.parse(reader.next()));
    case 'ApiKey':
      return readApiKey(JSON.parse(reader.next()));
    default:
      return unreachable(type);
  }
}

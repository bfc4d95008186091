import type { Customer } from '../customers/customer.js';
import { isWithinReach } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { NodeOwner, NodeSearch, PlanOf } from '../nodes/node.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { AddressId, CustomerId } from '../shared/id.js';
import type { Address, AddressDraft } from './address.js';
import { addressNoun, placeOf, wholeAddress } from './address.read-plan.js';

/** An address that was read together with its customer. */
export type AddressOfCustomer = Address & { readonly customer: Customer };

/** An address whole, with its customer by a plan, at the least its version. */
export async function findWithCustomer(
  db: Queries,
  merchant: MerchantScope,
  id: AddressId,
  customer: ReadPlan<Customer>,
): Promise<AddressOfCustomer | null> {
  const plan = wholeAddress(customer.with('version'));
  const [row] = await db.read<Row>(sql`select /* addresses.find */ ${plan.columns(merchant)}
    from addresses a join customers c on c.merchant_id = ${merchant.id} and c.id = a.customer_id
    where a.merchant_id = ${merchant.id} and a.id = ${id} and ${isWithinReach(merchant)}`);
  return row ? (plan.read(row, merchant) as AddressOfCustomer) : null;
}

/** Seals the lines of a customer's address. */
export function sealAddress(
  { vault }: MerchantScope,
  customerId: CustomerId,
  { id, lines }: Pick<AddressDraft, 'id' | 'lines'>,
): Buffer {
  return vault.seal(placeOf(customerId, id), lines);
}

/** Addresses by their ids, whatever else has ids. */
export function addressNodes({ merchant }: NodeOwner, ids: readonly string[], planOf: PlanOf): NodeSearch {
  const plan = planOf(addressNoun);
  return {
    object: plan.json(merchant),
    from: sql`addresses a join customers c on c.merchant_id = ${merchant.id} and c.id = a.customer_id
      where a.merchant_id = ${merchant.id} and a.id = any (${ids}::text[]) and ${isWithinReach(merchant)}`,
    read: (row) => plan.read(row, merchant),
  };
}

import type { Customer } from '../customers/customer.js';
import { customerPart, readCustomerPart, withinReach } from '../customers/customer.repository.js';
import { bytesOf, instantOf, isTrue, sealedColumn } from '../db/cells.js';
import { Cells, packed } from '../db/layout.js';
import { type PackedReader, packedOptional, readPacked } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import {
  mergeWants,
  type OpenWants,
  type Part,
  type Wants,
  wantPart,
  wants,
  withBinding,
} from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Place } from '../sealing/merchant-vault.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import {
  type BankAccountType,
  type CardBrand,
  type CheckResult,
  PaymentMethod,
  type PaymentMethodDetails,
  type PaymentMethodSecrets,
  type TokenType,
} from './payment-method.js';

/** What finds one payment method within a merchant. */
export type PaymentMethodKey = { readonly id: PaymentMethodId } | { readonly token: PaymentToken };

/** The columns of `payment_methods p` beside its customer `c`. */
const columns = {
  id: sql`p.id`,
  customer_id: sql`p.customer_id`,
  token: sql`p.token`,
  type: sql`p.type`,
  brand: sql`p.brand`,
  last_four: sql`p.last_four`,
  expiry_month: sql`p.expiry_month`,
  expiry_year: sql`p.expiry_year`,
  cvc_check: sql`p.cvc_check`,
  address_check: sql`p.address_check`,
  token_type: sql`p.token_type`,
  bank_account_type: sql`p.bank_account_type`,
  verified: sql`p.verified`,
  fingerprint: sql`p.fingerprint`,
  sealed: sealedColumn(sql`p.sealed`),
  is_default: sql`p.id is not distinct from c.default_payment_method_id`,
  created_at: sql`p.created_at`,
  linked_at: sql`p.linked_at`,
  updated_at: sql`p.updated_at`,
};

/** What `readPaymentMethod` reads: the payment method `p`, beside its customer `c`, as a packed row. */
export function packedPaymentMethod(wanted: Wants): Sql {
  return packed(columns, wanted);
}

/** Makes a payment method of the row of `packedPaymentMethod` that comes next; `customer` where that is read along. */
export function readPaymentMethod(
  merchant: MerchantScope,
  reader: PackedReader,
  wanted: Wants,
  customer: Customer | null = null,
): PaymentMethod {
  const cells = new Cells(reader, columns, wanted);
  const id = cells.of('id') as PaymentMethodId;
  const customerId = customer?.id ?? (cells.of('customer_id') as CustomerId);
  const fingerprint = cells.of('fingerprint');
  return new PaymentMethod({
    id,
    customerId,
    token: cells.of('token') as PaymentToken,
    details: detailsOf(cells),
    secrets: openSealed(merchant.vault, placeOf(customerId, id), cells.of('sealed')),
    fingerprint: fingerprint ? bytesOf(fingerprint).toString('hex') : null,
    isDefault: isTrue(cells.of('is_default')),
    createdAt: instantOf(cells.of('created_at')),
    linkedAt: instantOf(cells.of('linked_at')),
    updatedAt: instantOf(cells.of('updated_at')),
    customer: readCustomerPart(merchant, reader, wanted) ?? customer,
  });
}

function detailsOf(cells: Cells<keyof typeof columns>): PaymentMethodDetails {
  const lastFour = cells.of('last_four') as string;
  if (cells.of('type') === 'ACH') {
    return {
      type: 'ACH',
      bankAccountType: cells.of('bank_account_type') as BankAccountType,
      lastFour,
      verified: isTrue(cells.of('verified')),
    };
  }
  return {
    type: 'CARD',
    brand: cells.of('brand') as CardBrand,
    lastFour,
    cvcCheck: cells.of('cvc_check') as CheckResult,
    addressCheck: cells.of('address_check') as CheckResult,
    expiry: { month: Number(cells.of('expiry_month')), year: Number(cells.of('expiry_year')) },
    tokenType: cells.of('token_type') as TokenType,
  };
}

export async function findPaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  key: PaymentMethodKey,
  selected: Wants,
): Promise<PaymentMethod | null> {
  const wanted = withBinding(selected);
  const [row] = await db.read<{
    row: string;
  }>(sql`select /* payment-methods.find */ ${packedPaymentMethod(wanted)} as row
      from payment_methods p join customers c on c.merchant_id = p.merchant_id and c.id = p.customer_id
      where p.merchant_id = ${merchant.id} and ${isPaymentMethod(key)}${withinReach(merchant)}`);
  return row ? readPacked(row.row, (reader) => readPaymentMethod(merchant, reader, wanted)) : null;
}

/** What the answer to a change wants of the payment method and of its customer. */
export interface Answer {
  readonly paymentMethod: Wants;
  readonly customer: Wants;
}

/** A payment method whole, with its customer as it is wanted, at the least its version. */
export async function findWithCustomer(
  db: Queries,
  merchant: MerchantScope,
  id: PaymentMethodId,
  wanted: Wants,
): Promise<(PaymentMethod & { readonly customer: Customer }) | null> {
  const ofCustomer = wants('id', 'version');
  mergeWants(ofCustomer, wanted);
  const whole = wants(...Object.keys(columns));
  wantPart(whole, 'customer', customerPart(ofCustomer));
  const found = await findPaymentMethod(db, merchant, { id }, whole);
  return found as (PaymentMethod & { readonly customer: Customer }) | null;
}

function isPaymentMethod(key: PaymentMethodKey): Sql {
  return 'id' in key ? sql`p.id = ${key.id}` : sql`p.token = ${key.token}::uuid`;
}

/** The default payment method of the customer `c`, or null. */
export function defaultPaymentMethodOfCustomer(wanted: OpenWants): Part {
  const ofCustomer = sql`payment_methods p
    where p.merchant_id = c.merchant_id and p.id = c.default_payment_method_id`;
  return {
    wants: wanted,
    column: () => packedOptional(packedPaymentMethod(wanted), ofCustomer),
    read: (merchant, reader, parent) =>
      reader.optional(() => readPaymentMethod(merchant, reader, wanted, parent as Customer)),
    ofNew: () => null,
  };
}

/** Seals what of a customer's payment method is secret. */
export function sealPaymentMethod(
  { vault }: MerchantScope,
  { id, customerId }: { readonly id: PaymentMethodId; readonly customerId: CustomerId },
  secrets: PaymentMethodSecrets,
): Buffer {
  return vault.seal(placeOf(customerId, id), secrets);
}

function placeOf(customerId: CustomerId, id: PaymentMethodId): Place {
  return { table: 'payment_methods', rowId: id, customerId };
}

import type { Customer } from '../customers/customer.js';
import { customerPart, readCustomerPart, withinReach } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import {
  blobOf,
  bytesOf,
  instantOf,
  mergeWants,
  type Part,
  type Row,
  sealedColumn,
  selectList,
  type Wants,
  wantBinding,
  wantPart,
  wants,
} from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Place } from '../sealing/merchant-vault.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import type {
  BankAccountType,
  CardBrand,
  CheckResult,
  PaymentMethod,
  PaymentMethodDetails,
  PaymentMethodSecrets,
  TokenType,
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
  is_default: sql`p.id is not distinct from c.default_payment_method_id as is_default`,
  created_at: sql`p.created_at`,
  linked_at: sql`p.linked_at`,
  updated_at: sql`p.updated_at`,
};

interface PaymentMethodRow {
  readonly id: PaymentMethodId;
  readonly customer_id: CustomerId;
  readonly token: PaymentToken;
  readonly type: 'CARD' | 'ACH';
  readonly brand: CardBrand;
  readonly last_four: string;
  readonly expiry_month: number;
  readonly expiry_year: number;
  readonly cvc_check: CheckResult;
  readonly address_check: CheckResult;
  readonly token_type: TokenType;
  readonly bank_account_type: BankAccountType;
  readonly verified: boolean;
  readonly fingerprint?: string | null;
  readonly sealed?: string;
  readonly is_default: boolean;
  readonly created_at?: string;
  readonly linked_at?: string;
  readonly updated_at?: string;
}

/** The select list that `readPaymentMethod` reads, over the aliases `p` and `c`. */
export function paymentMethodSelection(wanted: Wants): Sql {
  return selectList(columns, wanted);
}

/** Makes a payment method of a JSON row; `customer` where it hangs below one that is read along. */
export function readPaymentMethod(
  merchant: MerchantScope,
  json: Row,
  wanted: Wants,
  customer: Customer | null = null,
): PaymentMethod {
  const row = json as unknown as PaymentMethodRow;
  const { id, token, sealed, fingerprint, created_at, linked_at, updated_at } = row;
  const customerId = customer?.id ?? row.customer_id;
  const place = placeOf(customerId, id);
  return {
    __typename: 'PaymentMethod',
    id,
    customerId,
    token,
    details: detailsOf(row),
    secrets: (sealed && openSealed(merchant.vault, place, blobOf(sealed))) as PaymentMethod['secrets'],
    fingerprint: fingerprint ? bytesOf(fingerprint).toString('hex') : null,
    isDefault: row.is_default,
    createdAt: instantOf(created_at),
    linkedAt: instantOf(linked_at),
    updatedAt: instantOf(updated_at),
    customer: customer ?? readCustomerPart(merchant, json, wanted),
  };
}

function detailsOf(row: PaymentMethodRow): PaymentMethodDetails {
  if (row.type === 'ACH') {
    return {
      type: 'ACH',
      bankAccountType: row.bank_account_type,
      lastFour: row.last_four,
      verified: row.verified,
    };
  }
  return {
    type: 'CARD',
    brand: row.brand,
    lastFour: row.last_four,
    cvcCheck: row.cvc_check,
    addressCheck: row.address_check,
    expiry: { month: row.expiry_month, year: row.expiry_year },
    tokenType: row.token_type,
  };
}

export async function findPaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  key: PaymentMethodKey,
  wanted: Wants,
): Promise<PaymentMethod | null> {
  const [row] = await db.read<Row>(sql`select /* payment-methods.find */ row_to_json(r) as row from (
      select ${paymentMethodSelection(wantBinding(wanted))}
      from payment_methods p join customers c on c.merchant_id = p.merchant_id and c.id = p.customer_id
      where p.merchant_id = ${merchant.id} and ${isPaymentMethod(key)}${withinReach(merchant)}
    ) r`);
  return row ? readPaymentMethod(merchant, row, wanted) : null;
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
export function defaultPaymentMethodOfCustomer(wanted: Wants): Part {
  return {
    wants: wanted,
    column: () => sql`(
      select row_to_json(r) from (
        select ${paymentMethodSelection(wanted)} from payment_methods p
        where p.merchant_id = c.merchant_id and p.id = c.default_payment_method_id
      ) r
    )`,
    read: (merchant, json, parent) =>
      json && readPaymentMethod(merchant, json as Row, wanted, parent as Customer),
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

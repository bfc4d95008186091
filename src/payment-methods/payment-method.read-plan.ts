import type { Customer } from '../customers/customer.js';
import { belowCustomer, ownerKind, planOwner } from '../customers/customer.read-plan.js';
import { raw, sql } from '../db/sql.js';
import { type ConnectionArguments, toPageRequest } from '../graphql-kit/connection.js';
import { instantColumn, instantOf, jsonRows, sealedColumn } from '../read-plan/columns.js';
import { columns, type FieldPlans, type FilterPlan, type Planning } from '../read-plan/planner.js';
import { type ChildKind, type Noun, PlanDraft, ReadPlan, type Row } from '../read-plan/read-plan.js';
import { fieldsAt, type SelectedField } from '../read-plan/selected-field.js';
import type { Place } from '../sealing/merchant-vault.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import type {
  BankAccountType,
  CardBrand,
  CheckResult,
  PaymentMethodDetails,
  TokenType,
} from '../shared/payment-method-details.js';
import type { PaymentMethod } from './payment-method.js';
import {
  NO_CONDITIONS,
  type PaymentMethodFilterInput,
  readPaymentMethodFilter,
} from './payment-method-filter.js';
import { hasPaymentMethod } from './payment-method-filter.repository.js';
import { pageKind, totalKind } from './payment-method-list.repository.js';

type PaymentMethodRow = {
  readonly id: PaymentMethodId;
  readonly customer_id: CustomerId;
  readonly token: PaymentToken;
  readonly type: 'CARD' | 'ACH';
  readonly brand: CardBrand;
  readonly brand_name: string | null;
  readonly last_four: string;
  readonly expiry_month: number;
  readonly expiry_year: number;
  readonly cvc_check: CheckResult;
  readonly address_check: CheckResult;
  readonly token_type: TokenType;
  readonly bank_account_type: BankAccountType;
  readonly verified: boolean;
  readonly fingerprint: string | null;
  readonly sealed: string;
  readonly is_default: boolean;
  readonly created_at: string;
  readonly linked_at: string;
  readonly updated_at: string;
};

/** The payment method `p` beside its customer `c`. */
export const paymentMethodNoun: Noun<PaymentMethod> = {
  typeName: 'PaymentMethod',
  columns: {
    id: raw('p.id'),
    customer_id: raw('p.customer_id'),
    token: raw('p.token::text'),
    type: raw('p.type'),
    brand: raw('p.brand'),
    brand_name: raw('p.brand_name'),
    last_four: raw('p.last_four'),
    expiry_month: raw('p.expiry_month'),
    expiry_year: raw('p.expiry_year'),
    cvc_check: raw('p.cvc_check'),
    address_check: raw('p.address_check'),
    token_type: raw('p.token_type'),
    bank_account_type: raw('p.bank_account_type'),
    verified: raw('p.verified'),
    fingerprint: raw(`encode(p.fingerprint, 'hex')`),
    sealed: sealedColumn('p.sealed'),
    is_default: raw('p.id is not distinct from c.default_payment_method_id'),
    created_at: instantColumn('p.created_at'),
    linked_at: instantColumn('p.linked_at'),
    updated_at: instantColumn('p.updated_at'),
  },
  make: (row: PaymentMethodRow, { vault }, customer: Customer | null) => {
    const customerId = customer?.id ?? row.customer_id;
    return {
      __typename: 'PaymentMethod',
      id: row.id,
      customerId,
      token: row.token,
      details: detailsOf(row),
      secrets: openSealed(vault, placeOf(customerId, row.id), row.sealed),
      fingerprint: row.fingerprint,
      isDefault: row.is_default,
      createdAt: instantOf(row.created_at),
      linkedAt: instantOf(row.linked_at),
      updatedAt: instantOf(row.updated_at),
      customer,
    };
  },
};

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
    type: row.type,
    brand: row.brand,
    brandName: row.brand_name,
    lastFour: row.last_four,
    cvcCheck: row.cvc_check,
    addressCheck: row.address_check,
    expiry: { month: row.expiry_month, year: row.expiry_year },
    tokenType: row.token_type,
  };
}

/** Where a payment method's blob stands. */
export function placeOf(customerId: CustomerId, id: PaymentMethodId): Place {
  return { table: 'payment_methods', rowId: id, customerId };
}

/** A payment method whole, with its customer by a plan. */
export function wholePaymentMethod(customer: ReadPlan<Customer>): ReadPlan<PaymentMethod> {
  const names = Object.keys(paymentMethodNoun.columns);
  return new ReadPlan(paymentMethodNoun, names, [{ kind: ownerKind, plan: customer }]);
}

/** The default payment method of the customer `c`, or null. */
const defaultKind: ChildKind<Customer, PaymentMethod> = {
  sql: ({ columns, rows }) => {
    const isDefault = sql`p.customer_id = c.id and p.id = c.default_payment_method_id`;
    return jsonRows(sql`select ${columns} from (${rows('payment_methods', 'p', isDefault)}) p`);
  },
  put: (
    customer: { defaultPaymentMethod?: PaymentMethod | null } & Customer,
    json: readonly Row[] | null,
    plan,
    merchant,
  ) => {
    customer.defaultPaymentMethod = plan.readBelow(json, merchant, customer)[0] ?? null;
  },
};

/** The columns of what says whether a payment could use a method. */
export const USABILITY = ['type', 'expiry_month', 'expiry_year', 'verified'] as const;

const CARD = ['type', 'brand', 'brand_name', 'last_four', 'expiry_month', 'expiry_year'] as const;
const CHECKS = ['cvc_check', 'address_check', 'token_type'] as const;

/** What each field of a payment method needs, and each field of a customer that leads to payment methods. */
export const paymentMethodFieldPlans = {
  PaymentMethod: {
    id: columns('id'),
    token: columns('token'),
    type: columns('type'),
    label: columns('sealed', 'customer_id'),
    isDefault: columns('is_default'),
    billingDetails: columns('sealed', 'customer_id'),
    card: columns(...CARD, ...CHECKS),
    ach: columns('type', 'bank_account_type', 'last_four', 'verified'),
    fingerprint: columns('fingerprint'),
    usable: columns(...USABILITY),
    unusableReason: columns(...USABILITY),
    createdAt: columns('created_at'),
    linkedAt: columns('linked_at'),
    updatedAt: columns('updated_at'),
    customer: planOwner,
  },
  Customer: {
    defaultPaymentMethod: (draft, field, planning) =>
      draft.addChild(
        'defaultPaymentMethod',
        defaultKind,
        belowCustomer(paymentMethodNoun, draft, field, planning),
      ),
    paymentMethods: planPage,
  },
} satisfies FieldPlans;

/** The arguments of `Customer.paymentMethods`. */
export interface PaymentMethodsArguments extends ConnectionArguments {
  readonly filter?: PaymentMethodFilterInput | null | undefined;
}

/** The name of the list's only order, for its cursors. */
export const PAYMENT_METHOD_ORDER = 'payment-methods';

function planPage(draft: PlanDraft, field: SelectedField, planning: Planning): void {
  const args: PaymentMethodsArguments = field.args;
  const below = new PlanDraft(paymentMethodNoun);
  for (const path of [['nodes'], ['edges', 'node']]) {
    for (const item of fieldsAt(field, path))
      below.merge(belowCustomer(paymentMethodNoun, draft, item, planning));
  }
  below.addColumns('is_default', 'linked_at');
  const filter = args.filter ? readPaymentMethodFilter(args.filter, planning.now) : NO_CONDITIONS;
  try {
    const listing = { key: pageKey(args), page: toPageRequest(args, PAYMENT_METHOD_ORDER, planning), filter };
    draft.addChild(`paymentMethods ${listing.key}`, pageKind(listing), below);
    if (fieldsAt(field, ['totalCount']).length > 0) {
      draft.addChild(`total ${listing.key}`, totalKind(listing), new PlanDraft(paymentMethodNoun));
    }
  } catch {
    // The field's own resolver refuses the same arguments, so that the error stands at the field.
  }
}

/** What tells the page with these arguments from others. */
export function pageKey({ first, after, last, before, filter }: PaymentMethodsArguments): string {
  // Most pages differ in their size alone, and a list of customers asks for the key once a customer.
  if (!(after || before || filter)) return `${first ?? ''}/${last ?? ''}`;
  const { type, brand, lastFour, expiresBefore, usable } = filter ?? {};
  const parts = [first, after, last, before, type, brand, lastFour, expiresBefore, usable];
  return JSON.stringify(parts.map((part) => part ?? null));
}

/** The conditions that payment methods add to the filter of customers. */
export const paymentMethodFilters = {
  paymentMethod: (input: PaymentMethodFilterInput, now: Date) => {
    const filter = readPaymentMethodFilter(input, now);
    return filter && hasPaymentMethod(filter);
  },
} satisfies Record<string, FilterPlan<PaymentMethodFilterInput>>;

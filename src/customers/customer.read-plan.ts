import { raw, sql } from '../db/sql.js';
import { instantColumn, instantOf, jsonRows, sealedColumn } from '../read-plan/columns.js';
import { columns, type FieldPlans, type Planning } from '../read-plan/planner.js';
import { type ChildKind, type Noun, type PlanDraft, ReadPlan } from '../read-plan/read-plan.js';
import type { SelectedField } from '../read-plan/selected-field.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { CustomerId, PaymentToken } from '../shared/id.js';
import type { Customer } from './customer.js';
import { placeOf } from './customer-hashes.js';

type CustomerRow = {
  readonly id: CustomerId;
  readonly token: PaymentToken;
  readonly version: number;
  readonly sealed: string;
  readonly created_at: string;
  readonly updated_at: string;
};

/** The customer `c`. */
export const customerNoun: Noun<Customer> = {
  typeName: 'Customer',
  columns: {
    id: raw('c.id'),
    token: raw('c.token::text'),
    version: raw('c.version'),
    sealed: sealedColumn('c.sealed'),
    created_at: instantColumn('c.created_at'),
    updated_at: instantColumn('c.updated_at'),
  },
  make: (row: CustomerRow, { vault }) => ({
    __typename: 'Customer',
    id: row.id,
    token: row.token,
    version: row.version,
    profile: openSealed(vault, placeOf(row.id), row.sealed),
    createdAt: instantOf(row.created_at),
    updatedAt: instantOf(row.updated_at),
  }),
};

/** Only what says whether a customer has changed. */
export const customerVersion = new ReadPlan(customerNoun, ['id', 'version']);

/** A customer whole, with nothing below it. */
export const wholeCustomer = new ReadPlan(customerNoun, Object.keys(customerNoun.columns));

/** What each field of a customer that is its own needs; other features plan theirs. */
export const customerFieldPlans = {
  Customer: {
    id: columns('id'),
    token: columns('token'),
    reference: columns('sealed'),
    name: columns('sealed'),
    email: columns('sealed'),
    phone: columns('sealed'),
    metadata: columns('sealed'),
    version: columns('version'),
    createdAt: columns('created_at'),
    updatedAt: columns('updated_at'),
  },
} satisfies FieldPlans;

/** What belongs to a customer. */
export interface Belonging {
  readonly customer: Customer | null;
}

/** The customer `c` that something read by itself belongs to. */
export const ownerKind: ChildKind<Belonging, Customer> = {
  sql: ({ columns }) => jsonRows(sql`select ${columns}`),
  put: (item: { customer: Customer | null }, json: readonly CustomerRow[], plan, merchant) => {
    item.customer = plan.readBelow(json, merchant)[0] ?? null;
  },
};

/** Plans the field that leads from something to the customer that it belongs to. */
export function planOwner(draft: PlanDraft, field: SelectedField, planning: Planning): void {
  draft.addChild('customer', ownerKind, planning.draftOf(customerNoun, field));
}

/**
 * The plan of objects that lie below a customer. Where they lead back to it, it is the same customer: what is selected
 * of it there is added to what is selected of it anyway.
 */
export function belowCustomer<Item extends object>(
  noun: Noun<Item>,
  customer: PlanDraft,
  field: SelectedField,
  planning: Planning,
): PlanDraft<Item> {
  return mergeBack(planning.draftOf(noun, field), customer);
}

/** Moves what is selected of the customer of some objects to the plan of the customer that they lie below. */
export function mergeBack<Item extends object, Owner extends object>(
  below: PlanDraft<Item>,
  customer: PlanDraft<Owner>,
): PlanDraft<Item> {
  const back = below.takeChild('customer');
  if (back) customer.merge(back);
  // Their customer, to whom what is sealed is bound, is read anyway.
  below.columns.delete('customer_id');
  return below;
}

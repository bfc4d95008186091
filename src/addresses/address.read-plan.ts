import type { Customer } from '../customers/customer.js';
import { belowCustomer, ownerKind, planOwner } from '../customers/customer.read-plan.js';
import { raw, sql } from '../db/sql.js';
import { instantColumn, instantOf, jsonRows, sealedColumn } from '../read-plan/columns.js';
import { columns, type FieldPlans } from '../read-plan/planner.js';
import { type ChildKind, type Noun, ReadPlan } from '../read-plan/read-plan.js';
import type { Place } from '../sealing/merchant-vault.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { AddressId, CustomerId } from '../shared/id.js';
import { type Address, inOrder } from './address.js';

type AddressRow = {
  readonly id: AddressId;
  readonly customer_id: CustomerId;
  readonly sealed: string;
  readonly is_default: boolean;
  readonly created_at: string;
  readonly updated_at: string;
};

/** The address `a` beside its customer `c`. */
export const addressNoun: Noun<Address> = {
  typeName: 'Address',
  columns: {
    id: raw('a.id'),
    customer_id: raw('a.customer_id'),
    sealed: sealedColumn('a.sealed'),
    is_default: raw('a.id is not distinct from c.default_address_id'),
    created_at: instantColumn('a.created_at'),
    updated_at: instantColumn('a.updated_at'),
  },
  make: (row: AddressRow, { vault }, customer: Customer | null) => {
    const customerId = customer?.id ?? row.customer_id;
    return {
      __typename: 'Address',
      id: row.id,
      customerId,
      lines: openSealed(vault, placeOf(customerId, row.id), row.sealed),
      isDefault: row.is_default,
      createdAt: instantOf(row.created_at),
      updatedAt: instantOf(row.updated_at),
      customer,
    };
  },
};

/** Where an address's blob stands. */
export function placeOf(customerId: CustomerId, id: AddressId): Place {
  return { table: 'addresses', rowId: id, customerId };
}

/** An address whole, with its customer by a plan. */
export function wholeAddress(customer: ReadPlan<Customer>): ReadPlan<Address> {
  return new ReadPlan(addressNoun, Object.keys(addressNoun.columns), [{ kind: ownerKind, plan: customer }]);
}

/** Every address of the customer `c`, the default first, then oldest first. */
const addressesKind: ChildKind<Customer, Address> = {
  sql: ({ columns, rows }) =>
    jsonRows(sql`select ${columns} from (${rows('addresses', 'a', sql`a.customer_id = c.id`)}) a`),
  // Put in order here: a customer has few, and PostgreSQL takes longer to begin sorting than to find them.
  put: (
    customer: { addresses?: Address[] } & Customer,
    json: readonly AddressRow[] | null,
    plan,
    merchant,
  ) => {
    customer.addresses = inOrder(plan.readBelow(json, merchant, customer));
  },
};

/** The default address of the customer `c`, or null. */
const defaultAddressKind: ChildKind<Customer, Address> = {
  sql: ({ columns, rows }) => {
    const isDefault = sql`a.customer_id = c.id and a.id = c.default_address_id`;
    return jsonRows(sql`select ${columns} from (${rows('addresses', 'a', isDefault)}) a`);
  },
  put: (
    customer: { defaultAddress?: Address | null } & Customer,
    json: readonly AddressRow[] | null,
    plan,
    merchant,
  ) => {
    customer.defaultAddress = plan.readBelow(json, merchant, customer)[0] ?? null;
  },
};

const sealed = columns('sealed', 'customer_id');

/** What each field of an address needs, and each field of a customer that leads to addresses. */
export const addressFieldPlans = {
  Address: {
    id: columns('id'),
    label: sealed,
    line1: sealed,
    line2: sealed,
    city: sealed,
    state: sealed,
    postalCode: sealed,
    country: sealed,
    isDefault: columns('is_default'),
    createdAt: columns('created_at'),
    updatedAt: columns('updated_at'),
    customer: planOwner,
  },
  Customer: {
    addresses: (draft, field, planning) => {
      const below = belowCustomer(addressNoun, draft, field, planning);
      below.addColumns('is_default', 'created_at');
      draft.addChild('addresses', addressesKind, below);
    },
    defaultAddress: (draft, field, planning) => {
      const below = belowCustomer(addressNoun, draft, field, planning);
      draft.addChild('defaultAddress', defaultAddressKind, below);
    },
  },
} satisfies FieldPlans;

import type { Action } from '../access/authorise.js';

/**
 * What is kept of one field of a mutation's payload, and so what a replay says there: an object is kept by its id
 * and read again as it is now; an id and a flag are what they were; a secret is not kept, and is not shown again.
 */
export type KeptField = 'Customer' | 'Address' | 'PaymentMethod' | 'id' | 'flag' | 'secret';

/** A mutation that may be called with an idempotency key. */
export interface IdempotentMutation {
  /** What the caller must be allowed to do, asked before anything is looked up. */
  readonly action: Action;
  /** Every field of its payload but `userErrors`. */
  readonly keeps: Readonly<Record<string, KeptField>>;
}

const customer = { customer: 'Customer' } as const;
const address = { address: 'Address', ...customer } as const;
const paymentMethod = { paymentMethod: 'PaymentMethod', ...customer } as const;

/**
 * Every mutation; null: it takes no idempotency key. One that is not in this table takes none either, and a test
 * walks the schema for such.
 */
const mutations: Readonly<Record<string, IdempotentMutation | null>> = {
  createCustomer: { action: 'customers.write', keeps: customer },
  upsertCustomer: { action: 'customers.write', keeps: { ...customer, created: 'flag' } },
  updateCustomer: { action: 'customers.write', keeps: customer },
  deleteCustomer: { action: 'customers.delete', keeps: { deletedCustomerId: 'id' } },
  addAddress: { action: 'customers.write', keeps: address },
  updateAddress: { action: 'customers.write', keeps: address },
  setDefaultAddress: { action: 'customers.write', keeps: address },
  removeAddress: { action: 'customers.write', keeps: { removedAddressId: 'id', ...customer } },
  linkPaymentMethod: { action: 'payment-methods.write', keeps: { ...paymentMethod, existing: 'flag' } },
  updatePaymentMethod: { action: 'payment-methods.write', keeps: paymentMethod },
  setDefaultPaymentMethod: { action: 'payment-methods.write', keeps: paymentMethod },
  unlinkPaymentMethod: {
    action: 'payment-methods.write',
    keeps: { unlinkedPaymentMethodId: 'id', ...customer },
  },
  // A replay would have to give the token out again, and the vault keeps only its hash.
  createSandboxPaymentToken: null,
};

/** How a mutation is made idempotent; null for one that takes no key. */
export function idempotentMutation(name: string): IdempotentMutation | null {
  return (Object.hasOwn(mutations, name) ? mutations[name] : null) ?? null;
}

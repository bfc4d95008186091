import type { Action } from '../access/actions.js';

/**
 * What is kept of one field of a mutation's payload, and so what a replay says there: an object is kept by its id
 * and read again as it is now; an id and a flag are what they were; a secret is not kept, and is not shown again.
 */
export type KeptField = KeptObject | 'id' | 'flag' | 'secret';

/** The types of objects that are kept by their id. */
export type KeptObject = 'Customer' | 'Address' | 'PaymentMethod' | 'ApiKey' | 'CustomerSession';

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
  createCustomer: { action: 'customers.create', keeps: customer },
  upsertCustomer: { action: 'customers.create', keeps: { ...customer, created: 'flag' } },
  updateCustomer: { action: 'customers.update', keeps: customer },
  deleteCustomer: { action: 'customers.delete', keeps: { deletedCustomerId: 'id' } },
  addAddress: { action: 'addresses.write', keeps: address },
  updateAddress: { action: 'addresses.write', keeps: address },
  setDefaultAddress: { action: 'addresses.write', keeps: address },
  removeAddress: { action: 'addresses.write', keeps: { removedAddressId: 'id', ...customer } },
  linkPaymentMethod: { action: 'payment-methods.link', keeps: { ...paymentMethod, existing: 'flag' } },
  updatePaymentMethod: { action: 'payment-methods.link', keeps: paymentMethod },
  setDefaultPaymentMethod: { action: 'payment-methods.link', keeps: paymentMethod },
  unlinkPaymentMethod: {
    action: 'payment-methods.unlink',
    keeps: { unlinkedPaymentMethodId: 'id', ...customer },
  },
  createApiKey: { action: 'keys.manage', keeps: { apiKey: 'ApiKey', secret: 'secret' } },
  rotateApiKey: { action: 'keys.manage', keeps: { apiKey: 'ApiKey', secret: 'secret' } },
  revokeApiKey: { action: 'keys.manage', keeps: { apiKey: 'ApiKey' } },
  createCustomerSession: { action: 'customer-sessions.create', keeps: { session: 'CustomerSession' } },
  // A replay would have to give the token out again, and the vault keeps only its hash.
  createSandboxPaymentToken: null,
};

/** How a mutation is made idempotent; null for one that takes no key. */
export function idempotentMutation(name: string): IdempotentMutation | null {
  return (Object.hasOwn(mutations, name) ? mutations[name] : null) ?? null;
}

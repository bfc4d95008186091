import { authorise } from '../access/authorise.js';
import {
  type AddressDraft,
  type AddressInput,
  inOrder,
  readAddressDrafts,
  toAddress,
} from '../addresses/address.js';
import { sealAddress } from '../addresses/address.repository.js';
import { UniqueViolation } from '../db/errors.js';
import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openedValue } from '../sealing/sealed-value.js';
import type { CustomerId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import { fail, type Path, type Result, succeed } from '../shared/result.js';
import { type Customer, type CustomerProfile, type ProfileInput, readProfile } from './customer.js';
import { insertCustomer, REFERENCE_CONSTRAINT } from './customer-write.repository.js';

export interface CreateCustomerInput extends ProfileInput {
  readonly addresses?: Given<readonly AddressInput[]>;
}

/** What a new customer is made of, read and found good. */
export interface CustomerDraft {
  readonly profile: CustomerProfile;
  readonly addresses: readonly AddressDraft[];
}

/**
 * Creates a customer with its addresses, in one statement. Gives all of it, whatever the answer shows.
 *
 * Fails with every problem of the input; with TAKEN when another customer has the reference.
 */
export async function createCustomer(op: Operation, input: CreateCustomerInput): Promise<Result<Customer>> {
  const merchant = authorise(op, 'customers.create');
  const draft = readCustomerDraft(op, input, ['input']);
  if (!draft.ok) return draft;
  const customer = await insertDraft(op, merchant, draft.value);
  return customer ? succeed(customer) : fail({ code: 'TAKEN', field: ['input', 'reference'] });
}

/** Reads the input of a new customer, its addresses included. */
export function readCustomerDraft(
  op: Operation,
  input: CreateCustomerInput,
  at: Path,
): Result<CustomerDraft> {
  const reader = new InputReader();
  const profile = readProfile(reader, at, input);
  const addresses = readAddressDrafts(reader, [...at, 'addresses'], input.addresses ?? [], op.ids);
  return reader.result({ profile, addresses });
}

/** Inserts a draft; null when another customer has its reference. */
export async function insertDraft(
  op: Operation,
  merchant: MerchantScope,
  { profile, addresses: drafts }: CustomerDraft,
): Promise<Customer | null> {
  const createdAt = op.now();
  const customer: Customer = {
    __typename: 'Customer',
    id: op.ids.next<CustomerId>(),
    token: op.newToken(),
    profile: openedValue(profile),
    version: 1,
    createdAt: toInstant(createdAt),
    updatedAt: toInstant(createdAt),
  };
  const addresses = drafts.map((draft) => toAddress(draft, customer, customer.createdAt));
  try {
    await insertCustomer(
      op.db,
      merchant,
      { ...customer, profile, createdAt },
      {
        ids: drafts.map(({ id }) => id),
        blobs: drafts.map((draft) => sealAddress(merchant, customer.id, draft)),
        defaultId: drafts.find(({ isDefault }) => isDefault)?.id ?? null,
      },
    );
  } catch (error) {
    if (error instanceof UniqueViolation && error.constraint === REFERENCE_CONSTRAINT) return null;
    throw error;
  }
  return Object.assign(customer, {
    addresses: inOrder(addresses),
    defaultAddress: addresses.find(({ isDefault }) => isDefault) ?? null,
    defaultPaymentMethod: null,
    paymentMethods: 'NONE' as const,
  });
}

import { isDeepStrictEqual } from 'node:util';
import { readSealed, type SealedValue } from '../sealing/sealed-value.js';
import { checkEmail } from '../shared/email.js';
import type { CustomerId, PaymentToken } from '../shared/id.js';
import { type Given, type InputReader, type TextCheck, textOf } from '../shared/input-reader.js';
import type { Instant } from '../shared/instant.js';
import { checkMetadata, hasTooManyKeys, type Metadata, mergeMetadata } from '../shared/metadata.js';
import { checkPhone } from '../shared/phone.js';
import type { Path } from '../shared/result.js';

export interface MetadataPair {
  readonly key: string;
  readonly value: string;
}

/** What of a customer is sealed: all that a person could be recognised by. */
export interface CustomerProfile {
  /** Never empty. */
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  /** The merchant's own customer number. */
  readonly reference: string | null;
  readonly metadata: Metadata | null;
}

/**
 * A person or business that pays a merchant. What was not selected of it is undefined, and GraphQL refuses to show it.
 * Features that add something below a customer add it here, too.
 */
export interface Customer {
  readonly __typename: 'Customer';
  readonly id: CustomerId;
  /** Stands for the default payment method at the time of use. */
  readonly token: PaymentToken;
  readonly profile: SealedValue<CustomerProfile>;
  /** Grows by one with every change of the customer, its addresses or its payment methods. */
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Orders of the customers' list. */
export type CustomerOrderField = 'CREATED_AT' | 'UPDATED_AT';

export interface CustomerOrder {
  readonly field: CustomerOrderField;
  readonly direction: 'ASC' | 'DESC';
}

/** The profile, or the `IntegrityError` of a blob that does not open. */
export function profileOf(customer: Customer): CustomerProfile {
  return readSealed(customer.profile);
}

const MAX_NAME_LENGTH = 200;
export const MAX_REFERENCE_LENGTH = 100;

export interface ProfileInput {
  readonly name?: Given<string>;
  readonly email?: Given<string>;
  readonly phone?: Given<string>;
  readonly reference?: Given<string>;
  readonly metadata?: unknown;
}

/** Reads the profile of a new customer: left out, null and blank are the same. */
export function readProfile(reader: InputReader, at: Path, input: ProfileInput): CustomerProfile {
  const metadata = input.metadata ?? {};
  return {
    name: readName(reader, at, input.name),
    ...readContact(reader, at, input, { email: null, phone: null, reference: null }),
    metadata: mergeMetadata(
      null,
      reader.take([...at, 'metadata'], checkMetadata(metadata, { allowEmptyValues: false })) ?? {},
    ),
  };
}

/**
 * Reads a change of a profile: what is left out stays, null clears, metadata is merged key by key. What stays is not
 * judged again: it was good when it came, and is no fault of the change.
 */
export function readProfileChange(
  reader: InputReader,
  at: Path,
  input: ProfileInput,
  current: CustomerProfile,
): CustomerProfile {
  return {
    name: input.name === undefined ? current.name : readName(reader, at, input.name),
    ...readContact(reader, at, input, current),
    metadata: readMetadataChange(reader, [...at, 'metadata'], input.metadata, current.metadata),
  };
}

function readName(reader: InputReader, at: Path, name: Given<string>): string {
  return reader.required([...at, 'name'], name, textOf(MAX_NAME_LENGTH));
}

type Contact = Pick<CustomerProfile, 'email' | 'phone' | 'reference'>;

/** Reads what may be missing; what is left out is as in `current`. */
function readContact(reader: InputReader, at: Path, input: ProfileInput, current: Contact): Contact {
  const read = (field: keyof Contact, check: TextCheck) =>
    input[field] === undefined ? current[field] : reader.optional([...at, field], input[field], check);
  return {
    email: read('email', checkEmail),
    phone: read('phone', checkPhone),
    reference: read('reference', textOf(MAX_REFERENCE_LENGTH)),
  };
}

function readMetadataChange(reader: InputReader, field: Path, change: unknown, current: Metadata | null) {
  if (change === undefined) return current;
  if (change === null) return null;
  const checked = reader.take(field, checkMetadata(change, { allowEmptyValues: true }));
  const merged = mergeMetadata(current, checked ?? {});
  const added = Object.keys(checked ?? {}).some(
    (key) => !Object.hasOwn(current ?? {}, key) && checked?.[key],
  );
  if (added && hasTooManyKeys(merged)) reader.report({ code: 'TOO_LONG', field });
  return merged;
}

/** Whether two profiles are the same to the letter; the order of metadata keys does not count. */
export function isSameProfile(one: CustomerProfile, other: CustomerProfile): boolean {
  return isDeepStrictEqual(
    { ...one, metadata: { ...one.metadata } },
    { ...other, metadata: { ...other.metadata } },
  );
}

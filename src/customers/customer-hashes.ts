import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Place } from '../sealing/merchant-vault.js';
import { emailForComparison } from '../shared/email.js';
import type { CustomerId } from '../shared/id.js';
import { phoneForComparison } from '../shared/phone.js';
import { termsOfProfile } from '../shared/search-words.js';
import type { CustomerProfile, MetadataPair } from './customer.js';

/** Keyed hashes, 32 bytes each, of what is compared exactly; null where there is nothing to compare. */
export interface CustomerHashes {
  readonly email: Buffer | null;
  readonly phone: Buffer | null;
  readonly reference: Buffer | null;
}

/** Where a customer's blob stands. */
export function placeOf(id: CustomerId): Place {
  return { table: 'customers', rowId: id, customerId: id };
}

export function hashesOf({ vault }: MerchantScope, profile: CustomerProfile): CustomerHashes {
  const email = profile.email === null ? null : emailForComparison(profile.email);
  const phone = profile.phone === null ? null : phoneForComparison(profile.phone);
  return {
    email: email === null ? null : vault.hash('email', email),
    phone: phone === null ? null : vault.hash('phone', phone),
    reference: profile.reference === null ? null : vault.hash('reference', profile.reference),
  };
}

/** Keyed hashes as literals of `bigint[]`: those that are in the index, and those that only narrow down what it finds. */
export interface SearchTerms {
  readonly indexed: string;
  readonly others: string;
}

/** Of the terms and metadata pairs that find the customer. */
export function searchTermsOf({ vault, search }: MerchantScope, profile: CustomerProfile): SearchTerms {
  if (search === 'exact') return { indexed: vault.termsLiteral([]), others: vault.termsLiteral([]) };
  const pairs = Object.entries(profile.metadata ?? {}).map(([key, value]) => metadataTermOf({ key, value }));
  const { indexed, others } = termsOfProfile(profile);
  return { indexed: vault.termsLiteral([...indexed, ...pairs]), others: vault.termsLiteral(others) };
}

export function metadataTermOf({ key, value }: MetadataPair): string {
  // NUL separates: no key or value can hold one. The first letter keeps pairs apart from words.
  return `m${key}\0${value}`;
}

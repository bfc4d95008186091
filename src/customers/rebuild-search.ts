import type { Queries } from '../db/queries.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { IntegrityError } from '../sealing/sealed-blob.js';
import { openSealed, readSealed } from '../sealing/sealed-value.js';
import type { CustomerProfile } from './customer.js';
import { placeOf, searchTermsOf } from './customer-hashes.js';
import { listSealed, type SealedCustomer, writeTerms } from './rebuild-search.repository.js';

const BATCH = 100;

/** How many customers there were, how many of them had other terms, and how many could not be opened. */
export interface Rebuilt {
  readonly customers: number;
  readonly changed: number;
  readonly unreadable: number;
}

/**
 * Makes what a merchant's customers are found by anew, as this version makes it for a new customer. Servers go on
 * beside it; it can be interrupted at any point and started again.
 */
export async function rebuildSearch(db: Queries, merchant: MerchantScope): Promise<Rebuilt> {
  let rebuilt: Rebuilt = { customers: 0, changed: 0, unreadable: 0 };
  let after = '';
  for (;;) {
    const batch = await listSealed(db, merchant, after, BATCH);
    const last = batch.at(-1);
    if (!last) return rebuilt;
    const readable = batch.flatMap((customer) => withTerms(merchant, customer));
    rebuilt = {
      customers: rebuilt.customers + batch.length,
      changed: rebuilt.changed + (await writeTerms(db, merchant, readable)),
      unreadable: rebuilt.unreadable + batch.length - readable.length,
    };
    after = last.id;
  }
}

/** Nothing of a customer whose profile does not open: it is found by what it was found by. */
function withTerms(merchant: MerchantScope, customer: SealedCustomer) {
  try {
    const profile = readSealed<CustomerProfile>(
      openSealed(merchant.vault, placeOf(customer.id), customer.sealed),
    );
    return [{ ...customer, ...searchTermsOf(merchant, profile) }];
  } catch (error) {
    if (error instanceof IntegrityError) return [];
    throw error;
  }
}

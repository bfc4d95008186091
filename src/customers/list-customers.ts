import { authorise, mayDo } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import type { Condition } from '../read-plan/planner.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { emailForComparison } from '../shared/email.js';
import { ExpectedError } from '../shared/expected-error.js';
import type { Given } from '../shared/input-reader.js';
import { comparablePair, MAX_METADATA_KEYS } from '../shared/metadata.js';
import type { Page, PageRequest } from '../shared/page.js';
import { phoneForComparison } from '../shared/phone.js';
import { type QueryWord, queryWords } from '../shared/search-query.js';
import type { Customer, CustomerOrder, MetadataPair } from './customer.js';
import type { CustomerFilter, InstantRange } from './customer-filter.repository.js';
import {
  type CountedPage,
  type CustomerListing,
  listCustomers as listRows,
} from './customer-list.repository.js';
import type { SearchedWord } from './customer-search.repository.js';
import { comparableReference } from './find-customer.js';

export interface CustomerFilterInput {
  readonly search?: Given<string>;
  readonly email?: Given<string>;
  readonly phone?: Given<string>;
  readonly reference?: Given<string>;
  readonly metadata?: Given<readonly MetadataPair[]>;
  readonly createdAt?: Given<InstantRange>;
  readonly updatedAt?: Given<InstantRange>;
  readonly hasDefaultPaymentMethod?: Given<boolean>;
}

/** What to list: `null` among the conditions is one that nothing meets. */
export interface ListCustomersInput {
  readonly filter: CustomerFilterInput;
  readonly conditions: readonly (Condition | null)[];
  readonly order: CustomerOrder;
  readonly page: PageRequest;
}

const NOTHING: Page<Customer> = { items: [], hasNextPage: false, hasPreviousPage: false };

/** The server keeps no hashes of words and metadata to search by. */
export class SearchIsOff extends ExpectedError {
  override readonly name = 'SearchIsOff';
  readonly code = 'BAD_USER_INPUT';
  readonly sentence =
    'This server keeps nothing to find words or metadata by. Filter by `email`, `phone` or `reference`.';
}

/**
 * A page of the merchant's customers and, if `counts`, how many the filter lets through. A filter value of the wrong
 * form matches nothing.
 *
 * @throws SearchIsOff
 */
export async function listCustomers(
  op: Operation,
  input: ListCustomersInput,
  wanted: { readonly plan: ReadPlan<Customer>; readonly counts: boolean },
): Promise<CountedPage> {
  const merchant = authorise(op, 'customers.search');
  const filter = readFilter(op, merchant, input);
  if (filter === null) return { page: NOTHING, total: 0 };
  const listing: CustomerListing = { filter, order: input.order, page: input.page };
  return listRows(op.db, merchant, listing, wanted);
}

/** The filter in comparable form; null when it matches nothing. */
function readFilter(
  op: Operation,
  { search }: MerchantScope,
  { filter, conditions }: ListCustomersInput,
): CustomerFilter | null {
  const pairs = filter.metadata ?? [];
  if (search === 'exact' && ((filter.search ?? '').trim() !== '' || pairs.length > 0))
    throw new SearchIsOff();
  const words = mapGiven(filter.search, queryWords);
  const email = mapGiven(filter.email, emailForComparison);
  const phone = mapGiven(filter.phone, phoneForComparison);
  const reference = mapGiven(filter.reference, comparableReference);
  // No customer has more, and each one costs a look into the index.
  if (pairs.length > MAX_METADATA_KEYS) return null;
  const metadata = pairs.map(comparablePair).filter((pair) => pair !== null);
  const others = conditions.filter((condition) => condition !== null);
  if (words === null || email === null || phone === null || reference === null) return null;
  if (others.length < conditions.length || metadata.length < pairs.length) return null;
  return {
    words: (words ?? []).map((word) => withinReach(op, word)),
    metadata,
    email,
    phone,
    reference,
    createdAt: filter.createdAt ?? undefined,
    updatedAt: filter.updatedAt ?? undefined,
    hasDefaultPaymentMethod: filter.hasDefaultPaymentMethod ?? undefined,
    others,
  };
}

/** A search tells nothing by what the caller may not look things up by. */
function withinReach(op: Operation, word: QueryWord): SearchedWord {
  const token = mayDo(op, 'customers.read-by-token') ? word.token : null;
  return { ...word, token, ofMethods: mayDo(op, 'payment-methods.search') };
}

function mapGiven<Value>(value: Given<string>, map: (value: string) => Value): Value | undefined {
  return value === null || value === undefined ? undefined : map(value);
}

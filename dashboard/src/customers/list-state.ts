import type { CardBrand, CustomerFilter, CustomersQueryVariables } from '../generated/graphql';

/** How many customers are on a page. */
export const PAGE_SIZE = 25;

/** What the address bar says of the list. */
export interface ListState {
  readonly search: string;
  readonly brand: CardBrand | null;
  readonly lastFour: string;
  /** YYYY-MM, or empty. */
  readonly expiresBefore: string;
  readonly withoutDefault: boolean;
  readonly after: string | null;
  readonly before: string | null;
}

/** Reads the list's state from the address. */
export function readListState(params: URLSearchParams): ListState {
  return {
    search: params.get('q') ?? '',
    brand: params.get('brand') as CardBrand | null,
    lastFour: params.get('last4') ?? '',
    expiresBefore: params.get('expires') ?? '',
    withoutDefault: params.get('default') === 'none',
    after: params.get('after'),
    before: params.get('before'),
  };
}

/** Writes it to the address; a change of what is listed goes back to the first page. */
export function writeListState(state: ListState): URLSearchParams {
  const entries = {
    q: state.search,
    brand: state.brand,
    last4: state.lastFour,
    expires: state.expiresBefore,
    default: state.withoutDefault && 'none',
    after: state.after,
    before: state.before,
  };
  return new URLSearchParams(
    Object.entries(entries).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

/** The query's variables. What is still being typed filters nothing yet. */
export function toVariables(state: ListState): CustomersQueryVariables {
  const { search, brand, lastFour, expiresBefore, withoutDefault, after, before } = state;
  const paymentMethod = {
    ...(brand && { brand }),
    ...(/^\d{4}$/.test(lastFour) && { lastFour }),
    ...(/^\d{4}-\d{2}$/.test(expiresBefore) && { expiresBefore }),
  };
  const filter: CustomerFilter = {
    ...(search.trim() && { search: search.trim() }),
    ...(Object.keys(paymentMethod).length > 0 && { paymentMethod }),
    ...(withoutDefault && { hasDefaultPaymentMethod: false }),
  };
  return before ? { last: PAGE_SIZE, before, filter } : { first: PAGE_SIZE, after, filter };
}

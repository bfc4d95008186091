/** A condition that may look through all customers of a merchant. */
const CONDITION = 50_000;
/** Each word of a search, each pair of metadata, beyond the first. */
const FURTHER_PART = 5_000;
/** Conditions with an index that leads to one customer. */
const EXACT: ReadonlySet<string> = new Set(['email', 'phone', 'reference']);
/** More than these match nothing. */
const MOST_WORDS = 10;
const MOST_PAIRS = 50;
/** No search is longer. */
const LONGEST_SEARCH = 1_000;

/** What a filter of customers costs; it may be anything that fits into its variable. */
export function priceOfCustomerFilter(filter: object): number {
  return Object.entries(filter)
    .filter(([name, value]) => value !== null && value !== undefined && !EXACT.has(name))
    .reduce((all, [name, value]) => all + CONDITION + FURTHER_PART * (partsOf(name, value) - 1), 0);
}

/** The words of a search and the pairs of metadata; at least one. */
function partsOf(name: string, value: unknown): number {
  if (name === 'search' && typeof value === 'string') {
    const words = value.slice(0, LONGEST_SEARCH).trim().split(/\s+/).length;
    return Math.min(words, MOST_WORDS);
  }
  return name === 'metadata' && Array.isArray(value) ? Math.min(Math.max(value.length, 1), MOST_PAIRS) : 1;
}

/** Where a row stands in its list: the values that the list is ordered by, the id last. */
export type Position = readonly [...keys: (string | number)[], id: string];

/** One page of a list, asked for from one end or the other. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** 'forward' reads after the position, 'backward' before it; the rows come in the list's order either way. */
  readonly direction: 'forward' | 'backward';
  /** The row next to the page, which need not exist any more; null at the end of the list. */
  readonly from: Position | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/**
 * Makes a page of rows that were read in reading order, one more than asked for to see whether the list goes on.
 * At the end that was read from there are more rows exactly when the reading began at a position.
 */
export function toPage<Item>(request: PageRequest, read: readonly Item[]): Page<Item> {
  const more = read.length > request.limit;
  const items = more ? read.slice(0, request.limit) : read;
  const began = request.from !== null;
  return request.direction === 'forward'
    ? { items, hasNextPage: more, hasPreviousPage: began }
    : { items: items.toReversed(), hasNextPage: began, hasPreviousPage: more };
}

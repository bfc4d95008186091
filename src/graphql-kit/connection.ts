import { type Caller, merchantOf } from '../access/authorise.js';
import type { MerchantVault } from '../sealing/merchant-vault.js';
import type { Page, PageRequest, Position } from '../shared/page.js';
import { badUserInput } from './errors.js';

/** The arguments of a Relay connection. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A list in one of its orders: cursors carry the name, so that one of another order is refused. */
export interface ListOrder<Item> {
  readonly name: string;
  positionOf(item: Item): Position;
}

/** The position in a list by the time of creation. */
export function byCreation({ id, createdAt }: { readonly id: string; readonly createdAt: Date }): Position {
  return [createdAt.toISOString(), id];
}

export interface Connection<Item> {
  readonly edges: { readonly node: Item; readonly cursor: string }[];
  readonly nodes: Item[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number | null;
}

type Asking = Pick<Caller, 'merchant'> & Partial<Caller>;
type Cursors = Pick<MerchantVault, 'sealCursor' | 'openCursor'>;

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

/**
 * Reads the arguments of a connection.
 * https://relay.dev/graphql/connections.htm#sec-Pagination-algorithm
 *
 * @throws BAD_USER_INPUT for a page size outside 1 to 100, for both ends at once, and for a cursor that was
 *   changed, comes from another merchant, or belongs to another order.
 * @param cursors what opens them; the merchant's own keys, where the list is a merchant's.
 */
export function toPageRequest(
  args: ConnectionArguments,
  orderName: string,
  op: Asking,
  cursors?: Cursors,
): PageRequest {
  const { first = null, last = null } = args;
  // A client's empty cursor means that it has none.
  const [after, before] = [args.after || null, args.before || null];
  if (first !== null && last !== null) throw badUserInput('Give `first` or `last`, not both.');
  const [size, sizeName] = last === null ? [first ?? DEFAULT_PAGE, 'first'] : [last, 'last'];
  if (size < 1 || size > LARGEST_PAGE) throw badUserInput(`\`${sizeName}\` must be 1 to ${LARGEST_PAGE}.`);
  if (after !== null && before !== null) throw badUserInput('Give `after` or `before`, not both.');
  if (last === null && before !== null) throw badUserInput('`before` goes with `last`.');
  if (last !== null && after !== null) throw badUserInput('`after` goes with `first`.');
  const [cursor, cursorName] = last === null ? [after, 'after'] : [before, 'before'];
  return {
    limit: size,
    direction: last === null ? 'forward' : 'backward',
    from: cursor === null ? null : openCursor(cursor, cursorName, orderName, cursors ?? merchantOf(op).vault),
  };
}

/** Makes a connection of a page. */
export function toConnection<Item>(
  page: Page<Item>,
  order: ListOrder<Item>,
  op: Asking,
  totalCount: number | null = null,
  cursors: Cursors = merchantOf(op).vault,
): Connection<Item> {
  return new PageConnection(page, order, cursors, totalCount);
}

/** Makes edges and cursors when they are asked for: each cursor costs a keyed hash. */
class PageConnection<Item> implements Connection<Item> {
  readonly nodes: Item[];
  readonly totalCount: number | null;
  readonly #page: Page<Item>;
  readonly #order: ListOrder<Item>;
  readonly #cursors: Cursors;

  constructor(page: Page<Item>, order: ListOrder<Item>, cursors: Cursors, totalCount: number | null) {
    this.nodes = page.items as Item[];
    this.totalCount = totalCount;
    this.#page = page;
    this.#order = order;
    this.#cursors = cursors;
  }

  get edges() {
    return this.nodes.map((node) => new Edge(node, this.#cursorOf));
  }

  get pageInfo() {
    return new PageInfo(this.#page, this.#cursorOf);
  }

  get #cursorOf(): CursorOf<Item> {
    const [{ name, positionOf }, cursors] = [this.#order, this.#cursors];
    return (item) => cursors.sealCursor(JSON.stringify([name, ...positionOf(item)]));
  }
}

type CursorOf<Item> = (item: Item) => string;

// Classes, not object literals: V8 makes a new hidden class for every literal with accessors, which holds on to the
// whole page until the next collection of old space.
class Edge<Item> {
  readonly node: Item;
  readonly #cursorOf: CursorOf<Item>;

  constructor(node: Item, cursorOf: CursorOf<Item>) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return this.#cursorOf(this.node);
  }
}

class PageInfo<Item> {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #items: readonly Item[];
  readonly #cursorOf: CursorOf<Item>;

  constructor({ items, hasNextPage, hasPreviousPage }: Page<Item>, cursorOf: CursorOf<Item>) {
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = hasPreviousPage;
    this.#items = items;
    this.#cursorOf = cursorOf;
  }

  get startCursor(): string | null {
    return this.#cursorAt(0);
  }

  get endCursor(): string | null {
    return this.#cursorAt(-1);
  }

  #cursorAt(index: number): string | null {
    const item = this.#items.at(index);
    return item === undefined ? null : this.#cursorOf(item);
  }
}

function openCursor(cursor: string, name: string, order: string, cursors: Cursors): Position {
  const payload = cursors.openCursor(cursor);
  // The tag vouches for the payload: it is one that `toConnection` made.
  const [cursorOrder, ...position] = payload === null ? [] : (JSON.parse(payload) as [string, ...Position]);
  if (cursorOrder !== order) throw badUserInput(`\`${name}\` is not a cursor of this list.`);
  return position as unknown as Position;
}

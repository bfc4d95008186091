import { empty, join, raw, type Sql, sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { yielding } from '../shared/event-loop-yielding.js';

/** A row, or the JSON object of one: its columns by name, in the forms of `columns.ts`. */
export type Row = Readonly<Record<string, unknown>>;

/** What can be read: its columns, and how an object is made of a row. Features add children to it (`ChildKind`). */
export interface Noun<Item extends object> {
  /** Its type in the schema. */
  readonly typeName: string;
  /** By name, an expression each over the alias that statements give its table. */
  readonly columns: Readonly<Record<string, Sql>>;
  /** Makes an object of a row; a column that was not selected is undefined in it, and so is what is made of it. */
  make(row: Row, merchant: MerchantScope, parent: object | null): Item;
}

/** Something below an object that is read in the object's own statement. */
export interface ChildKind<Parent extends object, Item extends object> {
  /** Its value as JSON, in the terms of the parent's alias. */
  sql(select: ChildSelect): Sql;
  /** Puts what is made of that value below its parent. */
  put(parent: Parent, json: never, plan: ReadPlan<Item>, merchant: MerchantScope): void;
}

/** What the SQL of a child is made of. */
export interface ChildSelect {
  /** The columns that are selected of the objects in it. */
  readonly columns: Sql;
  /**
   * The merchant's rows of a table that meet a condition over its alias, in an order that may have a limit: as the
   * statement leaves them, if it changes the table.
   */
  rows(table: string, alias: string, condition: Sql, order?: Sql): Sql;
}

/**
 * What a statement that reads by a plan changes itself. PostgreSQL shows it all rows as they were when it began, so
 * the changed one is read from where it was written.
 */
export interface ChangedRow {
  readonly table: string;
  /** Null: none after all. */
  readonly id: string | null;
  /** The query of the statement that gives the row with all columns; absent for one that is deleted. */
  readonly written?: string;
}

interface Child {
  readonly kind: ChildKind<object, object>;
  readonly plan: ReadPlan<object>;
}

// Stand in the values of a plan's SQL, which all requests share, for what each has of its own.
const MERCHANT = Symbol('merchant');
const CHANGED = Symbol('changed row');

/**
 * What is read of an object and of all below it, and how. It is remembered with a document and shared by requests
 * that read by it at the same time, so it never changes.
 */
export class ReadPlan<Item extends object> {
  readonly noun: Noun<Item>;
  readonly columnNames: readonly string[];
  readonly children: readonly Child[];
  readonly #sql = new Map<string, Sql>();
  readonly #derived = new Map<string, ReadPlan<Item>>();

  constructor(noun: Noun<Item>, columnNames: Iterable<string>, children: readonly Child[] = []) {
    this.noun = noun;
    this.columnNames = Object.freeze([...columnNames]);
    this.children = Object.freeze([...children]);
    Object.freeze(this);
  }

  /** The same with further columns, for a repository that needs them itself. */
  with(...names: readonly string[]): ReadPlan<Item> {
    const missing = names.filter((name) => !this.columnNames.includes(name));
    if (missing.length === 0) return this;
    const key = missing.join(' ');
    const known = this.#derived.get(key);
    if (known) return known;
    const plan = new ReadPlan(this.noun, [...this.columnNames, ...missing], this.children);
    this.#derived.set(key, plan);
    return plan;
  }

  /** The columns of a statement that reads by the plan, named as `read` finds them. */
  columns(merchant: MerchantScope, changed?: ChangedRow): Sql {
    return filledIn(this.#columnsOf(true, changed), merchant, changed);
  }

  /** The same columns for a subquery whose rows become JSON. */
  columnsBelow(merchant: MerchantScope): Sql {
    return filledIn(this.#columnsOf(false), merchant);
  }

  /** The same columns as one JSON object. */
  json(merchant: MerchantScope): Sql {
    return sql`(select row_to_json(r)::text from (select ${this.columnsBelow(merchant)}) r)`;
  }

  /** As text at the top of a statement, so that whoever reads the rows decides when the JSON is parsed. */
  #columnsOf(isTop: boolean, changed?: ChangedRow): Sql {
    const key = `${isTop} ${changed?.table} ${changed?.written}`;
    const known = this.#sql.get(key);
    if (known) return known;
    const own = this.columnNames.map((name) => sql`${this.noun.columns[name]} as ${raw(name)}`);
    const below = this.children.map(({ kind, plan }, index) => {
      const rows: ChildSelect['rows'] = (...selected) => rowsOf(changed, ...selected);
      const json = kind.sql({ columns: plan.#columnsOf(false, changed), rows });
      return sql`${json}${raw(`${isTop ? '::text' : ''} as ${childName(index)}`)}`;
    });
    const columns = join([...own, ...below], ', ');
    this.#sql.set(key, columns);
    return columns;
  }

  /**
   * Makes the object of a row, with all that lies below it.
   *
   * @throws Error if the row lacks a column of the plan: it is never taken for one that is empty.
   */
  read(row: Row, merchant: MerchantScope, parent: object | null = null): Item {
    for (const name of this.columnNames) if (row[name] === undefined) throw new MissingColumn(name);
    const item = this.noun.make(row, merchant, parent);
    for (let index = 0; index < this.children.length; index += 1) {
      const { kind, plan } = this.children[index] as Child;
      const json = row[childName(index)];
      if (json === undefined) throw new MissingColumn(childName(index));
      kind.put(item, (typeof json === 'string' ? JSON.parse(json) : json) as never, plan, merchant);
    }
    return item;
  }

  /** Makes the objects of the rows that a child's JSON holds; null for none. */
  readBelow(rows: readonly Row[] | null, merchant: MerchantScope, parent: object | null = null): Item[] {
    return rows === null ? [] : rows.map((row) => this.read(row, merchant, parent));
  }

  /**
   * Makes the objects of many rows. Gives the event loop back on the way, since each may bring a hundred objects
   * along that have to be opened.
   */
  async readAll(rows: readonly Row[], merchant: MerchantScope): Promise<Item[]> {
    const items: Item[] = [];
    for (const row of rows) {
      if (yielding.isDue) await yielding.later(merchant.owner, row);
      items.push(this.read(row, merchant));
    }
    return items;
  }
}

function rowsOf(
  changed: ChangedRow | undefined,
  table: string,
  alias: string,
  condition: Sql,
  order = empty,
): Sql {
  const as = raw(alias);
  const stored = sql`select ${as}.* from ${raw(`${table} ${alias}`)}
    where ${as}.merchant_id = ${MERCHANT} and ${condition}`;
  if (changed?.table !== table) return sql`${stored} ${order}`;
  const others = sql`${stored} and ${as}.id is distinct from ${CHANGED} ${order}`;
  if (!changed.written) return others;
  const written = sql`select ${as}.* from ${raw(`${changed.written} ${alias}`)} where ${condition}`;
  return sql`select * from ((${others}) union all (${written})) ${as} ${order}`;
}

function filledIn({ strings, values }: Sql, { id }: MerchantScope, changed?: ChangedRow): Sql {
  const fill = (value: unknown) => {
    if (value === MERCHANT) return id;
    return value === CHANGED ? changed?.id : value;
  };
  return sql(strings, ...values.map(fill));
}

class MissingColumn extends Error {
  constructor(name: string) {
    super(`A row lacks the column ${name} of its plan.`);
  }
}

const childNames = Array.from({ length: 100 }, (_, index) => `child_${index}`);

/** Aliases of a list are many children, and their arguments do not belong into SQL. */
function childName(index: number): string {
  return childNames[index] ?? `child_${index}`;
}

/** A plan while it is being made. */
export class PlanDraft<Item extends object = object> {
  readonly noun: Noun<Item>;
  readonly columns = new Set(['id']);
  readonly #children = new Map<string, { readonly kind: Child['kind']; readonly below: PlanDraft }>();

  constructor(noun: Noun<Item>) {
    this.noun = noun;
  }

  addColumns(...names: readonly string[]): void {
    for (const name of names) this.columns.add(name);
  }

  /** Adds a child or, when the same one is selected again, what is selected below it. */
  addChild<Below extends object>(
    name: string,
    kind: ChildKind<Item & object, Below>,
    below: PlanDraft<Below>,
  ): void {
    const known = this.#children.get(name);
    if (known) known.below.merge(below as unknown as PlanDraft);
    else this.#children.set(name, { kind: kind as Child['kind'], below: below as unknown as PlanDraft });
  }

  /** Takes a child off and gives what is selected below it. */
  takeChild(name: string): PlanDraft | undefined {
    const child = this.#children.get(name);
    this.#children.delete(name);
    return child?.below;
  }

  merge(other: PlanDraft): void {
    this.addColumns(...other.columns);
    for (const [name, { kind, below }] of other.#children) this.addChild(name, kind, below);
  }

  finish(): ReadPlan<Item> {
    const children = [...this.#children.values()];
    return new ReadPlan(
      this.noun,
      this.columns,
      children.map(({ kind, below }) => ({ kind, plan: below.finish() })),
    );
  }
}

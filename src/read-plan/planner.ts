import type { Sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { type Noun, PlanDraft, type ReadPlan } from './read-plan.js';
import { fieldsAt, type SelectedField } from './selected-field.js';

/** Who asks. */
export interface Caller {
  readonly merchant: MerchantScope | null;
  readonly now: () => Date;
}

/** What a resolver's field selects, and where its plans are remembered: null where it differs between requests. */
export interface Selection {
  readonly field: SelectedField;
  readonly plans: Map<string, unknown> | null;
}

/** What the fields that are planned may use. Whatever asks for the merchant or the time makes a plan for one request. */
export interface Planning {
  /** The plan of the objects that a field selects, not finished yet. */
  draftOf<Item extends object>(noun: Noun<Item>, field: SelectedField): PlanDraft<Item>;
  readonly merchant: MerchantScope;
  readonly now: Date;
}

/** Adds to the plan of an object what one of its fields needs. */
export type FieldPlan = (draft: PlanDraft, field: SelectedField, planning: Planning) => void;

/** Plans of fields, by type and field; a test shows that no field of these types lacks one. */
export type FieldPlans = Readonly<Record<string, Readonly<Record<string, FieldPlan>>>>;

/** The plan of the objects of a noun at the end of these paths below a resolver's own field, not finished yet. */
export type DraftAt = <Item extends object>(
  noun: Noun<Item>,
  paths: readonly (readonly string[])[],
) => PlanDraft<Item>;

/** A condition on the customer `c` of a merchant's statement. */
export type Condition = (merchant: MerchantScope) => Sql;

/** Reads a field that a feature adds to the filter of customers; null: no customer can meet it. */
export type FilterPlan<Value = never> = (value: Value, now: Date) => Condition | null;

/** The plan of a field that is made of columns of the object's own row. */
export function columns(...names: readonly string[]): FieldPlan {
  return (draft) => draft.addColumns(...names);
}

/**
 * Turns what a query selects into a plan to read it by, before anything is read, so that one statement brings all of
 * it. Each feature says for the fields that it adds what they need.
 */
export class Planner {
  readonly #fields: FieldPlans;
  readonly #filters: Readonly<Record<string, FilterPlan>>;

  /**
   * @param fields one table a feature, which may plan fields of other features' types.
   * @param filters by the field of `CustomerFilter` that each one reads.
   */
  constructor(fields: readonly FieldPlans[], filters: Readonly<Record<string, FilterPlan>>) {
    this.#fields = mergeFieldPlans(fields);
    this.#filters = filters;
  }

  /** The conditions that other features than customers find in a filter of customers. */
  conditions(filter: object, { now }: Pick<Caller, 'now'>): (Condition | null)[] {
    return Object.entries(this.#filters).flatMap(([name, plan]) => {
      const value = Reflect.get(filter, name) as never;
      return value === null || value === undefined ? [] : [plan(value, now())];
    });
  }

  /**
   * The plan of the objects at the end of these paths below a resolver's own field, for example `['nodes']` and
   * `['edges', 'node']`; of the field itself when no path is given.
   */
  plan<Item extends object>(
    noun: Noun<Item>,
    selection: Selection,
    caller: Caller,
    paths: readonly (readonly string[])[] = [[]],
  ): ReadPlan<Item> {
    const name = `${noun.typeName} ${paths.join(' ')}`;
    return this.make(name, selection, caller, (draftAt) => draftAt(noun, paths).finish());
  }

  /**
   * The plan or plans that `make` makes of a selection. They are remembered with it under a name of their own, unless
   * a variable below the field, the merchant or the time has a part in it.
   */
  make<Plans>(name: string, selection: Selection, caller: Caller, make: (draftAt: DraftAt) => Plans): Plans {
    const known = selection.plans?.get(name);
    // Without a merchant the use case refuses before it reads anything.
    if (!caller.merchant) return make((noun) => new PlanDraft(noun));
    if (known) return known as Plans;
    const planning = new PlanningOfRequest(this.#fields, caller.now, caller.merchant);
    const plans = make((noun, paths) => {
      const draft = new PlanDraft(noun);
      for (const field of paths.flatMap((path) => fieldsAt(selection.field, path)))
        draft.merge(planning.draftOf(noun, field));
      return draft;
    });
    if (planning.isLasting) selection.plans?.set(name, plans);
    return plans;
  }
}

/** Notices whether a plan is made for one request only. */
class PlanningOfRequest implements Planning {
  readonly #fields: FieldPlans;
  readonly #now: () => Date;
  readonly #merchant: MerchantScope;
  isLasting = true;

  constructor(fields: FieldPlans, now: () => Date, merchant: MerchantScope) {
    this.#fields = fields;
    this.#now = now;
    this.#merchant = merchant;
  }

  get now(): Date {
    this.isLasting = false;
    return this.#now();
  }

  get merchant(): MerchantScope {
    this.isLasting = false;
    return this.#merchant;
  }

  draftOf<Item extends object>(noun: Noun<Item>, field: SelectedField): PlanDraft<Item> {
    const draft = new PlanDraft(noun);
    const plans = this.#fields[noun.typeName] ?? {};
    for (const selected of [field.fieldsByTypeName[noun.typeName], field.fieldsByTypeName['Node']]) {
      for (const below of Object.values(selected ?? {})) plans[below.name]?.(draft, below, this);
    }
    return draft;
  }
}

function mergeFieldPlans(tables: readonly FieldPlans[]): FieldPlans {
  const merged: Record<string, Record<string, FieldPlan>> = {};
  for (const [typeName, plans] of tables.flatMap((table) => Object.entries(table))) {
    merged[typeName] = { ...merged[typeName], ...plans };
  }
  return merged;
}

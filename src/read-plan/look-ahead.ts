import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import type { Sql } from '../db/sql.js';
import { freezeWants, mergeWants, type OpenWants, type Wants, wants } from '../db/wants.js';
import { fieldsAt, fixedNodeOf, type SelectedField, selectedField } from '../graphql-kit/selection.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';

/** What planners may use. Whoever asks for the merchant or the time makes a plan for this one request. */
export interface Planning {
  /** What is wanted of the objects of a type that a field selects. */
  wantsOf(typeName: string, field: SelectedField): OpenWants;
  readonly merchant: MerchantScope;
  readonly now: Date;
}

/** What is wanted of the objects of a type at the end of these paths below a resolver's own field. */
export type Look = (typeName: string, paths: readonly (readonly string[])[]) => OpenWants;

/** Who asks. */
export interface Caller {
  readonly merchant: MerchantScope | null;
  readonly now: () => Date;
}

/** Adds to the wants of an object what one of its fields needs. */
export type Planner = (wanted: OpenWants, field: SelectedField, planning: Planning) => void;

/** Planners by type and field; a test shows that no field of these types lacks one. */
export type Planners = Readonly<Record<string, Readonly<Record<string, Planner>>>>;

/** A condition that a feature adds to a filter. */
export interface FilterCondition {
  readonly condition: Sql;
}

/** Makes a condition of a filter's field; null where nothing can meet it. */
export type FilterPlanner<Value = never> = (value: Value, now: Date) => FilterCondition | null;

/** A planner for a field that is made of columns of the object's own row. */
export function columns(...names: readonly string[]): Planner {
  return (wanted) => {
    for (const name of names) wanted.columns.add(name);
  };
}

/**
 * Finds out, before anything is read, all that a query asks of an object and of what lies below it, so that one
 * statement can bring it. Each feature says for the fields that it adds what they need.
 */
export class LookAhead {
  readonly #planners: Planners;
  readonly #filters: Readonly<Record<string, FilterPlanner>>;
  // Apollo keeps parsed documents, and what it forgets is forgotten here too.
  readonly #plans = new WeakMap<FieldNode, Map<string, unknown>>();

  /**
   * @param planners one table a feature, which may plan fields of other features' types.
   * @param filters by the field of `CustomerFilter` that each one reads.
   */
  constructor(planners: readonly Planners[], filters: Readonly<Record<string, FilterPlanner>>) {
    this.#planners = mergePlanners(planners);
    this.#filters = filters;
  }

  /** The conditions that other features than customers find in a filter of customers. */
  conditions(filter: object, { now }: { readonly now: () => Date }): (FilterCondition | null)[] {
    return Object.entries(this.#filters).flatMap(([name, plan]) => {
      const value = Reflect.get(filter, name) as never;
      return value === null || value === undefined ? [] : [plan(value, now())];
    });
  }

  /**
   * What is wanted of the objects of a type at the end of these paths below a resolver's own field, for example
   * `['nodes']` and `['edges', 'node']`; the field itself when no path is given.
   */
  wants(
    typeName: string,
    info: GraphQLResolveInfo,
    caller: Caller,
    paths: readonly (readonly string[])[] = [[]],
  ): Wants {
    return this.plan(`${typeName} ${paths.join(' ')}`, info, caller, (look) => look(typeName, paths));
  }

  /**
   * What `make` plans of what a resolver's field selects. It is remembered with the document under a name of its own,
   * unless a variable below the field, the merchant or the time has a part in it.
   */
  plan<Plan>(name: string, info: GraphQLResolveInfo, caller: Caller, make: (look: Look) => Plan): Plan {
    // Without a merchant the use case refuses before it reads anything.
    if (!caller.merchant) return make(() => wants('id'));
    const remembered = this.#remembered(info);
    const known = remembered?.get(name);
    if (known) return known as Plan;
    const planning = new PlanningOfRequest(caller, caller.merchant, (typeName, field) =>
      this.#wantsOf(typeName, field, planning),
    );
    const root = selectedField(info);
    const found: OpenWants[] = [];
    const plan = make((typeName, paths) => {
      const wanted = wants('id');
      for (const field of paths.flatMap((path) => fieldsAt(root, path)))
        mergeWants(wanted, planning.wantsOf(typeName, field));
      found.push(wanted);
      return wanted;
    });
    // Other requests read by it at the same time.
    for (const wanted of found) freezeWants(wanted);
    if (planning.isLasting) remembered?.set(name, plan);
    return plan;
  }

  /** The plans for a resolver's field; undefined where its selection is another at every request. */
  #remembered(info: GraphQLResolveInfo): Map<string, unknown> | undefined {
    const node = fixedNodeOf(info);
    if (!node) return undefined;
    let plans = this.#plans.get(node);
    if (!plans) {
      plans = new Map();
      this.#plans.set(node, plans);
    }
    return plans;
  }

  #wantsOf(typeName: string, field: SelectedField, planning: Planning): OpenWants {
    const wanted = wants('id');
    const planners = this.#planners[typeName] ?? {};
    for (const selected of [field.fieldsByTypeName[typeName], field.fieldsByTypeName['Node']]) {
      for (const below of Object.values(selected ?? {})) planners[below.name]?.(wanted, below, planning);
    }
    return wanted;
  }
}

/** Notices whether a plan is made for one request only. */
class PlanningOfRequest implements Planning {
  readonly wantsOf: Planning['wantsOf'];
  readonly #now: () => Date;
  readonly #merchant: MerchantScope;
  isLasting = true;

  constructor({ now }: Caller, merchant: MerchantScope, wantsOf: Planning['wantsOf']) {
    this.wantsOf = wantsOf;
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
}

function mergePlanners(tables: readonly Planners[]): Planners {
  const merged: Record<string, Record<string, Planner>> = {};
  for (const [typeName, planners] of tables.flatMap((table) => Object.entries(table))) {
    merged[typeName] = { ...merged[typeName], ...planners };
  }
  return merged;
}

import { BREAK, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode, visit } from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import type { CustomerCondition } from '../customers/customer-filter.repository.js';
import { mergeWants, type Wants, wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';

/** A field of a selection, with fragments spread, directives applied and variables filled in. */
export interface SelectedField {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Fields by alias, by the name of the type they were selected on. */
  readonly fieldsByTypeName: Readonly<Record<string, Readonly<Record<string, SelectedField>>>>;
}

/** What planners may use. */
export interface Planning {
  /** What is wanted of the objects of a type that a field selects. */
  wantsOf(typeName: string, field: SelectedField): Wants;
  readonly merchant: MerchantScope;
  readonly now: Date;
}

/** Adds to the wants of an object what one of its fields needs. */
export type Planner = (wanted: Wants, field: SelectedField, planning: Planning) => void;

/** Planners by type and field; a test shows that no field of these types lacks one. */
export type Planners = Readonly<Record<string, Readonly<Record<string, Planner>>>>;

/** A condition on customers that a feature adds to their filter; null where no customer can meet it. */
export type FilterPlanner<Value = never> = (value: Value, now: Date) => CustomerCondition | null;

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

  /**
   * @param planners one table a feature, which may plan fields of other features' types.
   * @param filters by the field of `CustomerFilter` that each one reads.
   */
  constructor(planners: readonly Planners[], filters: Readonly<Record<string, FilterPlanner>>) {
    this.#planners = mergePlanners(planners);
    this.#filters = filters;
  }

  /** The conditions that other features than customers find in a filter of customers. */
  conditions(filter: object, { now }: { readonly now: () => Date }): (CustomerCondition | null)[] {
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
    context: { readonly merchant: MerchantScope | null; readonly now: () => Date },
    paths: readonly (readonly string[])[] = [[]],
  ): Wants {
    const wanted = wants('id');
    // Without a merchant the use case refuses before it reads anything.
    if (!context.merchant) return wanted;
    const planning: Planning = {
      merchant: context.merchant,
      now: context.now(),
      wantsOf: (name, field) => this.#wantsOf(name, field, planning),
    };
    const root = selectedField(info);
    for (const path of paths) {
      for (const field of fieldsAt(root, path)) mergeWants(wanted, planning.wantsOf(typeName, field));
    }
    return wanted;
  }

  #wantsOf(typeName: string, field: SelectedField, planning: Planning): Wants {
    const wanted = wants('id');
    const planners = this.#planners[typeName] ?? {};
    for (const selected of [field.fieldsByTypeName[typeName], field.fieldsByTypeName['Node']]) {
      for (const below of Object.values(selected ?? {})) planners[below.name]?.(wanted, below, planning);
    }
    return wanted;
  }
}

function mergePlanners(tables: readonly Planners[]): Planners {
  const merged: Record<string, Record<string, Planner>> = {};
  for (const [typeName, planners] of tables.flatMap((table) => Object.entries(table))) {
    merged[typeName] = { ...merged[typeName], ...planners };
  }
  return merged;
}

/** Whether a resolver's field selects something at this path, for example `['totalCount']`. */
export function selects(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return fieldsAt(selectedField(info), path).length > 0;
}

/** The fields that a resolver's field selects, whatever the types they are selected on. */
export function belowField(info: GraphQLResolveInfo): SelectedField[] {
  return Object.values(selectedField(info).fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias));
}

/** The fields that stand at a path below a field, whatever their aliases. */
export function fieldsAt(field: SelectedField, path: readonly string[]): SelectedField[] {
  return path.reduce<SelectedField[]>(
    (fields, name) =>
      fields.flatMap(({ fieldsByTypeName }) =>
        Object.values(fieldsByTypeName).flatMap((byAlias) =>
          Object.values(byAlias).filter((below) => below.name === name),
        ),
      ),
    [field],
  );
}

// Selections that no variable changes, by their field's node; Apollo keeps parsed documents, and what it forgets
// is forgotten here too. Null: a variable stands below the field, so its selection is another at every request.
const fixedSelections = new WeakMap<FieldNode, SelectedField | null>();

function selectedField(info: GraphQLResolveInfo): SelectedField {
  const [node, ...more] = info.fieldNodes;
  const known = node && more.length === 0 ? fixedSelections.get(node) : null;
  if (known) return known;
  const selected = parseResolveInfo(info) as ResolveTree;
  if (node && known === undefined)
    fixedSelections.set(node, hasVariables(node.selectionSet, info) ? null : selected);
  return selected;
}

function hasVariables(selectionSet: SelectionSetNode | undefined, info: GraphQLResolveInfo): boolean {
  if (!selectionSet) return false;
  let found = false;
  visit(selectionSet, {
    Variable: () => {
      found = true;
      return BREAK;
    },
    FragmentSpread: ({ name }) => {
      found ||= hasVariables(info.fragments[name.value]?.selectionSet, info);
    },
  });
  return found;
}

import type { GraphQLSchema } from 'graphql';
import type { FieldAccess, FieldActions } from '../access/field-access.js';
import type { Feature, MutationFacts, Prices } from '../feature.js';
import type { Resolvers } from '../generated/graphql.js';
import type { Finders } from '../idempotency/replay-mutation.js';
import { Planner } from '../read-plan/planner.js';
import { commonProblems } from '../shared/result.js';

/** What all features bring, put together. */
export interface FoldedFeatures {
  readonly files: ReadonlySet<string>;
  readonly resolvers: readonly Resolvers[];
  readonly access: Required<FieldAccess>;
  readonly mutations: Readonly<Record<string, MutationFacts>>;
  readonly finders: Finders;
  /** The sentence of each problem's code. */
  readonly sentences: Readonly<Record<string, string>>;
  readonly sealedFields: Readonly<Record<string, readonly string[]>>;
  readonly prices: Required<Prices>;
}

/** @throws Error where two features bring the same. */
export function foldFeatures(features: readonly Feature[]): FoldedFeatures {
  const all = <Value>(pick: (feature: Feature) => Readonly<Record<string, Value>> | undefined) =>
    merged(features.map(pick));
  const actions = (pick: (access: FieldAccess) => FieldActions | undefined) =>
    mergedByType(features.map(({ access }) => access && pick(access)));
  return {
    files: new Set(features.map(({ schema }) => schema)),
    resolvers: features.flatMap(({ resolvers }) => resolvers ?? []),
    access: {
      fields: actions(({ fields }) => fields),
      answers: actions(({ answers }) => answers),
      filters: actions(({ filters }) => filters),
    },
    mutations: all(({ mutations }) => mutations),
    finders: { nodes: all(({ nodes }) => nodes), kept: all(({ kept }) => kept) },
    sentences: { ...all(({ problems }) => problems), ...commonProblems },
    sealedFields: all(({ personalData }) => personalData?.sealedFields),
    prices: {
      fields: all(({ prices }) => prices?.fields),
      listSizes: all(({ prices }) => prices?.listSizes),
      opening: all(({ prices }) => prices?.opening),
      filters: all(({ prices }) => prices?.filters),
    },
  };
}

/** What every field needs of the database, from all features. */
export function createPlanner(features: readonly Feature[]): Planner {
  return new Planner(
    features.map(({ plans }) => plans ?? {}),
    merged(features.map(({ filters }) => filters)),
  );
}

const EXTENSION = 'features';

/** Remembers what the features bring with the schema that is made of them. */
export function keepFolded(schema: GraphQLSchema, folded: FoldedFeatures): void {
  schema.extensions = { ...schema.extensions, [EXTENSION]: folded };
}

export function foldedFeatures(schema: GraphQLSchema): FoldedFeatures {
  return schema.extensions[EXTENSION] as FoldedFeatures;
}

type Table<Value> = Readonly<Record<string, Value>>;

// Without a prototype: a name that every object has is in no table.
function merged<Value>(tables: readonly (Table<Value> | undefined)[]): Table<Value> {
  const all: Record<string, Value> = Object.create(null);
  for (const [name, value] of tables.flatMap((table) => Object.entries(table ?? {}))) {
    if (name in all) throw new Error(`Two features bring ${name}.`);
    all[name] = value;
  }
  return all;
}

function mergedByType(tables: readonly (FieldActions | undefined)[]): FieldActions {
  const byType = new Map<string, FieldActions[string][]>();
  for (const [type, fields] of tables.flatMap((table) => Object.entries(table ?? {})))
    byType.set(type, [...(byType.get(type) ?? []), fields]);
  return merged([...byType].map(([type, tablesOfType]) => ({ [type]: merged(tablesOfType) })));
}

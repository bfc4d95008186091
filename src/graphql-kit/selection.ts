import { BREAK, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode, visit } from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import type { Selection } from '../read-plan/planner.js';
import { fieldsAt, type SelectedField } from '../read-plan/selected-field.js';

/** Whether a resolver's field selects something at this path, for example `['totalCount']`. */
export function selects(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return fieldsAt(selectedField(info), path).length > 0;
}

/** A resolver's field, selected with everything below it. */
export function selectedField(info: GraphQLResolveInfo): SelectedField {
  return selectionOf(info).field;
}

/**
 * What was read of an object because it was selected.
 *
 * @throws Error where it was not, so that what is missing is never shown as null.
 */
export function selected<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Something that was not selected is asked for.');
  return value;
}

// Apollo keeps parsed documents, and what it forgets is forgotten here too. Null: a variable stands below the field.
const selections = new WeakMap<FieldNode, Selection | null>();

/** What a resolver's field selects. It is remembered with the document if it is the same at every request. */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  const [node, ...more] = info.fieldNodes;
  if (!node || more.length > 0) return { field: parseResolveInfo(info) as ResolveTree, plans: null };
  const known = selections.get(node);
  if (known) return known;
  const field = parseResolveInfo(info) as ResolveTree;
  const isFixed = known === undefined && !hasVariables(node.selectionSet, info);
  const selection = { field, plans: isFixed ? new Map() : null };
  selections.set(node, isFixed ? selection : null);
  return selection;
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

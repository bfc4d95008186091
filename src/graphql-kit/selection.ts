import { BREAK, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode, visit } from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';

/** A field of a selection, with fragments spread, directives applied and variables filled in. */
export interface SelectedField {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Fields by alias, by the name of the type they were selected on. */
  readonly fieldsByTypeName: Readonly<Record<string, Readonly<Record<string, SelectedField>>>>;
}

/** Whether a resolver's field selects something at this path, for example `['totalCount']`. */
export function selects(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return fieldsAt(selectedField(info), path).length > 0;
}

/** The fields that stand right below a field, whatever the types they are selected on. */
export function fieldsBelow({ fieldsByTypeName }: SelectedField): SelectedField[] {
  return Object.values(fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias));
}

/** The fields that stand at a path below a field, whatever their aliases. */
export function fieldsAt(field: SelectedField, path: readonly string[]): SelectedField[] {
  return path.reduce<SelectedField[]>(
    (fields, name) => fields.flatMap((each) => fieldsBelow(each).filter((below) => below.name === name)),
    [field],
  );
}

// Apollo keeps parsed documents, and what it forgets is forgotten here too.
const fixed = new WeakMap<FieldNode, boolean>();
const selections = new WeakMap<FieldNode, SelectedField>();

/** A resolver's field, selected with everything below it. */
export function selectedField(info: GraphQLResolveInfo): SelectedField {
  const node = fixedNodeOf(info);
  const known = node && selections.get(node);
  if (known) return known;
  const selected = parseResolveInfo(info) as ResolveTree;
  if (node) selections.set(node, selected);
  return selected;
}

/** The node of a resolver's field if what it selects is the same at every request: no variable stands below it. */
export function fixedNodeOf(info: GraphQLResolveInfo): FieldNode | null {
  const [node, ...more] = info.fieldNodes;
  if (!node || more.length > 0) return null;
  let isFixed = fixed.get(node);
  if (isFixed === undefined) {
    isFixed = !hasVariables(node.selectionSet, info);
    fixed.set(node, isFixed);
  }
  return isFixed ? node : null;
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

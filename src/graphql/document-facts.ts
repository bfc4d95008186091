import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isAbstractType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Action } from '../access/actions.js';
import { foldedFeatures } from './folded-features.js';

/** What is asked of a document at every request, found out once. */
export interface DocumentFacts {
  /** The names of the fields at the operation's root, fragments spread. */
  readonly rootFields: readonly string[];
  /** Whether `@idempotent` stands anywhere in the document. */
  readonly isIdempotent: boolean;
  /** All that its fields take. Who may do all of it is asked once, and not again at each of the fields. */
  readonly actions: ReadonlySet<Action>;
  /**
   * Where the operation's variables stand that must not be null there, by name. A default lets a variable of a nullable
   * type stand in such a place, and null may still be given for it.
   */
  readonly notNull: ReadonlyMap<string, GraphQLInputType>;
}

// Apollo keeps parsed documents; what it forgets is forgotten here too.
const known = new WeakMap<OperationDefinitionNode, DocumentFacts>();

/** The facts of an operation of a valid document; null where the document does not say which operation is meant. */
export function factsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode | undefined,
): DocumentFacts | null {
  if (!operation) return null;
  const before = known.get(operation);
  if (before) return before;
  const rootFields = [...new Set(rootFieldNames(operation.selectionSet, document))];
  const facts = { rootFields, ...factsOfFields(schema, document, operation) };
  known.set(operation, facts);
  return facts;
}

function rootFieldNames(selectionSet: SelectionSetNode, document: DocumentNode): string[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFieldNames(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFieldNames(fragment.selectionSet, document) : [];
  });
}

/** Of the whole document: another operation in it may make it seem to take more, never less. */
function factsOfFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Omit<DocumentFacts, 'rootFields'> {
  const { fields, answers } = foldedFeatures(schema).access;
  const actions = new Set<Action>();
  const notNull = new Map<string, GraphQLInputType>();
  let isOther = false;
  let isIdempotent = false;
  const typeInfo = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(typeInfo, {
    OperationDefinition: {
      enter: (node) => {
        isOther = node !== operation;
      },
      leave: () => {
        isOther = false;
      },
    },
    Variable: ({ name }) => {
      const type = typeInfo.getInputType();
      if (!isOther && isNonNullType(type)) notNull.set(name.value, type);
    },
    Directive: ({ name }) => {
      isIdempotent ||= name.value === 'idempotent';
    },
    Field: ({ name }) => {
      const parent = typeInfo.getParentType();
      const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : parent ? [parent] : [];
      for (const table of types.flatMap((type) => [fields[type.name], answers[type.name]])) {
        const action = table?.[name.value];
        if (action) actions.add(action);
      }
    },
  });
  visit(document, visitor);
  return { isIdempotent, actions, notNull };
}

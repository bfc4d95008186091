import {
  BREAK,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** What is asked of a document at every request, found out once. */
export interface DocumentFacts {
  /** The names of the fields at the operation's root, fragments spread. */
  readonly rootFields: readonly string[];
  /** Whether `@idempotent` stands anywhere in the document. */
  readonly isIdempotent: boolean;
}

// Apollo keeps parsed documents; what it forgets is forgotten here too.
const known = new WeakMap<OperationDefinitionNode, DocumentFacts>();

/** The facts of an operation; null where the document does not say which operation is meant. */
export function factsOf(
  document: DocumentNode,
  operation: OperationDefinitionNode | undefined,
): DocumentFacts | null {
  if (!operation) return null;
  const facts = known.get(operation) ?? {
    rootFields: [...new Set(rootFieldNames(operation.selectionSet, document))],
    isIdempotent: hasDirective(document, 'idempotent'),
  };
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

function hasDirective(document: DocumentNode, directive: string): boolean {
  let found = false;
  visit(document, {
    Directive: ({ name }) => {
      found ||= name.value === directive;
      return found ? BREAK : undefined;
    },
  });
  return found;
}

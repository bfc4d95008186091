import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import type { Limits } from '../../config/limits.js';
import { errorOf } from '../../graphql-kit/errors.js';

type DocumentLimits = Pick<Limits, 'depth' | 'aliases' | 'directives' | 'rootFields'>;

/** What a selection amounts to with its fragments spread, wherever they stand. */
interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields of the first level. */
  readonly fields: number;
  /** All fields. */
  readonly allFields: number;
}

// A document within the token limit has far fewer, unless fragments double one another.
const MAX_FIELDS = 5_000;

// graphql-js compares every two fields of one name in one place: 900 of them take it 14 ms, which is fifty requests'.
const MAX_REPETITIONS = 50;

/**
 * Refuses a document that asks for too much before any other rule looks at it: some take time exponential in the
 * length of a document that spreads its fragments twice. Takes time linear in the length.
 *
 * Reports QUERY_TOO_COMPLEX, and GRAPHQL_VALIDATION_FAILED where fragments spread themselves.
 */
export function documentLimitsRule(limits: DocumentLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const problem = problemOf(document, limits);
      if (problem === null) return undefined;
      context.reportError(problem);
      // Takes the document away from the other rules.
      return null;
    },
  });
}

function problemOf(document: DocumentNode, limits: DocumentLimits): GraphQLError | null {
  const sizes = new Sizes(document);
  try {
    for (const definition of document.definitions) {
      const size = sizes.ofDefinition(definition);
      if (size) checkSize(size, definition.kind === Kind.OPERATION_DEFINITION, limits, definition);
    }
    return null;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function checkSize(size: Size, isOperation: boolean, limits: DocumentLimits, node: ASTNode): void {
  check('aliases', size.aliases, limits.aliases, node);
  check('directives', size.directives, limits.directives, node);
  if (isOperation) {
    // Not of a fragment by itself, which may be one for introspection.
    check('fields deep', size.depth, limits.depth, node);
    check('root fields', size.fields, limits.rootFields, node);
  }
  check('fields', size.allFields, MAX_FIELDS, node);
}

function check(what: string, requested: number, limit: number, nodes: ASTNode): void {
  if (requested <= limit) return;
  const verb = what === 'fields deep' ? 'is' : 'has';
  throw errorOf(
    'QUERY_TOO_COMPLEX',
    `The document ${verb} ${requested} ${what}, fragments spread; at most ${limit} are allowed.`,
    { nodes },
  );
}

const NOTHING: Size = { depth: 0, aliases: 0, directives: 0, fields: 0, allFields: 0 };

/** The sizes of a document's parts, each fragment's found out once. */
class Sizes {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Null: being worked out; a fragment that is asked for meanwhile spreads itself. */
  readonly #known = new Map<string, Size | null>();

  constructor({ definitions }: DocumentNode) {
    for (const definition of definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
    }
  }

  ofDefinition(definition: ASTNode): Size | null {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) return this.#ofFragment(definition.name.value);
    return definition.kind === Kind.OPERATION_DEFINITION ? this.#ofOperation(definition) : null;
  }

  #ofOperation(operation: OperationDefinitionNode): Size {
    const size = this.#ofSelections(operation.selectionSet);
    const ofVariables = (operation.variableDefinitions ?? []).map(directivesOf);
    return { ...size, directives: sum([size.directives, directivesOf(operation), ...ofVariables]) };
  }

  #ofFragment(name: string): Size {
    const fragment = this.#fragments.get(name);
    // Another rule refuses a spread of a fragment that is not there.
    if (!fragment) return NOTHING;
    const known = this.#known.get(name);
    if (known === null) {
      throw errorOf('GRAPHQL_VALIDATION_FAILED', 'A fragment spreads itself.', { nodes: fragment });
    }
    if (known) return known;
    this.#known.set(name, null);
    const size = this.#ofSelections(fragment.selectionSet);
    const whole = { ...size, directives: size.directives + directivesOf(fragment) };
    this.#known.set(name, whole);
    return whole;
  }

  #ofSelections({ selections }: SelectionSetNode): Size {
    refuseRepetitions(selections);
    const sizes = selections.map((selection) => {
      const directives = directivesOf(selection);
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        return plus(this.#ofFragment(selection.name.value), directives);
      const below = selection.selectionSet ? this.#ofSelections(selection.selectionSet) : NOTHING;
      if (selection.kind === Kind.INLINE_FRAGMENT) return plus(below, directives);
      return {
        // graphql's own rule bounds introspection, whose standard query is 15 deep.
        depth: 1 + (isIntrospection(selection.name.value) ? 0 : below.depth),
        aliases: below.aliases + (selection.alias ? 1 : 0),
        directives: below.directives + directives,
        fields: 1,
        allFields: 1 + below.allFields,
      };
    });
    return {
      depth: sizes.reduce((deepest, { depth }) => Math.max(deepest, depth), 0),
      aliases: sum(sizes.map(({ aliases }) => aliases)),
      directives: sum(sizes.map(({ directives }) => directives)),
      fields: sum(sizes.map(({ fields }) => fields)),
      allFields: sum(sizes.map(({ allFields }) => allFields)),
    };
  }
}

function refuseRepetitions(selections: SelectionSetNode['selections']): void {
  if (selections.length <= MAX_REPETITIONS) return;
  const times = new Map<string, number>();
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const name = (selection.alias ?? selection.name).value;
    const now = (times.get(name) ?? 0) + 1;
    times.set(name, now);
    check('fields of one name in one place', now, MAX_REPETITIONS, selection);
  }
}

function isIntrospection(name: string): boolean {
  return name === '__schema' || name === '__type';
}

function directivesOf({ directives = [] }: { readonly directives?: readonly unknown[] }): number {
  return directives.length;
}

function plus(size: Size, directives: number): Size {
  return { ...size, directives: size.directives + directives };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}

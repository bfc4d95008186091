import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getDirectiveValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Context } from '../../graphql-kit/context.js';
import { badRequest } from '../../graphql-kit/errors.js';
import { checkText } from '../../shared/text.js';
import { foldedFeatures } from '../folded-features.js';

const DIRECTIVE = 'idempotent';
const HEADER = 'The header `Idempotency-Key`';
const MAX_KEY_LENGTH = 255;
const ASCII = /^[ -~]*$/;
/** Two keys in quotes, which somebody on the way has joined. */
const LIST = /^"[^"]*"\s*,\s*"/;

/** What a document says about idempotency, worked out once. */
interface KeyedDocument {
  readonly isMisplaced: boolean;
  /** The fields at the root of the mutation; none for a query. */
  readonly fields: readonly FieldNode[];
}

const known = new WeakMap<OperationDefinitionNode, KeyedDocument>();

/** What is needed of a request to find its idempotency keys. */
export interface KeyedRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Finds the idempotency keys of a request, `@idempotent(key:)` or the header `Idempotency-Key`, and hands them to
 * the mutations. A key that cannot be honoured is refused, since its client relies on it.
 *
 * @param hasDirective whether `@idempotent` stands anywhere in the document.
 * @throws BAD_USER_INPUT with status 400.
 */
export function takeIdempotencyKeys(
  { idempotency }: Context,
  { schema, document, operation, variables }: KeyedRequest,
  hasDirective: boolean,
): void {
  const [header, ...more] = idempotency.headers;
  if (more.length > 0 || LIST.test(header ?? '')) throw badRequest(`${HEADER} may be sent only once.`);
  if (!operation || (!hasDirective && header === undefined)) return;
  const { isMisplaced, fields } = keyedDocument(document, operation);
  if (isMisplaced) throw badRequest('`@idempotent` goes on a root field of a mutation.');
  if (fields.length === 0) return;
  const keys = new Map<string, string>();
  if (hasDirective) takeDirectives(schema, operation, fields, variables, keys);
  if (header !== undefined) takeHeader(header, fields, keys);
  const { mutations } = foldedFeatures(schema);
  for (const field of fields) {
    if (keys.has(responseKey(field)) && !mutations[field.name.value]?.keeps)
      throw badRequest(`\`${field.name.value}\` takes no idempotency key.`);
  }
  idempotency.keys = keys;
}

function takeDirectives(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fields: readonly FieldNode[],
  variables: Readonly<Record<string, unknown>>,
  keys: Map<string, string>,
): void {
  const directive = schema.getDirective(DIRECTIVE);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  // Variables that do not fit are refused by another step.
  if (!directive || !coerced) return;
  for (const field of fields) {
    const raw = getDirectiveValues(directive, field, coerced)?.['key'] as string | undefined;
    if (raw === undefined) continue;
    const value = toKey(raw, 'The key of `@idempotent`');
    const before = keys.get(responseKey(field));
    if (before !== undefined && before !== value) throw badRequest('One field has two idempotency keys.');
    keys.set(responseKey(field), value);
  }
}

/** The header means the only mutation field there is. */
function takeHeader(header: string, fields: readonly FieldNode[], keys: Map<string, string>): void {
  const [field, ...more] = new Set(fields.map(responseKey));
  if (field === undefined || more.length > 0) {
    throw badRequest(
      'The header `Idempotency-Key` goes with one mutation field; put `@idempotent(key:)` on each of several.',
    );
  }
  // The draft of the header's standard has it in quotes: draft-ietf-httpapi-idempotency-key-header.
  const raw = /^".*"$/s.test(header) && header.length > 1 ? header.slice(1, -1) : header;
  // Node reads bytes as Latin-1, in which a key in UTF-8 would be another than in the directive.
  if (!ASCII.test(raw)) throw badRequest(`${HEADER} takes ASCII only; others go into \`@idempotent(key:)\`.`);
  const key = toKey(raw, HEADER);
  if ((keys.get(field) ?? key) !== key)
    throw badRequest('The header `Idempotency-Key` and `@idempotent` give different keys.');
  keys.set(field, key);
}

/** The key as every string that is kept: trimmed, in NFC. */
function toKey(raw: string, what: string): string {
  const checked = checkText(raw, { maxLength: MAX_KEY_LENGTH });
  if (checked.ok && checked.value !== '') return checked.value;
  const code = checked.ok ? 'REQUIRED' : checked.problem.code;
  if (code === 'CARD_NUMBER_REFUSED') throw badRequest(`${what} looks like a card number.`);
  if (code === 'INVALID') throw badRequest(`${what} has a character that is not allowed.`);
  throw badRequest(`${what} must have 1 to ${MAX_KEY_LENGTH} characters.`);
}

function responseKey({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function keyedDocument(document: DocumentNode, operation: OperationDefinitionNode): KeyedDocument {
  const before = known.get(operation);
  if (before) return before;
  const ofMutations = new Set(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? mutationFields(document, definition) : [],
    ),
  );
  let isMisplaced = false;
  visit(document, {
    Field: (field) => {
      const isKeyed = field.directives?.some(({ name }) => name.value === DIRECTIVE);
      isMisplaced ||= Boolean(isKeyed) && !ofMutations.has(field);
    },
  });
  const found = { isMisplaced, fields: mutationFields(document, operation) };
  known.set(operation, found);
  return found;
}

function mutationFields(document: DocumentNode, operation: OperationDefinitionNode): FieldNode[] {
  if (operation.operation !== OperationTypeNode.MUTATION) return [];
  return fieldsOf(operation.selectionSet, document).filter(({ name }) => name.value !== '__typename');
}

function fieldsOf(selectionSet: SelectionSetNode, document: DocumentNode): FieldNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition): definition is FragmentDefinitionNode =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment ? fieldsOf(fragment.selectionSet, document) : [];
  });
}

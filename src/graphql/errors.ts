import { unwrapResolverError } from '@apollo/server/errors';
import {
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
} from 'graphql';
import { DatabaseError, type DatabaseFailure } from '../db/errors.js';
import { containsCardNumber } from '../shared/card-number.js';
import { type ErrorCode, ExpectedError } from '../shared/expected-error.js';

const failures: Readonly<Record<DatabaseFailure, readonly [ErrorCode, string]>> = {
  unavailable: ['DATABASE_UNAVAILABLE', 'The database is not available. Try again.'],
  overloaded: ['OVERLOADED', 'Too much is going on. Try again.'],
  timeout: ['TIMEOUT', 'It took too long. Try again.'],
  conflict: ['TIMEOUT', 'Other changes came in between for too long. Try again.'],
  'storage-full': ['STORAGE_FULL', 'The storage is full.'],
};

/** What a client may be told of something that was thrown; null where that is nothing but "internal". */
function knownError(thrown: unknown): readonly [ErrorCode, string, object?] | null {
  if (thrown instanceof ExpectedError) return [thrown.code, thrown.sentence, thrown.extensions];
  return thrown instanceof DatabaseError ? failures[thrown.failure] : null;
}

/** The codes with which the whole answer is 503 when no root field has a value. */
export const UNAVAILABLE: ReadonlySet<unknown> = new Set<ErrorCode>([
  'DATABASE_UNAVAILABLE',
  'PROVIDER_UNAVAILABLE',
  'OVERLOADED',
  'STORAGE_FULL',
  'TIMEOUT',
]);

const INTERNAL = 'Something went wrong on our side.';

/**
 * What the client is shown of an error: a message that repeats no value, where it happened, and a code.
 *
 * @param shown the schema, where messages may tell names of it that the client has not written.
 */
export function toClientError(error: unknown, shown: GraphQLSchema | null = null): GraphQLFormattedError {
  const thrown = unwrapResolverError(error);
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  const known = knownError(thrown);
  if (known) {
    const [code, message, more] = known;
    return { message, ...place, extensions: { ...more, code } };
  }
  if (thrown instanceof GraphQLError) {
    const code = ourCode(thrown);
    if (code) return { message: withoutValues(thrown, shown), ...place, extensions: { code } };
  }
  return { message: INTERNAL, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** Apollo has codes of its own for what is wrong with a request, and none for some of it. */
function ourCode(error: GraphQLError): unknown {
  const { code, http } = error.extensions;
  if (code === 'BAD_REQUEST' || code === 'OPERATION_RESOLUTION_FAILURE') return 'BAD_USER_INPUT';
  // graphql-js counts its comparisons of fields that repeat.
  if (error.message === 'Validation aborted.') return 'QUERY_TOO_COMPLEX';
  // Apollo takes what a rule reports for one of its own.
  const { originalError } = error;
  if (code === 'GRAPHQL_VALIDATION_FAILED' && originalError instanceof GraphQLError) {
    return originalError.extensions['code'] ?? code;
  }
  return code ?? (isBadRequest(http) ? 'BAD_USER_INPUT' : undefined);
}

function isBadRequest(http: unknown): boolean {
  return typeof http === 'object' && http !== null && Reflect.get(http, 'status') === 400;
}

/** Whether an error is one that nobody foresaw, so that its cause belongs into the log. */
export function isUnforeseen(error: unknown): boolean {
  return toClientError(error).extensions?.['code'] === 'INTERNAL_SERVER_ERROR';
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations && { locations }), ...(path && { path }) };
}

/** The values of an enum, or the fields of an input, to end a sentence with; nothing where no schema may be shown. */
export function namesIn(typeName: string, shown: GraphQLSchema | null): string {
  const type = shown?.getType(typeName);
  const names = isEnumType(type)
    ? type.getValues()
    : isInputObjectType(type)
      ? Object.values(type.getFields())
      : [];
  return names.length === 0 ? '' : `: ${names.map(({ name }) => `\`${name}\``).join(', ')}`;
}

// graphql-js puts the literal at fault into these messages of its validation, or names that the caller has not written:
// those come into the second sentence only, which is for where the schema may be shown. `#` is for all that `$2` has.
const valueMessages: readonly (readonly [RegExp, string, string?])[] = [
  [/^Expected value of type "([\w![\]]+)"/, 'A value of type `$1` is expected.'],
  [/^(\w+) cannot represent/, 'A value of type `$1` is expected.'],
  [/^(Value) ".*" does not exist in "(\w+)" enum/s, 'A value is not one of `$2`#.'],
  [/^(Enum) "(\w+)" cannot represent/, 'A value is not one of `$2`#.'],
  [/^Field "(\w+)" is not defined by type "(\w+)"/, 'The field `$1` is not one of `$2`#.'],
  [
    /^Field "\w+\.(\w+)" of required type "([\w![\]]+)"/,
    'A required field of type `$2` is missing.',
    'The required field `$1` of type `$2` is missing.',
  ],
  [
    /^\w+ "(@?\w+)" argument "(\w+)" of type "([\w![\]]+)" is required/,
    '`$1` lacks a required argument of type `$3`.',
    '`$1` lacks the required argument `$2` of type `$3`.',
  ],
  [/^Unknown operation named/, 'The document has no operation of that name.'],
  [/^Validation aborted/, 'The document repeats too many fields.'],
  [/^Syntax Error/, 'The document has a syntax error.'],
  [/^GraphQL introspection is not allowed/, 'Introspection is off.'],
  [/^provided sha does not match query/, 'The hash is not that of the query.'],
];

/** Names in a document may be as long as a body. */
const LONGEST_MESSAGE = 1_000;

function withoutValues({ message }: GraphQLError, shown: GraphQLSchema | null): string {
  const sentence = sentenceOf(message, shown);
  // A name in the document may be a card number.
  const isTold = sentence.length <= LONGEST_MESSAGE && !containsCardNumber(sentence);
  return isTold ? sentence : 'The document is not valid.';
}

function sentenceOf(message: string, shown: GraphQLSchema | null): string {
  for (const [pattern, hiding, showing = hiding] of valueMessages) {
    const match = pattern.exec(message);
    if (match) {
      const sentence = (shown ? showing : hiding).replace('#', () => namesIn(match[2] ?? '', shown));
      return sentence.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
    }
  }
  return message;
}

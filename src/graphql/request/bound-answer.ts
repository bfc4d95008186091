import type { GraphQLResponse } from '@apollo/server';
import {
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { Context } from '../../graphql-kit/context.js';
import type { ErrorCode } from '../../shared/expected-error.js';
import { jsonBytes } from './json-bytes.js';

const CODE: ErrorCode = 'QUERY_TOO_COMPLEX';

type SingleResult = Extract<GraphQLResponse['body'], { kind: 'single' }>['singleResult'];

/** The JSON of an answer: text, or bytes in UTF-8 where it is large. */
export type AnswerText = string | Buffer;

/** By the extensions of answers, which Apollo Server hands on as they are. */
const texts = new WeakMap<object, AnswerText>();

/**
 * Writes the text of an answer that is complete, or puts an error in the place of what is too large. A mutation that
 * was carried out cannot be taken back for the size of its answer, so that the client has to be told.
 */
export async function boundAnswer(
  { body, http }: GraphQLResponse,
  { answer, merchant, outcome }: Pick<Context, 'answer' | 'merchant' | 'outcome'>,
  operation: OperationDefinitionNode | undefined,
): Promise<void> {
  if (body.kind !== 'single') return;
  const { singleResult } = body;
  const text =
    answer.excess === null ? await textOf(singleResult, answer.isSmall, merchant?.owner ?? '') : null;
  if (text !== null && singleResult.extensions && answer.checkBytes(Buffer.byteLength(text))) {
    texts.set(singleResult.extensions, text);
    return;
  }
  if (operation?.operation === OperationTypeNode.MUTATION) hideResults(singleResult, answer);
  else {
    singleResult.errors = [{ message: sentenceOf(answer, 'Ask for'), extensions: { code: CODE } }];
    singleResult.data = null;
    http.status = 400;
  }
  const errors = singleResult.errors ?? [];
  outcome.errorCodes = errors.map(({ extensions }) => String(extensions?.['code']));
}

/**
 * The text of an answer, for Apollo Server; one that was refused before it had a size is short.
 *
 * @returns what is a string for Apollo Server, which does not look into it; see `AnswerText`.
 */
export function answerText(result: FormattedExecutionResult): string {
  const text = result.extensions && texts.get(result.extensions);
  return (text as string | undefined) ?? `${JSON.stringify(result)}\n`;
}

async function textOf(
  { errors, data, extensions }: SingleResult,
  isSmall: boolean,
  sharer: string,
): Promise<AnswerText> {
  // The errors first, as the specification asks.
  const ordered = { errors, data, extensions };
  return isSmall ? `${JSON.stringify(ordered)}\n` : jsonBytes(ordered, sharer);
}

/** Sets the payload of every mutation that returns an object to null, with an error that says it was carried out. */
function hideResults(result: SingleResult, answer: Context['answer']): void {
  const data = { ...result.data };
  const isNull = ({ path }: GraphQLFormattedError) => data[String(path?.[0])] === null;
  const errors = (result.errors ?? []).filter(isNull);
  const message = `The mutation was carried out. ${sentenceOf(answer, 'Read with a query, or a second call with the same idempotency key,')}`;
  for (const [name, payload] of Object.entries(data)) {
    // What was refused has problems only, and stays: it is short.
    if (!showsObject(payload)) continue;
    data[name] = null;
    errors.push({ message, path: [name], extensions: { code: CODE } });
  }
  result.data = data;
  result.errors = errors;
}

function showsObject(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false;
  return Object.values(payload).some(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
}

function sentenceOf({ excess }: Context['answer'], ask: string): string {
  return `The answer would have more than ${excess}. ${ask} fewer objects or fields.`;
}

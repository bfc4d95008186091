import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ValidationRule } from 'graphql';
import { z } from 'zod';
import { errorOf } from '../graphql-kit/errors.js';

/** The only documents that a server runs, by hash or by text. */
export interface TrustedDocuments {
  /** The document with this id; undefined when it is not on the list. */
  textOf(id: string): string | undefined;
  isTrusted(text: string): boolean;
}

/** The list cannot be used. */
export class TrustedDocumentsError extends Error {
  override readonly name = 'TrustedDocumentsError';

  constructor(problem: string) {
    super(`VAULT_TRUSTED_DOCUMENTS: the file ${problem}.`);
  }
}

/** What GraphQL Code Generator and Relay write. */
const map = z.record(z.string().min(1), z.string().min(1)).refine((list) => Object.keys(list).length > 0);
/** What Apollo's manifest generator writes. */
const manifest = z
  .object({
    format: z.literal('apollo-persisted-query-manifest'),
    operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })).min(1),
  })
  .transform(({ operations }) => Object.fromEntries(operations.map(({ id, body }) => [id, body])));

/**
 * Reads a list of documents: a JSON object of ids (usually the SHA-256 of the text) and texts, or Apollo's manifest.
 *
 * @throws TrustedDocumentsError
 */
export function readTrustedDocuments(file: string): TrustedDocuments {
  const parsed = z.union([manifest, map]).safeParse(readJson(file));
  if (!parsed.success)
    throw new TrustedDocumentsError('is not an object of ids and documents, nor a manifest');
  const documents = new Map(Object.entries(parsed.data));
  const hashes = new Set([...documents.values()].map(hashOf));
  return {
    textOf: (id) => documents.get(id),
    isTrusted: (text) => hashes.has(hashOf(text)),
  };
}

/** Refuses every document that is not on the list, before any other rule looks at it. */
export function trustedDocumentsRule(trusted: TrustedDocuments): ValidationRule {
  return (context) => ({
    Document(document) {
      if (document.loc && trusted.isTrusted(document.loc.source.body)) return undefined;
      context.reportError(
        errorOf('FORBIDDEN', 'This server runs only the documents on its list.', {
          extensions: { http: { status: 403 } },
        }),
      );
      return null;
    },
  });
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new TrustedDocumentsError('cannot be read');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new TrustedDocumentsError('is not JSON');
  }
}

function hashOf(text: string): string {
  return hash('sha256', text);
}

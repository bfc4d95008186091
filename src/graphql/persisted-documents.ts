import { LRUCache } from 'lru-cache';
import type { TrustedDocuments } from './trusted-documents.js';

/** Where Apollo looks for a document of which it was sent only the hash. */
export interface PersistedDocuments {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
  delete(key: string): Promise<boolean>;
}

const REMEMBERED_DOCUMENTS = 1_000;
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;

/** Apollo puts it before each hash. */
const PREFIX = 'apq:';

/** Remembers the documents that callers have sent with their hash, as many as fit. */
export function rememberedDocuments(): PersistedDocuments {
  const documents = new LRUCache<string, string>({
    max: REMEMBERED_DOCUMENTS,
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (text, key) => text.length + key.length,
  });
  return {
    get: async (key) => documents.get(key),
    set: async (key, text) => void documents.set(key, text),
    delete: async (key) => documents.delete(key),
  };
}

/** Knows the documents of the list, and learns no more. */
export function listedDocuments(trusted: TrustedDocuments): PersistedDocuments {
  return {
    get: async (key) => trusted.textOf(key.slice(PREFIX.length)),
    set: async () => {},
    delete: async () => false,
  };
}

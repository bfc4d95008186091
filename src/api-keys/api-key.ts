import type { Scope } from '../access/scopes.js';
import type { ApiKeyId } from '../shared/id.js';
import { textOf } from '../shared/input-reader.js';

/** A key as it may be shown: never its secret. */
export interface ApiKey {
  readonly __typename: 'ApiKey';
  readonly id: ApiKeyId;
  readonly label: string;
  readonly preview: string;
  readonly scopes: readonly Scope[];
  /** A partner's key acts for the merchant that each request names. */
  readonly partner: boolean;
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** The key that made it, where the caller may see that; null where an operator did. */
  readonly createdBy: string | null;
}

const MAX_LABEL_LENGTH = 100;

export const checkKeyLabel = textOf(MAX_LABEL_LENGTH);

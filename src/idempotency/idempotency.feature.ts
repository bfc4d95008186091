import type { Feature } from '../feature.js';
import type { ProblemsOf } from '../shared/result.js';

const problems = {
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used with other arguments.',
  IDEMPOTENCY_IN_PROGRESS: 'A call with the same idempotency key is still running. Try again.',
} as const;

declare module '../shared/result.js' {
  interface DeclaredProblems extends ProblemsOf<typeof problems> {}
}

export const idempotencyFeature: Feature = {
  schema: 'base.graphql',
  problems,
  personalData: { tables: { idempotency_records: { hashes: ['key_hash', 'arguments_hash'] } } },
};

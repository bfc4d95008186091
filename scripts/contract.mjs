// The composed schema as clients see it, sandbox part included.
import { lexicographicSortSchema, printSchema } from 'graphql';
import { features } from '../dist/features.js';
import { createSchema } from '../dist/graphql/schema.js';

export const CONTRACT = 'docs/schema.graphql';

export function printContract() {
  return `${printSchema(lexicographicSortSchema(createSchema('schema', features)))}\n`;
}

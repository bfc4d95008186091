import { readFileSync } from 'node:fs';
import { GraphQLScalarType } from 'graphql';

export const typeDefs = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8');

export const scalars = {
  DateTime: new GraphQLScalarType({ name: 'DateTime', serialize: (date) => date.toISOString() }),
  Metadata: new GraphQLScalarType({ name: 'Metadata' }),
};

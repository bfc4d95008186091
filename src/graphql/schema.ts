import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { CustomerQueue } from '../customer-queue/customer-queue.js';
import type { Feature } from '../feature.js';
import type { Resolvers } from '../generated/graphql.js';
import { dateTimeScalar, metadataScalar } from '../graphql-kit/scalars.js';
import { composeFields } from './compose-fields.js';
import { foldFeatures, keepFolded } from './folded-features.js';

/**
 * The schema of these features, with its resolvers.
 *
 * @param folder `schema`.
 * @param queue in which the mutations of one customer are carried out.
 */
export function createSchema(
  folder: string,
  features: readonly Feature[],
  queue = new CustomerQueue(),
): GraphQLSchema {
  const folded = foldFeatures(features);
  const schema = makeExecutableSchema({
    typeDefs: [...folded.files].sort().map((file) => readFileSync(resolve(folder, file), 'utf8')),
    resolvers: [baseResolvers(folded.sentences), ...folded.resolvers],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  keepFolded(schema, folded);
  composeFields(schema, folded, queue);
  return schema;
}

function baseResolvers(sentences: Readonly<Record<string, string>>): Resolvers {
  return {
    DateTime: dateTimeScalar,
    Metadata: metadataScalar,
    UserError: {
      message: ({ code, message }) => message ?? sentences[code] ?? code,
      field: ({ field }) => (field ? [...field] : null),
    },
  };
}

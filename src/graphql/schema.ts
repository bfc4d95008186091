import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { accessResolvers } from '../access/access.resolvers.js';
import { addressFieldPlans } from '../addresses/address.read-plan.js';
import { addressResolvers } from '../addresses/address.resolvers.js';
import { customerFieldPlans } from '../customers/customer.read-plan.js';
import { customerResolvers } from '../customers/customer.resolvers.js';
import type { Resolvers } from '../generated/graphql.js';
import { dateTimeScalar, metadataScalar } from '../graphql-kit/scalars.js';
import { nodeResolvers } from '../nodes/node.resolvers.js';
import {
  paymentMethodFieldPlans,
  paymentMethodFilters,
} from '../payment-methods/payment-method.read-plan.js';
import { paymentMethodResolvers } from '../payment-methods/payment-method.resolvers.js';
import { Planner } from '../read-plan/planner.js';
import { sandboxResolvers } from '../tokenization/sandbox.resolvers.js';
import { Turns } from '../turns/turns.js';
import { guardFields } from './guard-fields.js';
import { guardLookUps } from './guard-look-ups.js';
import { withIdempotency } from './idempotent-resolvers.js';
import { measureFields } from './measure-fields.js';
import { paceLists } from './paced-lists.js';
import { inTurns } from './turns-of-resolvers.js';

const SANDBOX = 'sandbox.graphql';

/**
 * The schema of `schema/*.graphql` with its resolvers.
 *
 * @param folder `schema`.
 * @param sandbox whether the sandbox provider's part is in it.
 * @param turns in which the mutations of one customer are carried out.
 */
export function createSchema(folder: string, sandbox: boolean, turns = new Turns()): GraphQLSchema {
  const files = readdirSync(folder).filter(
    (file) => file.endsWith('.graphql') && (sandbox || file !== SANDBOX),
  );
  const scalars: Resolvers = { DateTime: dateTimeScalar, Metadata: metadataScalar };
  const schema = makeExecutableSchema({
    typeDefs: files.sort().map((file) => readFileSync(join(folder, file), 'utf8')),
    resolvers: [
      scalars,
      nodeResolvers,
      ...[
        accessResolvers,
        customerResolvers,
        addressResolvers,
        paymentMethodResolvers,
        ...(sandbox ? [sandboxResolvers] : []),
      ]
        .map(withIdempotency)
        .map(inTurns(turns)),
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  paceLists(schema);
  guardLookUps(schema);
  // After these, so that who may not ask is told nothing else.
  guardFields(schema);
  measureFields(schema);
  return schema;
}

/** What every field needs of the database, from all features. */
export function createPlanner(): Planner {
  return new Planner([customerFieldPlans, addressFieldPlans, paymentMethodFieldPlans], paymentMethodFilters);
}

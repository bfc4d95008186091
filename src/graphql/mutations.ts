import type { GraphQLResolveInfo } from 'graphql';
import type { CustomerQueue } from '../customer-queue/customer-queue.js';
import { queueMutation } from '../customer-queue/queue-mutation.js';
import type { Context } from '../graphql-kit/context.js';
import { badUserInput } from '../graphql-kit/errors.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selectionOf } from '../graphql-kit/selection.js';
import { carryOutOnce } from '../idempotency/carry-out-once.js';
import type { KeptFields, KeyedMutation } from '../idempotency/kept-fields.js';
import { type Finders, keptOf, replayMutation } from '../idempotency/replay-mutation.js';
import { fail } from '../shared/result.js';
import type { FoldedFeatures } from './folded-features.js';

type Payload = Readonly<Record<string, unknown>> & { readonly userErrors: readonly unknown[] };
type Args = Readonly<Record<string, unknown>>;
type Resolver = (parent: unknown, args: Args, op: Context, info: GraphQLResolveInfo) => unknown;

/**
 * Carries a mutation out once under its idempotency key, and after earlier changes of the same customer. This is the
 * only place where it is done: use cases and repositories work over the queries that they are given, which for a keyed
 * call are one transaction.
 */
export function mutationResolver(
  name: string,
  resolve: Resolver,
  { mutations, access, finders }: FoldedFeatures,
  queue: CustomerQueue,
): Resolver {
  const { keeps = null, changes } = mutations[name] ?? {};
  const action = access.fields['Mutation']?.[name];
  // Nobody may call it.
  if (!action) return resolve;
  const keyed = keeps && { name, action, keeps };
  const once: Resolver = (parent, args, op, info) => {
    const key = op.idempotency.keys?.get(String(info.path.key));
    if (key === undefined) return resolve(parent, args, op, info);
    if (!keyed) throw badUserInput(`\`${name}\` takes no idempotency key.`);
    const carryOut = (inside: Inside) =>
      resolve(parent, args, Object.assign(Object.create(op), inside), info) as Promise<Payload>;
    return carryOutKeyed(op, { mutation: keyed, key, arguments: args }, { info, finders, carryOut });
  };
  if (!changes) return once;
  return (parent, args, op, info) =>
    queueMutation(queue, op, { action, changes, input: args['input'] as object }, async () =>
      once(parent, args, op, info),
    );
}

/** What a mutation works with inside a transaction in place of what the operation has. */
type Inside = Pick<Context, 'db' | 'forgetKeys'>;

interface Carrying {
  readonly info: GraphQLResolveInfo;
  readonly finders: Finders;
  carryOut(inside: Inside): Promise<Payload>;
}

async function carryOutKeyed(
  op: Context,
  call: Parameters<typeof carryOutOnce>[1],
  { info, finders, carryOut }: Carrying,
): Promise<Payload> {
  const { mutation } = call;
  const changed = new Set<string>();
  const forgetKeys: Context['forgetKeys'] = (keyIds) => {
    for (const id of keyIds) changed.add(id);
  };
  const outcome = await carryOutOnce(op, call, async (db) => {
    const payload = await carryOut({ db, forgetKeys });
    return { value: payload, kept: payload.userErrors.length === 0 ? keptOf(mutation.keeps, payload) : null };
  }).finally(() => {
    // Not before: until the commit, whoever looks up a key still finds its old secret.
    if (changed.size > 0) op.forgetKeys(changed);
  });
  if (!outcome.ok) return { ...flagsOf(mutation.keeps), ...toPayload(outcome, () => ({})) };
  if ('value' in outcome.value) return outcome.value.value;
  op.outcome.replayed = true;
  return replay(op, mutation, outcome.value.replay, info, finders);
}

const gone = { code: 'NOT_FOUND', message: 'It has been deleted since the first call.' } as const;

async function replay(
  op: Context,
  mutation: KeyedMutation,
  kept: Parameters<typeof replayMutation>[2],
  info: GraphQLResolveInfo,
  finders: Finders,
): Promise<Payload> {
  const { fields, isGone } = await replayMutation(op, mutation, kept, finders, (noun, paths) =>
    op.planner.plan(noun, selectionOf(info), op, paths),
  );
  return { ...fields, userErrors: isGone ? toPayload(fail(gone), () => ({})).userErrors : [] };
}

/** The schema promises every flag, also where nothing was carried out. */
function flagsOf(keeps: KeptFields): Readonly<Record<string, boolean>> {
  const flags = Object.entries(keeps).filter(([, kind]) => kind === 'flag');
  return Object.fromEntries(flags.map(([field]) => [field, false]));
}

import { Command, Option } from 'commander';
import { scopes as allScopes, type Mode, type Scope } from '../access/scopes.js';
import { createKey, listKeys, revokeKey } from '../merchants/operate-keys.js';
import { print, table } from './output.js';
import { readExpiry, readName, readScopes, requireMerchant, requirePartner } from './read-arguments.js';
import { CommandError, type Session, UsageError, withSession } from './session.js';

interface OwnerOptions {
  readonly merchant?: string;
  readonly partner?: string;
  readonly json?: boolean;
}

interface CreateOptions extends OwnerOptions {
  readonly label: string;
  readonly scopes: Scope[];
  readonly expiresAt?: Date;
  readonly mode: Mode;
}

interface RevokeOptions extends OwnerOptions {
  readonly andDescendants?: true;
}

/** `keys create`, `keys list` and `keys revoke`, each of a merchant or a partner. */
export function keysCommand(): Command {
  const keys = new Command('keys').description("API keys of a merchant's or a partner's servers");
  withOwner(keys.command('create').description('make a key'))
    .option('--scopes <scopes>', `with commas between them: ${allScopes.join(', ')}`, readScopes, [
      ...allScopes,
    ])
    .option('--label <label>', 'to tell it from others', readName, 'Made by the operator')
    .option('--expires-at <instant>', 'when it ends, for example 2030-01-31T00:00:00Z', readExpiry)
    .addOption(
      new Option('--mode <mode>', "of a partner's key: for merchants of this mode")
        .choices(['test', 'live'])
        .default('test'),
    )
    .action((options: CreateOptions) => withSession('write', (session) => create(session, options)));
  withOwner(keys.command('list').description('list the keys, revoked ones too')).action(
    (options: OwnerOptions) => withSession('read', (session) => list(session, options)),
  );
  withOwner(keys.command('revoke').description('revoke a key, within 5 seconds on every server'))
    .argument('<id>', 'the 24 digits before the secret of the key')
    .option('--and-descendants', 'and the keys that it made, and those that these made')
    .action((id: string, options: RevokeOptions) =>
      withSession('write', (session) => revoke(session, id, options)),
    );
  return keys;
}

function withOwner(command: Command): Command {
  return command
    .addOption(new Option('--merchant <id>', 'whose keys').conflicts('partner'))
    .option('--partner <id>', 'whose keys')
    .option('--json', 'print one JSON object');
}

async function ownerOf(session: Session, { merchant, partner }: OwnerOptions) {
  if (merchant !== undefined) {
    const { id, mode } = await requireMerchant(session, merchant);
    return { owner: { merchantId: id }, mode };
  }
  if (partner === undefined) throw new UsageError('Give --merchant or --partner.');
  return { owner: { partnerId: (await requirePartner(session, partner)).id }, mode: null };
}

async function create(session: Session, options: CreateOptions): Promise<void> {
  const { label, scopes, expiresAt = null, json } = options;
  const { owner, mode } = await ownerOf(session, options);
  const { id, key } = await createKey(session, owner, {
    label,
    scopes,
    expiresAt,
    mode: mode ?? options.mode,
  });
  print(json, { apiKey: { id, label, scopes, expiresAt }, key }, [
    `Made the key ${id}.`,
    `It is shown once: ${key}`,
  ]);
}

async function list(session: Session, options: OwnerOptions): Promise<void> {
  const { owner } = await ownerOf(session, options);
  const keys = await listKeys(session.db, owner);
  const rows = keys.map(({ id, label, scopes, lastUsedAt, expiresAt, revokedAt, createdBy }) => ({
    id,
    'last used': lastUsedAt?.toISOString() ?? 'never',
    expires: expiresAt?.toISOString() ?? 'never',
    revoked: revokedAt?.toISOString() ?? '',
    'made by': createdBy ?? '',
    label,
    scopes: scopes.join(','),
  }));
  print(options.json, { apiKeys: keys }, table(rows, 'There are no keys.'));
}

async function revoke(session: Session, id: string, options: RevokeOptions): Promise<void> {
  const { owner } = await ownerOf(session, options);
  const andDescendants = options.andDescendants ?? false;
  const ids = await revokeKey(session, owner, { id, andDescendants });
  // What was given may be a whole key with its secret: it is not repeated.
  if (!ids)
    throw new CommandError('There is no key with this id; it is the 24 digits in the middle of the key.');
  const descendants = ids.filter((each) => each !== id);
  print(options.json, { revoked: id, ...(andDescendants && { descendants }) }, [
    `Revoked the key ${id}.`,
    ...descendants.map((each) => `Revoked the key ${each}, which came from it.`),
  ]);
}

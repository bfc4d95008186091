import type { MerchantId } from '../shared/id.js';
import type { AccessRules, Action, Refusal } from './actions.js';
import type { Actor, ApiKeyActor, SessionActor } from './actor.js';
import type { StoredCredential } from './credential.repository.js';
import type { Scope, SessionPermission } from './scopes.js';

/** The actors that a credential can make, made once for it and not at each request. */
export interface Actors {
  /** Without the header `Vault-Merchant`. */
  readonly own: ApiKeyActor | SessionActor;
  /** Names a merchant that is not within its reach, or that does not exist: which one is not told. */
  readonly powerless: Actor;
  /** A partner's key on behalf of one of the partner's merchants. */
  forMerchant(id: MerchantId): Actor;
}

const NOTHING: ReadonlySet<Action> = new Set();
const MERCHANT_MISSING: Refusal = {
  sentence:
    'The key of a partner needs the header `Vault-Merchant`, with the id of the merchant for whom it acts.',
  extensions: { missingHeader: 'Vault-Merchant' },
};
const OUT_OF_REACH: Refusal = {
  sentence: 'The header `Vault-Merchant` names no merchant for whom the caller may act.',
};
/** What is different in `powerless`. */
const powerless = { allowed: NOTHING, refusalOf: () => OUT_OF_REACH };

export function actorsOf(credential: StoredCredential, rules: AccessRules): Actors {
  const { customerId, merchantId } = credential;
  return customerId !== null && merchantId !== null
    ? sessionActors({ ...credential, customerId, merchantId }, rules)
    : keyActors(credential, rules);
}

/** The actors of a key's old secret, which has an end of its own: nothing that it makes may outlive that. */
export function actorsOfOldSecret(credential: StoredCredential, rules: AccessRules): Actors | null {
  const { old, expiresAt, secretVersion } = credential;
  if (!old) return null;
  const end = expiresAt && expiresAt < old.until ? expiresAt : old.until;
  return keyActors({ ...credential, expiresAt: end, secretVersion: secretVersion - 1 }, rules);
}

function sessionActors(
  session: StoredCredential & Pick<SessionActor, 'merchantId' | 'customerId'>,
  rules: AccessRules,
): Actors {
  const { id, mode, expiresAt, merchantId, customerId, keyId, grants } = session;
  const allowed = rules.ofSession(new Set(grants as SessionPermission[]));
  const own: SessionActor = {
    kind: 'customer-session',
    id,
    mode,
    expiresAt,
    merchantId,
    customerId,
    keyId,
    allowed,
    refusalOf: (action) => rules.refusalOfSession(action),
  };
  const elsewhere: Actor = { ...own, ...powerless };
  return { own, powerless: elsewhere, forMerchant: () => elsewhere };
}

function keyActors(
  { id, mode, expiresAt, merchantId, partnerId, grants, secretHash, secretVersion }: StoredCredential,
  rules: AccessRules,
): Actors {
  const scopes = new Set(grants as Scope[]);
  const actions = rules.ofScopes(scopes);
  const partner = partnerId === null ? null : { id: partnerId, cursorKey: secretHash };
  const ofPartner = rules.ofPartner();
  const allowed = partner ? ofPartner : actions;
  const refusalOf = (action: Action) => rules.refusalOfKey(action, scopes);
  const own: ApiKeyActor = {
    kind: 'api-key',
    id,
    mode,
    expiresAt,
    merchantId,
    partner,
    scopes,
    secretVersion,
    allowed,
    refusalOf: partner ? () => MERCHANT_MISSING : refusalOf,
  };
  const onBehalf = new Set([...actions, ...ofPartner]);
  return {
    own,
    powerless: { ...own, ...powerless, merchantId: null },
    forMerchant: (id) => ({ ...own, merchantId: id, allowed: onBehalf, refusalOf }),
  };
}

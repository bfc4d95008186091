import type { Scope, SessionPermission } from './scopes.js';

/**
 * Who may do something: keys with all of the scopes and sessions with the permission (null: no session ever), or
 * partners' keys whatever their scopes.
 */
export type ActionRule =
  | { readonly scopes: readonly Scope[]; readonly session: SessionPermission | null }
  | 'partners';

export type ActionRules = Readonly<Record<string, ActionRule>>;

/** The actions there are. Each feature adds its own (`declare module`), so that no other one type-checks. */
// biome-ignore lint/suspicious/noEmptyInterface: features extend it.
export interface DeclaredActions {}

/** What a feature adds to `DeclaredActions`. */
export type ActionsOf<Rules extends ActionRules> = { readonly [Name in keyof Rules]: true };

export type Action = keyof DeclaredActions;

/** The rules of all actions. */
export class AccessRules {
  readonly #rules: readonly (readonly [Action, ActionRule])[];

  /** @param tables one a feature. */
  constructor(tables: readonly ActionRules[]) {
    this.#rules = tables.flatMap((table) => Object.entries(table) as [Action, ActionRule][]);
  }

  /** Everything that a key with these scopes may do for a merchant. */
  ofScopes(scopes: ReadonlySet<Scope>): ReadonlySet<Action> {
    return this.#actions((rule) => rule !== 'partners' && rule.scopes.every((scope) => scopes.has(scope)));
  }

  /** Everything that a session with these permissions may do for its customer. */
  ofSession(permissions: ReadonlySet<SessionPermission>): ReadonlySet<Action> {
    return this.#actions(
      (rule) => rule !== 'partners' && rule.session !== null && permissions.has(rule.session),
    );
  }

  /** Everything that a partner's key may do without naming a merchant. */
  ofPartner(): ReadonlySet<Action> {
    return this.#actions((rule) => rule === 'partners');
  }

  #actions(isAllowed: (rule: ActionRule) => boolean): ReadonlySet<Action> {
    return new Set(this.#rules.filter(([, rule]) => isAllowed(rule)).map(([action]) => action));
  }
}

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

/** What a caller is told who may not do something. */
export interface Refusal {
  readonly sentence: string;
  /** What it lacks, for programs to read. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The rules of all actions. */
export class AccessRules {
  readonly #rules: ReadonlyMap<Action, ActionRule>;

  /** @param tables one a feature. */
  constructor(tables: readonly ActionRules[]) {
    this.#rules = new Map(tables.flatMap((table) => Object.entries(table) as [Action, ActionRule][]));
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
    return new Set([...this.#rules].filter(([, rule]) => isAllowed(rule)).map(([action]) => action));
  }

  /** What a key with these scopes is told that it lacks for an action. */
  refusalOfKey(action: Action, scopes: ReadonlySet<Scope>): Refusal {
    const rule = this.#rules.get(action);
    if (!rule || rule === 'partners') return { sentence: 'It takes the key of a partner.' };
    const missingScopes = rule.scopes.filter((scope) => !scopes.has(scope));
    const names = missingScopes.map((scope) => `\`${scope}\``).join(' and ');
    const sentence = `The key lacks the scope${missingScopes.length === 1 ? '' : 's'} ${names}.`;
    return { sentence, extensions: { missingScopes } };
  }

  /** The same for a session: of permissions only, since the scopes of keys are no shopper's affair. */
  refusalOfSession(action: Action): Refusal {
    const rule = this.#rules.get(action);
    const missing = rule && rule !== 'partners' ? rule.session : null;
    if (missing === null) return { sentence: 'No customer session may do this.' };
    const sentence = `The session lacks the permission \`${missing}\`.`;
    return { sentence, extensions: { missingPermissions: [missing] } };
  }
}

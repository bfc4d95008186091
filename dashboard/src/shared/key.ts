/** The API key of this tab: in the tab's own storage, and nowhere else. */
const NAME = 'vault-api-key';
// The merchant that a key names comes before its own id; the keys of partners name none.
const PATTERN = /^sk_(test|live)_(?:[0-9a-f]{24}_)?([0-9a-f]{24})_[A-Za-z0-9_-]{43}$/;

export function storedKey(): string | null {
  return sessionStorage.getItem(NAME);
}

/** Keeps a key for this tab; with null none. What was done with another key is forgotten with it. */
export function storeKey(next: string | null): void {
  if (next === storedKey()) return;
  sessionStorage.clear();
  if (next !== null) sessionStorage.setItem(NAME, next);
}

/**
 * Takes the key out of the address that the server's start prints, `#key=sk_…`, and strips it, so that neither a
 * bookmark nor somebody who looks on has it. What is no key is stripped and forgotten.
 *
 * @returns whether the address had a key.
 */
export function takeKeyFromAddress(): boolean {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return false;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (!PATTERN.test(key)) return false;
  storeKey(key);
  return true;
}

/** Begins the page anew when the tab's key has become another: by an address with one, or while the page lay aside. */
export function beginAnewWithAnotherKey(shown: () => string | null): void {
  const look = () => {
    if (storedKey() !== shown()) location.reload();
  };
  addEventListener('hashchange', () => {
    takeKeyFromAddress();
    look();
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) look();
  });
}

/** What may be shown of a key, as the API's `preview`: the beginning of its own id, and not what opens. */
export function previewOf(key: string): string {
  const [, mode, id] = PATTERN.exec(key) ?? [];
  return id ? `sk_${mode}_${id.slice(0, 4)}…` : `${key.slice(0, 12)}…`;
}

import { useSyncExternalStore } from 'react';

const NAME = 'vault-api-key';
const listeners = new Set<() => void>();
let key = sessionStorage.getItem(NAME);

/** The API key of this tab: in memory and in the tab's session storage, nowhere else. */
export function currentKey(): string | null {
  return key;
}

/** Signs in with a key, or out with null. */
export function signIn(next: string | null): void {
  key = next;
  if (next === null) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, next);
  for (const listener of listeners) listener();
}

export function useKey(): string | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentKey);
}

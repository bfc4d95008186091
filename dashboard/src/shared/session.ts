import { useSyncExternalStore } from 'react';
import { beginAnewWithAnotherKey, storedKey, storeKey, takeKeyFromAddress } from './key';

const listeners = new Set<() => void>();
takeKeyFromAddress();
let key = storedKey();
beginAnewWithAnotherKey(currentKey);

/** The API key of this tab: in memory and in the tab's session storage, nowhere else. */
export function currentKey(): string | null {
  return key;
}

/** Signs in with a key, or out with null. */
export function signIn(next: string | null): void {
  key = next;
  storeKey(next);
  for (const listener of listeners) listener();
}

export function useKey(): string | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentKey);
}

import type { SearchableProfile } from '../../src/shared/search-words.js';

export function aProfile(some: Partial<SearchableProfile> = {}): SearchableProfile {
  return { name: null, email: null, phone: null, reference: null, ...some };
}

import { containsCardNumber } from './card-number.js';
import {
  accept,
  type Checked,
  checkText,
  type Fault,
  refuse,
  type TextRules,
  textForComparison,
} from './text.js';

/** Has no prototype, so that a key such as `__proto__` is a key like any other. */
export type Metadata = Record<string, string>;

export const MAX_METADATA_KEYS = 50;
const KEY: TextRules = { maxLength: 40, lines: 'many' };
const VALUE: TextRules = { maxLength: 500, lines: 'many' };

/** A body has at most 10,000 values, each with a name perhaps; of what came in another way no more is looked at. */
const MOST_EXAMINED = 20_000;
/** UTF-16 units: good metadata has 27,000 characters at most. */
const MOST_UNITS = 54_000;

interface KeyAndValue {
  readonly key: string;
  readonly value: string;
}

export interface MetadataOptions {
  /** True in an update, where an empty value removes its key: it is kept as `''`. False drops the key. */
  readonly allowEmptyValues: boolean;
}

/**
 * A flat object of strings, each key and value as `checkText` gives it. Two keys that are the same after that are
 * INVALID: one of the values would be lost without a word. A card number anywhere in it wins over every other fault.
 * The message names the key, unless that is what is wrong.
 */
export function checkMetadata(raw: unknown, options: MetadataOptions): Checked<Metadata> {
  if (hidesCardNumber(raw)) return refuseCardNumber(raw);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return refuse('INVALID', 'A flat object of strings is expected.');
  }
  const entries: [string, unknown][] = Object.entries(raw);
  if (entries.length > MAX_METADATA_KEYS) {
    return refuse('TOO_LONG', `More than ${MAX_METADATA_KEYS} keys.`);
  }
  const checked = new Map<string, string>();
  for (const [index, [rawKey, rawValue]] of entries.entries()) {
    const key = checkKey(rawKey);
    if (!key.ok) return named(`Key ${index + 1}`, key.problem);
    if (checked.has(key.value)) return refuse('INVALID', `Key ${index + 1}: It stands twice.`);
    const value = checkValue(rawValue);
    if (!value.ok) return named(`"${key.value}"`, value.problem);
    checked.set(key.value, value.value);
  }
  const kept = options.allowEmptyValues ? [...checked] : [...checked].filter(([, value]) => value !== '');
  return accept(toMetadata(kept));
}

/**
 * The metadata after an update: merged key by key, where an empty value removes its key and a change of null
 * removes them all. Null when no key is left. It may have more keys than are allowed: see `hasTooManyKeys`.
 */
export function mergeMetadata(current: Metadata | null, change: Metadata | null): Metadata | null {
  if (change === null) return null;
  const merged = new Map(Object.entries(current ?? {}));
  for (const [key, value] of Object.entries(change)) {
    if (value === '') merged.delete(key);
    else merged.set(key, value);
  }
  return merged.size === 0 ? null : toMetadata([...merged]);
}

/** A pair as it would be stored; null for one that could not be. */
export function comparablePair(pair: KeyAndValue): KeyAndValue | null {
  const key = textForComparison(pair.key, KEY);
  const value = textForComparison(pair.value, VALUE);
  return key === null || value === null ? null : { key, value };
}

/** Asked after merging, since two objects that are each small enough may not be together. */
export function hasTooManyKeys(metadata: Metadata | null): boolean {
  return metadata !== null && Object.keys(metadata).length > MAX_METADATA_KEYS;
}

function checkKey(raw: string): Checked<string> {
  const key = checkText(raw, KEY);
  return key.ok && key.value === '' ? refuse('INVALID', 'A key must not be blank.') : key;
}

function checkValue(raw: unknown): Checked<string> {
  return typeof raw === 'string' ? checkText(raw, VALUE) : refuse('INVALID', 'The value must be a string.');
}

/** The same fault with whose it is before its message. */
function named(whose: string, { code, message = '' }: Fault): Checked<never> {
  return refuse(code, `${whose}: ${message}`);
}

/** Names the key above the card number, if that is a good one itself. */
function refuseCardNumber(raw: unknown): Checked<never> {
  const entries = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.entries(raw) : [];
  const [key = ''] = entries.find((entry) => hidesCardNumber(entry)) ?? [];
  const checked = checkKey(key);
  return checked.ok
    ? refuse(
        'CARD_NUMBER_REFUSED',
        `"${checked.value}": The value looks like a card number. The vault stores tokens only.`,
      )
    : refuse('CARD_NUMBER_REFUSED');
}

/** Whether a card number stands anywhere in it, however deep, as a key, a text or a number. */
function hidesCardNumber(raw: unknown): boolean {
  const found = [raw];
  let units = 0;
  // Grows while it is walked.
  for (const part of found) {
    if (typeof part === 'string' || typeof part === 'number') {
      const text = String(part);
      units += text.length;
      if (units > MOST_UNITS) return false;
      if (containsCardNumber(text)) return true;
    }
    if (typeof part !== 'object' || part === null || found.length >= MOST_EXAMINED) continue;
    const below = Array.isArray(part) ? part : Object.entries(part).flat();
    found.push(...below.slice(0, MOST_EXAMINED - found.length));
  }
  return false;
}

function toMetadata(entries: readonly (readonly [string, string])[]): Metadata {
  const metadata: Metadata = Object.create(null);
  for (const [key, value] of entries) metadata[key] = value;
  return metadata;
}

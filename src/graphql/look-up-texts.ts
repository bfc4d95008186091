import {
  type GraphQLArgument,
  type GraphQLInputType,
  GraphQLString,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { badUserInput } from '../graphql-kit/errors.js';
import { parseMonth } from '../shared/expiry.js';
import { isLastFour } from '../shared/last-four.js';
import { phoneForComparison } from '../shared/phone.js';
import { faultOfLookUp } from '../shared/text.js';

/** Throws what is wrong with the strings in a value; the path says where it stands. */
type Check = (value: unknown, path: string) => void;

/** A cursor is authenticated: whatever is none of ours is refused as that. */
const CURSORS: ReadonlySet<string> = new Set(['after', 'before']);

/** What has one form only: with another it could not match anything, and would read as "there is none". */
const FORMS: ReadonlyMap<string, { readonly is: (text: string) => boolean; readonly form: string }> = new Map(
  [
    ['lastFour', { is: isLastFour, form: 'four digits' }],
    ['expiresBefore', { is: (text) => parseMonth(text) !== null, form: 'a month as YYYY-MM' }],
  ],
);

/** A filter with more items than this matches nothing, whatever they are. */
const MOST_ITEMS = 100;

/**
 * Makes the check of a field's arguments for strings that are only looked up; null where it takes none. Ids and tokens
 * pass it by: one of the wrong form is like one that was never given out. Inputs of mutations have none, either: use
 * cases judge them, and give their faults as data.
 */
export function checkOfLookUps(args: readonly GraphQLArgument[]): Check | null {
  return checkOfFields(args.filter(({ name }) => !CURSORS.has(name)));
}

/** Null: the type holds no strings. */
function checkOf(type: GraphQLInputType, name: string): Check | null {
  if (isNonNullType(type)) return checkOf(type.ofType, name);
  if (isListType(type)) return checkOfItems(checkOf(type.ofType, name));
  if (isInputObjectType(type)) return checkOfFields(Object.values(type.getFields()));
  return type === GraphQLString ? checkOfText(name) : null;
}

function checkOfItems(check: Check | null): Check | null {
  if (!check) return null;
  return (list, path) => {
    const items = (list as readonly unknown[]).slice(0, MOST_ITEMS);
    for (const [index, item] of items.entries()) check(item, `${path}[${index}]`);
  };
}

function checkOfFields(fields: readonly { name: string; type: GraphQLInputType }[]): Check | null {
  const checks = fields.flatMap(({ name, type }): [string, Check][] => {
    const check = checkOf(type, name);
    return check ? [[name, check]] : [];
  });
  if (checks.length === 0) return null;
  return (object, path) => {
    for (const [name, check] of checks) {
      const value = (object as Readonly<Record<string, unknown>>)[name];
      if (value !== undefined && value !== null) check(value, path === '' ? name : `${path}.${name}`);
    }
  };
}

function checkOfText(name: string): Check {
  // People are searched for by their phone numbers, too.
  const kind = name === 'search' || name === 'phone' ? 'phone' : 'text';
  const fixed = FORMS.get(name);
  return (value, path) => {
    const text = value as string;
    const fault = faultOfLookUp(text, kind);
    // A pasted phone number is cleaned of the marks within it.
    const isPhone = kind === 'phone' && phoneForComparison(text) !== null;
    if (fault === 'INVALID' && !isPhone)
      throw badUserInput(`\`${path}\` has a character that is not allowed.`);
    if (fault === 'CARD_NUMBER_REFUSED')
      throw badUserInput(`\`${path}\` looks like a card number. The vault knows tokens only.`);
    if (fixed && !fixed.is(text)) throw badUserInput(`\`${path}\` must be ${fixed.form}.`);
  };
}

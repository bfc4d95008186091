import { InvalidArgumentError } from 'commander';
import { type Mode, type Scope, scopes } from '../access/scopes.js';
import { findMerchant, findPartner } from '../merchants/list-tenants.js';
import { checkText } from '../shared/text.js';
import { CommandError, type Session } from './session.js';

const MAX_NAME_LENGTH = 200;

/** A name, through the gate for every string that is stored. */
export function readName(text: string): string {
  const name = checkText(text, { maxLength: MAX_NAME_LENGTH });
  if (name.ok && name.value !== '') return name.value;
  throw new InvalidArgumentError(
    `A name of 1 to ${MAX_NAME_LENGTH} characters is expected, none of them invisible, and no card number.`,
  );
}

/** Scopes with commas between them. */
export function readScopes(text: string): Scope[] {
  const names = text.split(',').map((name) => name.trim().toUpperCase());
  const known: ReadonlySet<string> = new Set(scopes);
  if (!names.every((name) => known.has(name))) {
    throw new InvalidArgumentError(`Expected are, with commas between them: ${scopes.join(', ')}.`);
  }
  return [...new Set(names)] as Scope[];
}

/** An instant in the future. */
export function readExpiry(text: string): Date {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()) || instant <= new Date()) {
    throw new InvalidArgumentError('An instant in the future is expected, for example 2030-01-31T00:00:00Z.');
  }
  return instant;
}

/** The partner with this id. */
export async function requirePartner({ db }: Session, id: string): Promise<{ readonly id: string }> {
  const partner = await findPartner(db, id);
  if (!partner) throw new CommandError(`There is no partner ${id}.`);
  return partner;
}

/** The merchant with this id. */
export async function requireMerchant(
  { db }: Session,
  id: string,
): Promise<{ readonly id: string; readonly mode: Mode }> {
  const merchant = await findMerchant(db, id);
  if (!merchant) throw new CommandError(`There is no merchant ${id}.`);
  return merchant;
}

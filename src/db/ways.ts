import { isGrowing } from './sql.js';

/**
 * The ways on which statements go to PostgreSQL: `own` for look-ups of the server itself, to tell who asks above all;
 * `read` for those of merchants and `append` for what only adds rows, both pipelined; `scan` for counts and searches
 * and `write` for changes, each statement with a connection of its own.
 */
export const WAYS = ['own', 'read', 'scan', 'append', 'write'] as const;
export type Way = (typeof WAYS)[number];

/**
 * Statements that only add rows: they wait for nobody's lock but the short one of another addition with the same
 * unique value.
 */
const ADDITIONS: ReadonlySet<string> = new Set(['customers.insert']);

/**
 * Statements that do without Prisma, each with the part of its requests that would be left with it, by this process's
 * time. A page (0.94) and a link (no difference) go through Prisma as all others do.
 */
const WITHOUT_PRISMA: ReadonlySet<string> = new Set([
  'customers.find', // 0.80 on a busy machine, 0.66 on an idle one
  'payment-methods.resolve', // 0.69
  'customers.insert', // 0.76; 0.90 in a later run on a busy machine
]);

/** The way of a look-up. */
export function wayOfRead(text: string, isOwn: boolean): Way {
  if (isGrowing(text)) return 'scan';
  return isOwn ? 'own' : 'read';
}

/** The way of a change. */
export function wayOfWrite(text: string): Way {
  return ADDITIONS.has(nameIn(text)) ? 'append' : 'write';
}

export function isWithoutPrisma(text: string): boolean {
  return WITHOUT_PRISMA.has(nameIn(text));
}

/** A statement's name, which stands behind its first word. */
function nameIn(text: string): string {
  return /^\w+ \/\* ([\w.-]+) \*\//.exec(text)?.[1] ?? '';
}

/** A statement's text with its way in it: what Prisma sends reaches the pool as text and values alone. */
export function withWay(text: string, way: Way): string {
  return `${text} /* ${way} */`;
}

/** The way that is in a text; undefined where it is none of ours. */
export function wayIn(text: string): Way | undefined {
  return WAYS.find((way) => text.endsWith(` /* ${way} */`));
}

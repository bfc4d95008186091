import { readDatabaseUrl } from './database-url.js';

/** How `pg` connects to a database. */
interface Connecting {
  readonly connectionString: string;
  readonly options: string;
}

/** What every session needs, whatever the database or the login has been set to: values are read in these forms. */
const FORMS = [
  '-c client_encoding=UTF8',
  // Prisma sends instants without a zone, and packed rows bring them as text.
  '-c timezone=UTC',
  '-c datestyle=ISO',
  '-c intervalstyle=postgres',
  '-c bytea_output=hex',
  '-c standard_conforming_strings=on',
];

/**
 * How to connect to the database of a URL with settings of a session's own. They come after those of the URL's
 * `options`, which therefore cannot undo them.
 *
 * @param schema where tables are looked for and made; left out: the URL's `schema`, or the login's search path
 */
export function connectionTo(url: string, settings: readonly string[] = [], schema?: string): Connecting {
  const target = readDatabaseUrl(url);
  const name = schema ?? target.schema;
  const path = name === null ? [] : [`-c search_path=${escaped(`"${name.replaceAll('"', '""')}"`)}`];
  const options = [target.options, ...FORMS, ...path, ...settings].filter((option) => option !== '');
  return { connectionString: target.url, options: options.join(' ') };
}

/** As the start-up parameter `options` has it: a backslash before white space and before itself. */
function escaped(value: string): string {
  return value.replace(/[\\\s]/g, (sign) => `\\${sign}`);
}

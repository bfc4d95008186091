/** A database as a postgresql:// URL names it. */
export interface Target {
  /** The URL as `pg` reads it rightly: user and password percent-encoded, and only parameters that `pg` knows. */
  readonly url: string;
  /** The URL's `options`: settings of the session, before which the server's own go. */
  readonly options: string;
  /** The URL's `schema`, as Prisma has it; null: the first one of the login's search path. */
  readonly schema: string | null;
  /** Host, port and name of the database, for a person. */
  readonly place: string;
  /** Names of parameters that have no meaning here. */
  readonly unused: readonly string[];
}

/** What is wrong with a URL, in words that follow its variable's name. They repeat nothing of it. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

const FORM =
  'must be a URL such as postgresql://user:password@host:5432/database; percent-encode what is no letter or digit in a password';
const SCHEME = /^postgres(?:ql)?:\/\//;
const REST =
  /^(?<host>\[[0-9a-f:.%]+\]|[^\s:/?#[\]]*)(?::(?<port>[0-9]{1,5})?)?(?:\/(?<database>[^/?#]*))?(?:\?(?<query>(?:[a-z_]+=[^&#]*&?)*))?$/i;
const TLS = new Map([
  ['disable', 'disable'],
  // As `pg` has it today, without its warning that it may change: the certificate and its name are checked.
  ['require', 'verify-full'],
  ['verify-ca', 'verify-full'],
  ['verify-full', 'verify-full'],
  ['no-verify', 'no-verify'],
]);
const PASSED_ON = new Set(
  'host port user password sslcert sslkey sslrootcert sslnegotiation application_name keepalives'.split(' '),
);
const READ_HERE = new Set(['options', 'schema', 'sslmode', 'channel_binding']);

/**
 * Reads a postgresql:// URL. User and password may have any character, `@ / ? # :` and `%` too: they end at the last
 * `@`, so that one in a parameter must be percent-encoded.
 *
 * @throws DatabaseUrlError
 */
export function readDatabaseUrl(text: string): Target {
  const whole = text.trim();
  if (!SCHEME.test(whole)) throw new DatabaseUrlError('must be a postgresql:// URL');
  const body = whole.replace(SCHEME, '');
  const { login, host, port, database, query } = splitUp(body);
  const given = new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]));
  // Prisma puts it between quotation marks as it is.
  if (given.get('schema')?.includes('"')) throw new DatabaseUrlError('names a schema with a quotation mark');
  const [user, ...password] = login === null ? [] : login.split(':');
  const name = encodeURIComponent(decode(database));
  const at =
    login === null ? '' : `${encode(user ?? '')}${password.length ? `:${encode(password.join(':'))}` : ''}@`;
  const passed = passedOn(given);
  return {
    url: `postgresql://${at}${host}${port && `:${port}`}/${name}${passed && `?${passed}`}`,
    options: given.get('options') ?? '',
    schema: given.get('schema') || null,
    place: `${given.get('host') ?? decode(host)}${port && `:${port}`}/${decode(database)}`,
    unused: [...given.keys()].filter((key) => !PASSED_ON.has(key) && !READ_HERE.has(key)),
  };
}

interface Parts {
  readonly login: string | null;
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly query: string;
}

function splitUp(body: string): Parts {
  const end = body.lastIndexOf('@');
  const rest = body.slice(end + 1);
  const { host = '', port = '', database = '', query = '' } = REST.exec(rest)?.groups ?? {};
  if (rest.split(/[/?]/, 1).join('').includes(',')) {
    throw new DatabaseUrlError('names several hosts: give one, that of the primary or of a proxy before it');
  }
  if (!REST.test(rest) || Number(port) > 65_535) throw new DatabaseUrlError(FORM);
  return { login: end < 0 ? null : body.slice(0, end), host, port, database, query };
}

function passedOn(given: ReadonlyMap<string, string>): string {
  const passed = new URLSearchParams([...given].filter(([name]) => PASSED_ON.has(name)));
  const mode = given.get('sslmode');
  if (mode !== undefined) {
    const known = TLS.get(mode);
    if (!known) throw new DatabaseUrlError(`has an sslmode that is none of ${[...TLS.keys()].join(', ')}`);
    passed.set('sslmode', known);
  }
  if (/^(prefer|require)$/.test(given.get('channel_binding') ?? ''))
    passed.set('enableChannelBinding', 'true');
  // pg would take a plus for itself.
  return passed.toString().replaceAll('+', '%20');
}

/** What is percent-encoded rightly is decoded; everything else is meant as it stands. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

function encode(text: string): string {
  return encodeURIComponent(decode(text)).replace(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
}

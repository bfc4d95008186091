import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { connectionTo } from './session-settings.js';
import { withConnection } from './single-connection.js';

const LOGIN = 'vault_server';
const ROLE = 'vault_runtime';
const ITERATIONS = 4_096;

/**
 * Gives a server a login that is a member of `vault_runtime` and of nothing else, with a new random password that is
 * kept nowhere; a login that is there already gets the new password. Resolves to its URL on the same database.
 *
 * @param ownerUrl postgresql:// URL of a login that may make roles, after the migrations.
 */
export async function renewServerLogin(ownerUrl: string, name = LOGIN): Promise<string> {
  const password = randomBytes(32).toString('base64url');
  await withConnection(connectionTo(ownerUrl), async (client) => {
    const login = client.escapeIdentifier(name);
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
    if (rowCount === 0) {
      await client.query(
        `create role ${login} nosuperuser nocreatedb nocreaterole noreplication nobypassrls nologin`,
      );
    }
    await client.query(`grant ${ROLE} to ${login}`);
    // Last: a start that was interrupted before leaves no login that would be less than it should be.
    await client.query(`alter role ${login} login password '${verifierOf(password)}'`);
  });
  const url = new URL(ownerUrl);
  url.username = name;
  url.password = password;
  return url.href;
}

/**
 * What PostgreSQL keeps of a password, so that the password itself stands in no statement, and in no log of one.
 * RFC 5803; https://www.postgresql.org/docs/current/catalog-pg-authid.html
 */
function verifierOf(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const server = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}

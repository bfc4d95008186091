import pg from 'pg';
import {
  DatabaseError,
  type DatabaseFailure,
  isReported,
  ReferenceViolation,
  toDatabaseError,
  UniqueViolation,
} from '../../src/db/errors.js';

/** An error of `pg`. */
function pgError(code: string | undefined, message = 'canary', more: object = {}): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code }, more);
}

/** An error of Prisma that carries PostgreSQL's own. */
function prismaError(code: string, originalCode: string, more: object = {}): Error {
  return pgError(code, 'canary', { meta: { driverAdapterError: { cause: { originalCode, ...more } } } });
}

/** An error of Prisma below a raw statement that PostgreSQL had no part in. */
function rawError(kind: string): Error {
  return pgError('P2010', 'canary', { meta: { driverAdapterError: { cause: { kind } } } });
}

test.each<[string, Error, DatabaseFailure]>([
  [
    'the server went away in a query',
    pgError(undefined, 'Connection terminated unexpectedly'),
    'unavailable',
  ],
  ['the server ended the connection', prismaError('P2039', '57P01'), 'unavailable'],
  ['the server crashed', pgError('57P02'), 'unavailable'],
  ['the server is starting', pgError('57P03'), 'unavailable'],
  ['nobody listens', pgError('ECONNREFUSED'), 'unavailable'],
  ['Prisma cannot connect', pgError('P1001'), 'unavailable'],
  ['the connection failed', pgError('08006'), 'unavailable'],
  ['nobody listens, below a raw statement', rawError('DatabaseNotReachable'), 'unavailable'],
  ['the connection was reset, below a raw statement', rawError('ConnectionClosed'), 'unavailable'],
  ['a connection outside the pool is not made in time', pgError(undefined, 'timeout expired'), 'unavailable'],
  ['the pool is exhausted', pgError(undefined, 'timeout exceeded when trying to connect'), 'overloaded'],
  ['no transaction can begin', pgError('P2028'), 'overloaded'],
  ['there are too many connections', prismaError('P2010', '53300'), 'overloaded'],
  ['a statement took too long', prismaError('P2010', '57014'), 'timeout'],
  ['a lock took too long', prismaError('P2039', '55P03'), 'timeout'],
  ['no answer came', pgError(undefined, 'Query read timeout'), 'timeout'],
  ['there was a deadlock', prismaError('P2010', '40P01'), 'conflict'],
  ['a transaction could not be ordered', prismaError('P2010', '40001'), 'conflict'],
  ['Prisma says that there was a conflict', pgError('P2034'), 'conflict'],
  ['no connection was made in time', pgError(undefined, 'timeout expired'), 'unavailable'],
  ['the server has become a standby', pgError('25006'), 'unavailable'],
  ['the name of the server cannot be found out for now', pgError('EAI_AGAIN'), 'unavailable'],
  ['the disk is full', prismaError('P2010', '53100'), 'storage-full'],
])('says when %s', (_, thrown, failure) => {
  const error = toDatabaseError(thrown);

  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({ failure, message: `The database failed: ${failure}.`, cause: thrown });
});

test.each<[string, Error]>([
  ['pg', pgError('23505', 'canary', { constraint: 'customers_pkey' })],
  ['Prisma', prismaError('P2002', '23505', { constraint: { index: 'customers_pkey' } })],
  [
    'a raw statement through Prisma',
    prismaError('P2010', '23505', { constraint: { index: 'customers_pkey' } }),
  ],
  ['a shard', pgError('23505', 'duplicate key value violates unique constraint "customers_pkey_102455"')],
  [
    'a shard through Prisma',
    prismaError('P2010', '23505', {
      originalMessage: 'duplicate key value violates unique constraint "customers_pkey_102455"',
    }),
  ],
])('names the unique constraint in an error of %s', (_, thrown) => {
  const error = toDatabaseError(thrown);

  expect(error).toBeInstanceOf(UniqueViolation);
  expect(error).toMatchObject({ constraint: 'customers_pkey' });
});

test.each<[string, Error]>([
  ['pg', pgError('23503', 'canary', { constraint: 'addresses_customer_fkey' })],
  ['pg, where it may not be deleted', pgError('23001', 'canary', { constraint: 'addresses_customer_fkey' })],
  ['Prisma', prismaError('P2003', '23503', { constraint: { index: 'addresses_customer_fkey' } })],
  [
    'a shard',
    pgError(
      '23503',
      'insert or update on table "addresses_102452" violates foreign key constraint "addresses_customer_fkey_102452"',
    ),
  ],
])('names the foreign key in an error of %s', (_, thrown) => {
  const error = toDatabaseError(thrown);

  expect(error).toBeInstanceOf(ReferenceViolation);
  expect(error).toMatchObject({ constraint: 'addresses_customer_fkey' });
});

/** What pg makes of an error that PostgreSQL reports in a language of its own. */
function reported(code: string, severity: string): Error {
  return Object.assign(new pg.DatabaseError('canary', 6, 'error'), { code, severity });
}

test.each([
  [true, 'a unique constraint', reported('23505', 'FEHLER')],
  [true, 'a time limit', reported('57014', 'ERREUR')],
  [false, 'the end of the connection', reported('57P01', 'SCHWERWIEGEND')],
  [false, 'an idle transaction', reported('25P03', 'FATAL')],
  [false, 'a connection exception', reported('08P01', 'ERROR')],
  [false, 'a time limit of our own', new Error('Query read timeout')],
  [false, 'a broken connection', pgError('ECONNRESET')],
])('says %s when asked whether the connection is in order after %s', (expected, _, error) => {
  expect(isReported(error)).toBe(expected);
});

test.each([
  new Error('Something else'),
  new TypeError('x is not a function'),
  pgError('42P01'),
  'text',
  null,
  undefined,
])('gives back what it does not know (%s)', (thrown) => {
  expect(toDatabaseError(thrown)).toBe(thrown);
});

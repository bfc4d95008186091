// The kinds of bad requests, each the worst of its kind that gets past the limit before it.
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const repeat = (count, text) => Array.from({ length: count }, (_, at) => text(at)).join(' ');
const doubled = (below) =>
  `{ customer(id: "0") { ...F0 } } ${repeat(30, (at) => `fragment F${at} on Customer { ${below.replaceAll('F', `F${at + 1}`)} }`)} fragment F30 on Customer { id }`;
const create = 'mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { userErrors { code } } }';
const list = 'query ($f: CustomerFilter) { customers(filter: $f) { totalCount } }';
const byReference = 'query ($r: String!) { customerByReference(reference: $r) { id } }';
const MANY = 1_000;
const many = (request) => Array.from({ length: MANY }, (_, at) => request(at));
const wrongKey = () => `sk_test_${randomBytes(12).toString('hex')}_${randomBytes(32).toString('base64url')}`;
/** As many digits as are examined; they hold no card number. */
const digits = '4'.repeat(100);
const address = Object.fromEntries(
  ['label', 'line1', 'line2', 'city', 'state', 'postalCode', 'country'].map((name) => [name, digits]),
);

/** An operation as the body of a request. */
export const json = (query, variables) => ({ body: JSON.stringify({ query, variables }) });

/** By their names in the table; of a list of requests one after the other is sent. What is `slow` is the beginning of a request, and nothing comes after it. */
export const attacks = {
  'doubled fragments': json(doubled('...F ...F')),
  'doubled fragments in fields': json(
    doubled('addresses { customer { ...F } } addresses { customer { ...F } }'),
  ),
  'fragments in a circle': json(
    `{ ...A0 } ${repeat(50, (at) => `fragment A${at} on Query { ...A${(at + 1) % 50} }`)}`,
  ),
  'one field 900 times': json(`{ customer(id: "0") { ${'id '.repeat(900)} } }`),
  '300 unknown fields': json(`{ customer(id: "0") { ${repeat(300, (at) => `x${at}`)} } }`),
  'too large a cost': json(
    '{ customers(first: 100) { nodes { paymentMethods(first: 100) { nodes { id } } } } }',
  ),
  'the dearest query allowed': json(
    '{ customers(first: 100) { nodes { paymentMethods(first: 49) { nodes { id } } } } }',
  ),
  'too many tokens': json(`{ a(b: [${'1 '.repeat(100_000)}]) }`),
  'malformed JSON': { body: `{"query":"${'a'.repeat(262_000)}` },
  'JSON of escaped quotes': { body: `{"query":"${'\\"'.repeat(131_000)}"}` },
  '100,000 lists deep': {
    body: `{"query":"{__typename}","variables":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  },
  '25,000 members': json(
    '{ __typename }',
    Object.fromEntries(Array.from({ length: 25_000 }, (_, at) => [at, 0])),
  ),
  'a compressed bomb': { body: gzipSync(Buffer.alloc(50_000_000)), headers: { 'content-encoding': 'gzip' } },
  'a body of 10 MB': { body: 'a'.repeat(10_000_000) },
  'a name of 120,000 marks': json(create, { i: { name: '\u0301'.repeat(120_000) } }),
  'a name of 250,000 digits': json(create, { i: { name: '4'.repeat(250_000) } }),
  '50 addresses of digits': json(create, { i: { name: 'A', addresses: Array(50).fill(address) } }),
  'metadata of 54,000 digits': json(create, {
    i: { name: 'A', metadata: { a: Array(54).fill(digits.repeat(10)) } },
  }),
  'metadata of 85,000 lists': json(create, { i: { name: 'A', metadata: Array(85_000).fill([]) } }),
  'a filter of 9,000 pairs': json(list, { f: { metadata: Array(9_000).fill({ key: 'a', value: '4' }) } }),
  'a filter of 3,000 pairs of digits': json(list, {
    f: { metadata: Array(3_000).fill({ key: 'a', value: digits.slice(0, 50) }) },
  }),
  'a search for 10,000 digits': json(list, { f: { search: '4'.repeat(10_000) } }),
  'a search for 250,000 letters': json(list, { f: { search: 'ä'.repeat(120_000) } }),
  'a reference of 120,000 marks': json(byReference, { r: '\u0301'.repeat(120_000) }),
  'a cursor of 250,000 letters': json('query ($c: String) { customers(after: $c) { totalCount } }', {
    c: 'a'.repeat(250_000),
  }),
  'a large document never seen before': many((at) =>
    json(`query Q${at} { customers(first: 1) { nodes { ${'id name email phone version '.repeat(50)} } } }`),
  ),
  'a wrong key never seen before': many(() => ({
    ...json('{ customers { totalCount } }'),
    headers: { authorization: `Bearer ${wrongKey()}` },
  })),
  'slow headers': { slow: 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n' },
  'a body that never ends': {
    slow: 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n ',
  },
};

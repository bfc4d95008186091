import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { buildSchema, parse, print, validate } from 'graphql';

const guide = readFileSync('docs/clients.md', 'utf8');
const files = readdirSync('examples/clients', { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name);

test.each(['relayCustomersQuery', 'relayCustomersCreateMutation'])(
  'Relay: what its compiler made of %s is of the text as it is now',
  (name) => {
    const source = readFileSync('examples/clients/relay-customers.ts', 'utf8');
    const made = readFileSync(`examples/clients/__generated__/${name}.graphql.ts`, 'utf8');
    const text = source.match(RegExp(`graphql\`(\\s*(?:query|mutation) ${name}[^\`]*)\``))?.[1] ?? '';

    // As its plugins for bundlers find out.
    const hash = createHash('md5')
      .update(print(parse(text)))
      .digest('hex');

    expect(made).toContain(`(node as any).hash = "${hash}"`);
  },
);

/** The documents in a file, whatever its language: from their first word to the brace that closes the first. */
function documentsIn(text: string): string[] {
  return [...text.matchAll(/\b(query|mutation) \w+\(/g)].map(({ index }) => {
    let depth = 0;
    for (let at = text.indexOf(') {', index); at < text.length; at += 1) {
      if (text[at] === '{') depth += 1;
      if (text[at] === '}') depth -= 1;
      if (text[at] === '}' && depth === 0) return text.slice(index, at + 1);
    }
    throw new Error(`A document does not end: ${text.slice(index)}`);
  });
}

test('every document in an example is one of the schema, and each mutation is under a key', () => {
  const relay = 'directive @connection(key: String!) on FIELD';
  const schema = buildSchema(`${readFileSync('docs/schema.graphql', 'utf8')}\n${relay}`);
  const counts: Record<string, number> = {};

  for (const file of files) {
    const text = readFileSync(`examples/clients/${file}`, 'utf8');
    const documents = documentsIn(text);
    counts[file] = documents.length;
    for (const document of documents) {
      expect(validate(schema, parse(document))).toEqual([]);
      if (document.startsWith('mutation') && !document.includes('@idempotent'))
        expect(text.toLowerCase()).toContain('idempotency-key');
    }
  }

  expect(counts).toMatchObject({
    'apollo-client.mjs': 1,
    'documents.ts': 2,
    'fetch.mjs': 1,
    'gql-tada.ts': 2,
    'relay-customers.ts': 2,
    'urql.mjs': 1,
    'vault.go': 2,
    'vault.php': 2,
    'vault.py': 2,
  });
});

test('the guide shows each example as it is', () => {
  expect(files.length).toBe(16);
  for (const file of files) {
    expect(guide).toContain(`\n${readFileSync(`examples/clients/${file}`, 'utf8')}\`\`\``);
    expect(guide).toContain(`${basename(file)}`);
  }
});

import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema, introspectionFromSchema } from 'graphql';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const introspection = introspectionFromSchema(schema, { descriptions: false });
writeFileSync('introspection.d.ts', `export type introspection = ${JSON.stringify(introspection)};\n`);

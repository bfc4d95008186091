// Writes the composed schema to docs/schema.graphql, for clients and for the contract check.
import { writeFileSync } from 'node:fs';
import { CONTRACT, printContract } from './contract.mjs';

writeFileSync(CONTRACT, printContract());
console.log(`Wrote ${CONTRACT}.`);

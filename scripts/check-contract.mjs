// The contract is frozen: a change that breaks clients fails, any other must be written to docs/schema.graphql.
import { readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { CONTRACT, printContract } from './contract.mjs';

const committed = readFileSync(CONTRACT, 'utf8');
const current = printContract();
if (committed !== current) {
  const changes = await diff(buildSchema(committed), buildSchema(current));
  for (const { criticality, message } of changes) console.error(`${criticality.level}: ${message}`);
  const breaks = changes.some(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  console.error(
    breaks
      ? 'This breaks clients. Add beside what is there instead of changing it.'
      : `The schema has grown: run \`npm run schema:print\` and commit ${CONTRACT}.`,
  );
  process.exitCode = 1;
}

// Who may import whom: docs/architecture.md gives the reasons.
const feature =
  '(customers|addresses|payment-methods|nodes|tokenization|access|api-keys|customer-sessions|merchants|encryption)';

/** A rule that is an error: no module of `from` may import one of `to`. */
const forbid = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }, 'Two files that need each other are one file.'),
    forbid(
      'generated-prisma-stays-below',
      { pathNot: '(\\.repository\\.ts$|^src/db/|^src/generated/)' },
      { path: '(^src/generated/prisma/|@prisma/)' },
      'No Prisma type leaves a repository: a new column must not reach a client by accident.',
    ),
    forbid(
      'graphql-stays-at-the-edge',
      {
        path: '^src/',
        pathNot: '(^src/graphql|^src/http/|^src/app\\.ts$|\\.resolvers\\.ts$|\\.plan\\.ts$|^src/generated/)',
      },
      {
        path: '(node_modules/graphql/|node_modules/@apollo/|node_modules/graphql-|^src/generated/graphql\\.ts|^src/graphql)',
      },
      'Use cases and repositories can be used without GraphQL.',
    ),
    forbid(
      'shared-is-the-floor',
      { path: '^src/shared/' },
      { path: '^src/(?!shared/)' },
      'shared/ imports nothing above it.',
    ),
    forbid(
      'sealing-knows-no-table',
      { path: '^src/sealing/' },
      { path: '^src/(?!sealing/|shared/)' },
      'Keys and blobs know neither tables nor features.',
    ),
    forbid(
      'db-knows-no-feature',
      { path: '^src/db/' },
      { path: `^src/(${feature}|graphql|http)/` },
      'The database layer serves every feature alike.',
    ),
    forbid(
      'repositories-look-down',
      { path: '\\.repository\\.ts$' },
      { path: '(^src/(graphql|graphql-kit|http|operation\\.ts)|\\.(resolvers|plan)\\.ts$)' },
      'A repository takes what it needs as arguments.',
    ),
    forbid(
      'resolvers-call-use-cases',
      { path: '\\.resolvers\\.ts$' },
      { path: '(^src/(db|sealing)/|\\.repository\\.ts$)' },
      'A resolver unpacks, calls, folds.',
    ),
    forbid(
      'domain-files-are-pure',
      {
        path: '^src/(customers/customer|addresses/address|payment-methods/(payment-method|payment-method-filter|payment-token-resolution))\\.ts$',
      },
      { path: '^src/(db|graphql|graphql-kit|http|access|operation)|\\.repository\\.ts$' },
      'Rules can be read and tested without a database.',
    ),
    forbid(
      'customers-come-first',
      { path: '^src/customers/', pathNot: '(create|upsert)-customer\\.ts$' },
      { path: '^src/(addresses|payment-methods|nodes)/' },
      'Addresses and payment methods hang on customers; only creating a customer knows addresses.',
    ),
    forbid(
      'creating-knows-addresses-only',
      { path: '^src/customers/(create|upsert)-customer\\.ts$' },
      { path: '^src/(payment-methods|nodes)/|^src/addresses/(?!address\\.ts|address\\.repository\\.ts)' },
      'A new customer brings addresses along and nothing else.',
    ),
    forbid(
      'only-app-composes',
      { path: '^src/', pathNot: '^src/((app|main)\\.ts$|cli/)' },
      { path: '^src/(app|main|config/config)\\.ts$' },
      'One file picks the adapters; configuration is handed down.',
    ),
    forbid(
      'app-uses-no-repository',
      { path: '^src/app\\.ts$' },
      { path: '\\.repository\\.ts$' },
      'The composition root joins features; it does not read rows.',
    ),
    forbid('no-orphans', { orphan: true, pathNot: '\\.d\\.ts$' }, {}, 'A file that nobody imports.'),
    forbid(
      'no-dev-dependencies',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev'] },
      'Missing in production.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/generated/prisma/(?!client)' },
    parser: 'swc',
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
};

// Who may import whom: docs/architecture.md gives the reasons.

/** From the ground up: a file imports from its own line and from the lines above it here, never from one below. */
const layers = [
  'shared/',
  'sealing/',
  '(db|embedded-postgres)/',
  'config/',
  'access/',
  'providers/provider\\.ts',
  'operation\\.ts',
  '(graphql-kit|read-plan)/',
  '((nodes|idempotency|customer-queue)/|feature\\.ts)',
  'customers/',
  'addresses/',
  '(payment-methods|providers/sandbox)/',
  'api-keys/',
  'merchants/',
  '(customer-sessions|encryption)/',
  'features\\.ts',
  'graphql/',
  'http/',
  '(app\\.ts|cli/|log\\.ts)',
  'main\\.ts',
];

/** A new customer brings addresses along: the one import that climbs. */
const CREATING = '^src/customers/(create|upsert)-customer\\.ts$';

/** A rule that is an error: no module of `from` may import one of `to`. */
const forbid = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });

const noneClimbs = layers.slice(0, -1).map((layer, place) =>
  forbid(
    `none-climbs-from-${layer
      .replaceAll(/[^a-z-]+/g, ' ')
      .trim()
      .replaceAll(' ', '-')}`,
    { path: `^src/${layer}`, pathNot: CREATING },
    { path: `^src/(${layers.slice(place + 1).join('|')})` },
    'What is below can be read, tested and changed without what is above.',
  ),
);

module.exports = {
  forbidden: [
    ...noneClimbs,
    forbid(
      'creating-knows-addresses-only',
      { path: CREATING },
      {
        path: '^src/(?!addresses/address(\\.repository)?\\.ts|(customers|read-plan|db|sealing|shared|access)/|operation)',
      },
      'A new customer brings addresses along and nothing else.',
    ),
    forbid('no-cycles', {}, { circular: true }, 'Two files that need each other are one file.'),
    forbid(
      'every-file-has-a-layer',
      { path: '^src/', pathNot: `^src/(generated/|${layers.join('|')})` },
      {},
      'A new folder gets its line in the list of layers.',
    ),
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
        pathNot:
          '(^src/(graphql|graphql-kit|read-plan|http|generated)/|^src/(app|feature)\\.ts$|\\.(resolvers|read-plan)\\.ts$)',
      },
      { path: '(node_modules/(graphql|@apollo)|^src/(generated/graphql\\.ts|graphql/|graphql-kit/))' },
      'Use cases and repositories can be used without GraphQL.',
    ),
    forbid(
      'repositories-look-down',
      { path: '\\.repository\\.ts$' },
      { path: '(^src/(graphql-kit/|operation\\.ts)|\\.(resolvers|feature)\\.ts$)' },
      'A repository takes what it needs as arguments.',
    ),
    forbid(
      'resolvers-call-use-cases',
      { path: '\\.resolvers\\.ts$' },
      { path: '(^src/(db|sealing)/(?!sealed-value)|\\.repository\\.ts$)' },
      'A resolver unpacks, calls, folds.',
    ),
    forbid(
      'domain-files-are-pure',
      {
        path: '^src/(customers/customer|addresses/address|payment-methods/(payment-method|payment-method-filter|payment-token-resolution))\\.ts$',
      },
      { path: '^src/(db/|graphql-kit/|access/|operation)|\\.repository\\.ts$' },
      'Rules can be read and tested without a database.',
    ),
    forbid(
      'features-are-named-once',
      { path: '^src/', pathNot: '^src/features\\.ts$' },
      { path: '\\.feature\\.ts$' },
      'Only the list knows the features one by one.',
    ),
    forbid(
      'only-app-composes',
      { path: '^src/', pathNot: '^src/((app|main)\\.ts$|cli/)' },
      { path: '^src/config/config\\.ts$' },
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

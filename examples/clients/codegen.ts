import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'documents.ts',
  generates: {
    './generated/': {
      preset: 'client',
      config: {
        // An instant travels as text (2023-07-13T05:28:11.139Z), metadata as a flat object of text.
        scalars: { DateTime: 'string', Metadata: 'Record<string, string>' },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
  },
};

export default config;

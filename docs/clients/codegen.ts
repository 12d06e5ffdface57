import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

const config: CodegenConfig = {
  schema: 'schema.graphql', // or a running server: http://localhost:4000/graphql
  documents: 'docs/clients/operations.graphql',
  generates: {
    'docs/clients/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      documentTransforms: [addTypenameSelectionDocumentTransform], // caches need it, and so the types have it
      config: {
        defaultScalarType: 'string', // every scalar of todoql travels as text
        scalars: { ID: 'string' },
        futureProofEnums: true, // a later version may answer with values that this one does not know
        useTypeImports: true,
        importExtension: '.ts',
      },
    },
  },
};

export default config;

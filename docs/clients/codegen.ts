import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

const config: CodegenConfig = {
  schema: 'schema.graphql', // or a running server: http://localhost:4000/graphql
  documents: 'docs/clients/operations.graphql',
  generates: {
    'docs/clients/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      documentTransforms: [addTypenameSelectionDocumentTransform], // adds __typename, which caches need
      config: {
        defaultScalarType: 'string', // all scalars of todoql are strings in JSON
        scalars: { ID: 'string' },
        futureProofEnums: true, // a later version may have more values
        useTypeImports: true,
        importExtension: '.ts',
      },
    },
  },
};

export default config;

import { join, relative } from 'node:path';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

// Works from any folder: the repository's root, or a project that this folder was copied to.
const here = relative(process.cwd(), import.meta.dirname) || '.';

const config: CodegenConfig = {
  schema: join(here, '../schema.graphql'),
  documents: join(here, 'src/**/*.graphql'),
  generates: {
    [join(here, 'src/generated/')]: {
      preset: 'client',
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        defaultScalarType: 'string',
        scalars: { ID: 'string' },
        futureProofEnums: true,
        useTypeImports: true,
        importExtension: '.ts',
      },
    },
  },
};

export default config;

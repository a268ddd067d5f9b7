/** Every suite runs as native ES modules; `npm run jest -- <path>` runs one. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    // As a module the index loads every service of AWS, of which a suite wants a few, by their own paths.
    '^aws-cdk-lib$': 'aws-cdk-lib/core',
    '^headrace$': '<rootDir>/lib/index.ts',
    '^headrace/(rest|snowflake|dbt)$': '<rootDir>/lib/integrations/$1/index.ts',
    '^headrace/(testing|client)$': '<rootDir>/lib/$1/index.ts',
  },
  runtime: '<rootDir>/test/support/jest-runtime.cjs',
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.headrace'],
  // The database server of a run: started by the first test that needs it, stopped here.
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Against hanging only: the same test takes ten times as long on a machine that others keep busy.
  testTimeout: 300_000,
};
